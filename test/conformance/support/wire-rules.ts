/** What must hold on the wire, whoever the peer is. */
import { check, checkEvery, remark } from './checks.ts'
import { COMMAND, type Conversation, type WirePdu } from './dissector.ts'

type Side = 'esme' | 'smsc'

/** Of every PDU that we wrote, on the sides that are ours; what the peer wrote is only remarked on. */
export function checkWellFormed({ pdus, malformed }: Conversation, ours: readonly Side[]): void {
  const isOurs = ({ fromSmsc }: { fromSmsc: boolean }) => ours.includes(fromSmsc ? 'smsc' : 'esme')
  const wrong = malformed.filter(isOurs).map(({ text }) => text)
  checkEvery('the dissector finds no PDU of ours malformed', pdus.filter(isOurs).length, wrong)
  const theirs = malformed.filter((packet) => !isOurs(packet))
  if (theirs.length > 0) remark(`malformed packets of the peer: ${theirs.length}, first ${theirs[0]!.text}`)
  const nacks = pdus.filter((pdu) => pdu.command === COMMAND.genericNack)
  check('nobody answers generic_nack', nacks.length === 0, `${nacks.length}`)
}

/** Whatever the peer asked of us and we of it. */
export function checkAnswered({ pdus }: Conversation, name: string, request: number): void {
  const keyOf = (pdu: WirePdu, fromSmsc: boolean) => `${pdu.stream} ${fromSmsc} ${pdu.sequence}`
  const response = (request | 0x8000_0000) >>> 0
  const answers = new Set(
    pdus.filter((pdu) => pdu.command === response).map((pdu) => keyOf(pdu, !pdu.fromSmsc)),
  )
  const asked = pdus.filter((pdu) => pdu.command === request)
  const wrong = asked.map((pdu) => keyOf(pdu, pdu.fromSmsc)).filter((key) => !answers.has(key))
  checkEvery(`every ${name} is answered`, asked.length, wrong)
}

/**
 * What our worker owes every SMSC: the bind's version, DLT ids on each segment, parts in order on one connection, a
 * window kept to, an unbind at the end.
 */
export function checkSubmits({ pdus }: Conversation, windowMax: number): void {
  const binds = pdus.filter((pdu) => pdu.command === COMMAND.bindTransceiver)
  checkEvery(
    'bind_transceiver says interface_version 0x34',
    binds.length,
    binds.map((pdu) => pdu.octets('smpp.interface_version') ?? 'none').filter((version) => version !== '34'),
  )
  const submits = pdus.filter((pdu) => pdu.command === COMMAND.submitSm)
  checkEvery(
    'entity 0x1400 and template 0x1401 on every segment',
    submits.length,
    submits.filter((pdu) => !hasDltIds(pdu)).map(destination),
  )
  checkParts(submits)
  const unbinds = pdus.filter((pdu) => pdu.command === COMMAND.unbind && !pdu.fromSmsc)
  check(
    'every bind ends with unbind',
    unbinds.length === binds.length,
    `${unbinds.length} of ${binds.length}`,
  )
  const { widest } = windowOf(pdus)
  check(
    'the window is used and never exceeded',
    widest > 1 && widest <= windowMax,
    `${widest} of ${windowMax}`,
  )
}

function hasDltIds(pdu: WirePdu): boolean {
  const tags = pdu.all('smpp.opt_param_tag').map(Number)
  return tags.includes(0x1400) && tags.includes(0x1401)
}

function checkParts(submits: readonly WirePdu[]): void {
  const number = (pdu: WirePdu, field: string) => Number(pdu.all(`gsm_sms.udh.mm.${field}`)[0])
  const long = submits.filter((pdu) => pdu.all('gsm_sms.udh.mm.msg_part').length > 0)
  const messages = Map.groupBy(long, (pdu) => `${destination(pdu)} reference ${number(pdu, 'msg_id')}`)
  const wrong = [...messages].filter(([, parts]) => {
    const complete = parts.length === number(parts[0]!, 'msg_parts')
    const inOrder = parts.every((pdu, index) => number(pdu, 'msg_part') === index + 1)
    return !complete || !inOrder || new Set(parts.map(({ stream }) => stream)).size !== 1
  })
  const names = wrong.map(([name]) => name)
  checkEvery('UDH parts are complete, in order and on one connection', messages.size, names)
}

const destination = (pdu: WirePdu): string => pdu.all('smpp.destination_addr')[0] ?? '?'

/** The most submit_sm that waited for a response at once on one connection, and responses that overtook another. */
export function windowOf(pdus: readonly WirePdu[]): { widest: number; outOfOrder: number } {
  const pending = new Map<string, Set<number>>()
  const found = { widest: 0, outOfOrder: 0 }
  for (const { stream, command, sequence } of pdus) {
    const ofStream = pending.get(stream) ?? new Set()
    pending.set(stream, ofStream)
    if (command === COMMAND.submitSm) ofStream.add(sequence)
    if (command === COMMAND.submitSmResp) {
      if (ofStream.values().next().value !== sequence) found.outOfOrder++
      ofStream.delete(sequence)
    }
    found.widest = Math.max(found.widest, ofStream.size)
  }
  return found
}
