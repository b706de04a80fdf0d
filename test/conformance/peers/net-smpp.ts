/**
 * Our worker against the SMSC among the examples of Perl's Net::SMPP, as Debian ships it: every message gets the same
 * id, no receipts ever come, and each connection is served by a process of its own.
 */
import { join } from 'node:path'
import { Capture } from '../support/capture.ts'
import { check } from '../support/checks.ts'
import { Child } from '../support/child.ts'
import { COMMAND, dissect } from '../support/dissector.ts'
import { messages } from '../support/messages.ts'
import { peerOptions } from '../support/options.ts'
import { checkAllAccepted, checkStatuses } from '../support/run-checks.ts'
import { checkAnswered, checkSubmits, checkWellFormed } from '../support/wire-rules.ts'
import { runWorker, WINDOW_MAX } from '../support/worker-run.ts'

/** Written into the example. */
const PORT = 9900
const ONLY_ID = '123456789'
const RECIPIENTS = 300

const { folder, cache } = peerOptions()
const root = join(cache, 'libnet-smpp-perl/usr/share')
const server = await Child.start({
  command: 'perl',
  args: ['-I', join(root, 'perl5'), join(root, 'doc/libnet-smpp-perl/examples/smsc.pl')],
  ready: /Entering accept loop/,
})
const capture = await Capture.start(join(folder, 'net-smpp.pcapng'))
const run = await runWorker({
  port: PORT,
  account: { systemId: 'dakghar', password: 'secret' },
  messages: messages(RECIPIENTS),
  wanted: ['sent'],
})
await capture.stop()

checkAllAccepted(run)
checkStatuses(run, { sent: RECIPIENTS })
const ids = new Set(run.outcomes.map((row) => row[5]))
check('the one id of all messages is kept as it came', ids.size === 1 && ids.has(ONLY_ID), [...ids].join())
check('the peer knew what to answer', !/Don't know to reply/.test(server.output), 'its log')
const wire = dissect(capture.file, PORT)
checkWellFormed(wire, ['esme'])
checkSubmits(wire, WINDOW_MAX)
checkAnswered(wire, 'submit_sm', COMMAND.submitSm)
checkAnswered(wire, 'enquire_link', COMMAND.enquireLink)
await server.stop()
