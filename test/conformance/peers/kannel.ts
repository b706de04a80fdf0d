/**
 * Kannel, the gateway most of the field grew up with, as an ESME bound to our simulator: it sends texts of every kind
 * through its HTTP interface, with DLT ids as TLVs, and gets receipts and a message of a subscriber back.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { segment } from '../../../shared/sms/segment.ts'
import { textOfMessage } from '../../../simulator/reassembly.ts'
import { startSimulator } from '../../../simulator/server.ts'
import { until } from '../../support/until.ts'
import { Capture } from '../support/capture.ts'
import { check, checkEqual, remark } from '../support/checks.ts'
import { Child } from '../support/child.ts'
import { COMMAND, dissect } from '../support/dissector.ts'
import {
  ENTITY,
  HEADER,
  type Message,
  messages,
  planLines,
  segmentsOf,
  TEMPLATE,
} from '../support/messages.ts'
import { peerOptions } from '../support/options.ts'
import { checkAnswered, checkWellFormed } from '../support/wire-rules.ts'
import { startCallbacks } from './kannel-callbacks.ts'
import { ESME_ACCOUNT, KANNEL_USER, kannelConfig } from './kannel-config.ts'

const RECIPIENTS = 120
const PORTS = { admin: 13_000, smsbox: 13_001, sendsms: 13_013 }
/** Kannel's DLR mask: 1 delivered, 2 failed; and the words of our receipts they come of. */
const FINAL = 1 + 2
const MASK_OF: Record<string, string> = { DELIVRD: '1', UNDELIV: '2' }
/** Kannel writes the plus of an international number (TON 1) that SMPP leaves out. */
const MO = { from: '919876543210', to: '56161', text: 'STOP please' }

const { folder, cache } = peerOptions()
const sent = messages(RECIPIENTS)
const simulator = await startSimulator({
  accounts: [{ ...ESME_ACCOUNT }],
  outcomes: { DELIVRD: 70, UNDELIV: 30 },
  receiptDelayMs: { min: 50, max: 1_000 },
})
const callbacks = await startCallbacks()
const config = join(folder, 'kannel.conf')
writeFileSync(config, kannelConfig({ ...PORTS, smsc: simulator.port, callbacks: callbacks.port }))
const capture = await Capture.start(join(folder, 'kannel.pcapng'))
const bearerbox = await startBox('bearerbox', /entering mainloop/)
const smsbox = await startBox('smsbox', /Connected to bearerbox/)
await until(() => simulator.binds === 1)
check('Kannel binds as transceiver', simulator.binds === 1, `${simulator.binds} bind`)

const replies = await Promise.all(sent.map(sendsms))
await settled(
  () => simulator.truth().receipts.pending === 0 && simulator.truth().messages.complete === RECIPIENTS,
)
await settled(() => callbacks.received('/dlr').length >= simulator.truth().receipts.acked)
const acknowledged = await simulator.sendMo(MO)
await settled(() => callbacks.received('/mo').length > 0)

const truth = simulator.truth()
checkEqual('Kannel takes every message for delivery', new Set(replies).size === 1 && replies[0], '202')
checkEqual(
  'every segment is accepted once',
  [truth.submitted, truth.refused],
  [segmentsOf(planLines(sent)), {}],
)
const read = new Map(simulator.messages().map((message) => [message.to, textOfMessage(message)]))
const misread = sent.filter(({ to, text }) => read.get(to) !== text)
check('every text is read as it was written', misread.length === 0, misread[0] ?? `${sent.length} texts`)
checkEqual('every receipt is acknowledged at the first try', truth.receipts.sent, truth.receipts.acked)
const withIds = simulator.log.filter((record) => record.entityId === ENTITY && record.templateId === TEMPLATE)
checkEqual('the DLT ids of every segment are read', withIds.length, truth.submitted)
const reported = callbacks.received('/dlr').map((query) => `${query.get('id')} ${query.get('type')}`)
const owed = simulator.log.flatMap(({ stat, receiptId }) =>
  stat === null ? [] : [`${receiptId} ${MASK_OF[stat]}`],
)
checkEqual('Kannel reports as many receipts as were sent', reported.length, truth.receipts.acked)
check('each with the id and the state of its message', isSame(reported, owed), truth.byStat)
check('a message of a subscriber is acknowledged', acknowledged, acknowledged)
checkEqual(
  'and read',
  callbacks.received('/mo').map((query) => Object.fromEntries(query)),
  [{ ...MO, from: `+${MO.from}` }],
)
remark(/Kannel bearerbox II version \S+/.exec(bearerbox.output)?.[0] ?? 'Kannel of unknown version')
const log = bearerbox.output.split('\n')
await smsbox.stop()
await bearerbox.stop()
await capture.stop()
const complaints = log.filter((line) => /WARNING|ERROR|PANIC/.test(line))
check(
  "Kannel's SMPP side logs neither warning nor error",
  complaints.length === 0,
  complaints[0] ?? `${log.length} lines`,
)

const wire = dissect(capture.file, simulator.port)
checkWellFormed(wire, ['smsc'])
checkAnswered(wire, 'submit_sm', COMMAND.submitSm)
checkAnswered(wire, 'deliver_sm', COMMAND.deliverSm)
checkAnswered(wire, 'enquire_link', COMMAND.enquireLink)
checkAnswered(wire, 'unbind', COMMAND.unbind)
callbacks.close()
await simulator.close()

function startBox(program: 'bearerbox' | 'smsbox', ready: RegExp): Promise<Child> {
  return Child.start({ command: join(cache, 'kannel/usr/sbin', program), args: ['-v', '1', config], ready })
}

/** Answers the HTTP status: 202 when smsbox has taken the message for delivery. */
async function sendsms({ to, text }: Message): Promise<string> {
  const report = `http://127.0.0.1:${callbacks.port}/dlr?id=%F&type=%d`
  const query = new URLSearchParams({
    username: KANNEL_USER.name,
    password: KANNEL_USER.password,
    from: HEADER,
    to,
    text,
    charset: 'UTF-8',
    coding: isUnicode(text) ? '2' : '0',
    'dlr-mask': String(FINAL),
    'dlr-url': report,
    'meta-data': `?smpp?${new URLSearchParams({ dlt_entity: ENTITY, dlt_template: TEMPLATE })}`,
  })
  const response = await fetch(`http://127.0.0.1:${PORTS.sendsms}/cgi-bin/sendsms?${query}`)
  return String(response.status)
}

function isUnicode(text: string): boolean {
  const cut = segment(text, 8)
  return cut.ok && cut.dataCoding === 8
}

/** Waits; what did not come true in time, a check will say. */
async function settled(condition: () => boolean): Promise<void> {
  await until(condition, 30_000).catch(() => {})
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join()
}
