/**
 * The other end of `receipts.ts`, a process of its own: accepts every submit_sm at once, and sends receipts for what it
 * accepted at a rate the parent sets, over each bind no more than a window ahead of their acknowledgements.
 */
import { fork } from 'node:child_process'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { encodePdu } from '../shared/smpp/codec.ts'
import { PduFramer } from '../shared/smpp/framing.ts'
import { ANSWERED_AT_ONCE, nextMessage, SUBMIT_SM } from './peer.ts'

export interface Counts {
  /** When it was counted, by the peer's monotonic clock. */
  atMs: number
  submits: number
  /** Acknowledged with ESME_ROK. */
  receipts: number
  /** Acknowledged with anything else. */
  turnedAway: number
}

export interface ReceiptsPeer {
  port: number
  /** Receipts a second from now on. */
  setRate(perSecond: number): void
  /** Since the beginning. */
  counts(): Promise<Counts>
  stop(): void
}

export async function startPeer(): Promise<ReceiptsPeer> {
  const child = fork(new URL(import.meta.url))
  const port = await nextMessage<number>(child)
  return {
    port,
    setRate: (perSecond) => child.send(perSecond),
    counts: () => {
      child.send('counts')
      return nextMessage<Counts>(child)
    },
    stop: () => child.kill(),
  }
}

const DELIVER_SM_RESP = 0x8000_0005
/** Unacknowledged receipts on a bind. */
const WINDOW = 500
/** Receipts are for the messages accepted last, in turn: a worker at full speed soon forgets what it sent before. */
const RECENT = 20_000
const TICK_MS = 2

const ID_OCTETS = 16
const NUMBER_OCTETS = 12
const NO_ID = '0'.repeat(ID_OCTETS)
const NO_NUMBER = '9'.repeat(NUMBER_OCTETS)
const RESPONSE = encodePdu('submit_sm_resp', { message_id: NO_ID })
const RECEIPT = encodePdu('deliver_sm', {
  ...{ source_addr: NO_NUMBER, destination_addr: 'GCMDIA', esm_class: 4, data_coding: 0 },
  short_message: Buffer.from(
    `id:${NO_ID} sub:001 dlvrd:001 submit date:2606231030 done date:2606231031 stat:DELIVRD err:000`,
  ),
})

interface Accepted {
  id: string
  number: string
}

function serve(): void {
  const counts = { submits: 0, receipts: 0, turnedAway: 0 }
  const binds = new Map<Socket, { unacknowledged: number; sequence: number }>()
  const recent: Accepted[] = []
  let sent = 0
  let perSecond = 0
  let allowance = 0
  let lastTickMs = performance.now()

  const accept = (pdu: Buffer): Buffer => {
    const id = (0x18a2_b3c4_0000_0000n + BigInt(counts.submits)).toString(16).padStart(ID_OCTETS, '0')
    recent[counts.submits++ % RECENT] = { id, number: destinationOf(pdu) }
    return filled(RESPONSE, pdu.readUInt32BE(12), { id })
  }
  const answer = (socket: Socket, pdu: Buffer): Buffer | null => {
    const commandId = pdu.readUInt32BE(4)
    if (commandId === SUBMIT_SM) return accept(pdu)
    if (commandId === DELIVER_SM_RESP) {
      binds.get(socket)!.unacknowledged--
      counts[pdu.readUInt32BE(8) === 0 ? 'receipts' : 'turnedAway']++
      return null
    }
    const response = ANSWERED_AT_ONCE[commandId]
    return response ? filled(response, pdu.readUInt32BE(12), {}) : null
  }
  const sendReceipts = (): void => {
    const nowMs = performance.now()
    // What the rate would have allowed while the window was full is not caught up on.
    allowance = Math.min(allowance, 0) + ((nowMs - lastTickMs) * perSecond) / 1_000
    lastTickMs = nowMs
    const share = Math.ceil(allowance / binds.size)
    for (const [socket, bind] of binds) {
      const room = Math.min(share, WINDOW - bind.unacknowledged)
      const receipts: Buffer[] = []
      while (receipts.length < room && recent.length > 0) {
        receipts.push(filled(RECEIPT, ++bind.sequence, recent[sent++ % recent.length]!))
      }
      bind.unacknowledged += receipts.length
      allowance -= receipts.length
      if (receipts.length > 0) socket.write(Buffer.concat(receipts))
    }
  }

  const server = createServer({ noDelay: true }, (socket) => {
    const framer = new PduFramer()
    binds.set(socket, { unacknowledged: 0, sequence: 0 })
    socket.on('error', () => {})
    socket.on('close', () => binds.delete(socket))
    socket.on('data', (chunk) => {
      const answers = framer.push(chunk).flatMap((pdu) => answer(socket, pdu) ?? [])
      if (answers.length > 0) socket.write(Buffer.concat(answers))
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  setInterval(sendReceipts, TICK_MS)
  process.on('message', (message) => {
    if (message === 'counts') process.send?.({ ...counts, atMs: performance.now() } satisfies Counts)
    else perSecond = Number(message)
  })
  process.on('disconnect', () => process.exit())
}

/** A copy with its sequence_number, and id and number in their places. */
function filled(template: Buffer, sequence: number, { id, number }: Partial<Accepted>): Buffer {
  const pdu = Buffer.from(template)
  pdu.writeUInt32BE(sequence, 12)
  if (id) pdu.write(id, template.indexOf(NO_ID), 'latin1')
  if (number) pdu.write(number, template.indexOf(NO_NUMBER), 'latin1')
  return pdu
}

/** destination_addr, behind service_type and source_addr with their type and plan (SMPP 3.4 §4.4.1). */
function destinationOf(pdu: Buffer): string {
  const source = pdu.indexOf(0, 16) + 3
  const destination = pdu.indexOf(0, source) + 3
  return pdu.toString('latin1', destination, pdu.indexOf(0, destination))
}

if (import.meta.main) serve()
