/** The whole platform, CSV to report, against our simulator as the command line starts it; the dissector listens. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Capture } from '../support/capture.ts'
import { checkEqual, remark } from '../support/checks.ts'
import { Child } from '../support/child.ts'
import { COMMAND, dissect } from '../support/dissector.ts'
import { peerOptions } from '../support/options.ts'
import { checkAnswered, checkSubmits, checkWellFormed } from '../support/wire-rules.ts'

/** The demo route's. */
const WINDOW_MAX = 100
const RECIPIENTS = '600'

const { folder } = peerOptions()
const simulator = await Child.start({
  command: process.execPath,
  args: ['cli/main.ts', 'simulate', '--port', '0', '--system-id', 'demo', '--password', 'demo', '--json'],
  ready: /"event":"listening"/,
})
const { port } = JSON.parse(simulator.output)
const capture = await Capture.start(join(folder, 'platform.pcapng'))
const smsc = ['--smsc', `127.0.0.1:${port}`, '--plain', '--system-id', 'demo', '--password', 'demo']
const args = ['local/demo.ts', '--recipients', RECIPIENTS, '--json', ...smsc]
const demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
const [printed, complaints, [exitCode]] = await Promise.all([
  text(demo.stdout),
  text(demo.stderr),
  once(demo, 'exit'),
])
await capture.stop()
await simulator.stop()

checkEqual('the demo accounts for everybody', exitCode, 0)
if (exitCode !== 0) remark(complaints.replaceAll('\n', '\n# '))
const result = JSON.parse(printed.trim().split('\n').at(-1) ?? 'null')
const truth = JSON.parse(simulator.output.trim().split('\n').at(-1) ?? 'null')
checkEqual(
  'the simulator got every segment once',
  [truth.submitted, truth.messages.repeated],
  [result.segments, 0],
)
checkEqual('and every receipt was acknowledged', truth.receipts.acked, result.segments)
remark(`statuses: ${JSON.stringify(result.statuses)}`)
const wire = dissect(capture.file, port)
checkWellFormed(wire, ['esme', 'smsc'])
checkSubmits(wire, WINDOW_MAX)
checkAnswered(wire, 'submit_sm', COMMAND.submitSm)
checkAnswered(wire, 'deliver_sm', COMMAND.deliverSm)
