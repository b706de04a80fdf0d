/**
 * Our worker against a server of the npm package larvitsmpp, an SMPP written independently in JavaScript. Its message
 * ids are UUIDs, the dates in its receipts are a month early (January is its month 0), and its receipts have source
 * and destination the wrong way round; none of it may matter.
 */
import { join } from 'node:path'
import { Capture } from '../support/capture.ts'
import { check, checkEqual, remark } from '../support/checks.ts'
import { Child } from '../support/child.ts'
import { COMMAND, dissect } from '../support/dissector.ts'
import { messages } from '../support/messages.ts'
import { peerOptions } from '../support/options.ts'
import { checkAllAccepted, checkStatuses } from '../support/run-checks.ts'
import { checkAnswered, checkSubmits, checkWellFormed } from '../support/wire-rules.ts'
import { runWorker, WINDOW_MAX } from '../support/worker-run.ts'

const PORT = 2775
const RECIPIENTS = 300
const DAY_MS = 86_400_000

const { folder, cache } = peerOptions()
const script = join(import.meta.dirname, 'larvitsmpp-server.ts')
const server = await Child.start({
  command: process.execPath,
  args: [script, join(cache, 'larvitsmpp'), String(PORT)],
  ready: /^listening$/m,
})
const capture = await Capture.start(join(folder, 'larvitsmpp.pcapng'))
const sent = messages(RECIPIENTS)
const run = await runWorker({
  port: PORT,
  account: { systemId: 'larvit', password: 'secret' },
  messages: sent,
  wanted: ['delivered', 'undelivered'],
})
await capture.stop()

checkAllAccepted(run)
checkStatuses(run, { delivered: RECIPIENTS - 30, undelivered: 30 })
checkEqual('every segment has its receipt', run.receipts.length, run.segments)
const early = run.receipts.filter(([, , , , , , doneAt, arrivedAt]) => {
  const days = doneAt === null ? Number.NaN : (arrivedAt - doneAt) / DAY_MS
  return !(days < 20)
})
check('receipts count although their dates are a month early', early.length > 0, `${early.length} early`)

const read = server.output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
const texts = new Map(read.map(({ to, message }) => [to, message]))
const misread = sent.filter(({ to, text }) => texts.get(to) !== text)
checkEqual('the peer reads each message once', read.length, RECIPIENTS)
check('and every text as it was written', misread.length === 0, misread[0] ?? `${sent.length} texts`)
for (const { to, text } of misread.slice(0, 1)) remark(`misread: ${text} as ${texts.get(to)}`)

const wire = dissect(capture.file, PORT)
checkWellFormed(wire, ['esme'])
checkSubmits(wire, WINDOW_MAX)
checkAnswered(wire, 'submit_sm', COMMAND.submitSm)
checkAnswered(wire, 'deliver_sm', COMMAND.deliverSm)
checkAnswered(wire, 'enquire_link', COMMAND.enquireLink)
const asked = wire.pdus.filter((pdu) => pdu.command === COMMAND.enquireLink && pdu.fromSmsc)
check('the peer asked, too, whether the link is alive', asked.length > 0, `${asked.length} times`)
await server.stop()
