/**
 * Our worker against jSMPP's SMPPServerSimulator (Java), over TLS. It answers with hexadecimal ids and writes the same
 * ids in decimal into its receipts, answers on several threads and so out of order, says it speaks SMPP 5.0, and sends
 * every bind a message nobody asked for.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { RouteInput } from '../../../shared/contracts/route.ts'
import { Capture } from '../support/capture.ts'
import { check, checkEqual, remark } from '../support/checks.ts'
import { Child } from '../support/child.ts'
import { COMMAND, dissect } from '../support/dissector.ts'
import { messages } from '../support/messages.ts'
import { peerOptions } from '../support/options.ts'
import { checkAllAccepted, checkStatuses } from '../support/run-checks.ts'
import { checkAnswered, checkSubmits, checkWellFormed, windowOf } from '../support/wire-rules.ts'
import { runWorker, WINDOW_MAX, type WorkerRun } from '../support/worker-run.ts'

const PORT = 8056
const RECIPIENTS = 300
const MO = '555 to 12345: Hello World'

const { folder, cache } = peerOptions()
const certificate = makeCertificate()

remark('over TLS')
checkRun(await send({ tls: true, tlsCa: certificate, tlsServerName: 'localhost' }))

remark('over plain TCP, where the dissector can listen')
const capture = await Capture.start(join(folder, 'jsmpp.pcapng'))
checkRun(await send({}))
await capture.stop()
const wire = dissect(capture.file, PORT)
checkWellFormed(wire, ['esme'])
checkSubmits(wire, WINDOW_MAX)
const { outOfOrder } = windowOf(wire.pdus)
check('responses that overtake others find their messages', outOfOrder > 0, `${outOfOrder} out of order`)
checkAnswered(wire, 'submit_sm', COMMAND.submitSm)
checkAnswered(wire, 'deliver_sm', COMMAND.deliverSm)
checkAnswered(wire, 'enquire_link', COMMAND.enquireLink)

interface PeerRun {
  run: WorkerRun
  /** What the peer printed. */
  log: string
}

async function send(route: Partial<RouteInput>): Promise<PeerRun> {
  const server = await startServer(route.tls === true)
  const run = await runWorker({
    port: PORT,
    account: { systemId: 'dakghar', password: 'secret' },
    route: { ...route, idMode: 'dec' },
    messages: messages(RECIPIENTS),
    wanted: ['delivered'],
  })
  await server.stop()
  return { run, log: server.output }
}

function checkRun({ run, log }: PeerRun): void {
  checkAllAccepted(run)
  checkStatuses(run, { delivered: RECIPIENTS })
  const idOf = new Map(run.outcomes.map(([batch, i, part, , , id]) => [`${batch} ${i} ${part}`, id]))
  const otherwise = run.receipts.filter(([batch, i, part, id]) => id !== idOf.get(`${batch} ${i} ${part}`))
  checkEqual('receipts in decimal find responses in hexadecimal', otherwise.length, run.segments)
  const unasked = run.inbound.map(({ from, to, text }) => `${from} to ${to}: ${text}`)
  checkEqual('the message nobody asked for is inbound, one a bind', unasked, [MO, MO])
  const errors = log.split('\n').filter((line) => /\bERROR\b|Exception/.test(line))
  check('the peer logs no error', errors.length === 0, errors[0] ?? 'its log')
}

function startServer(tls: boolean): Promise<Child> {
  return Child.start({
    command: 'java',
    args: [
      `-Djsmpp.simulator.ssl=${tls}`,
      `-Djsmpp.simulator.port=${PORT}`,
      '-Djsmpp.client.systemId=dakghar',
      '-Djsmpp.client.password=secret',
      '-cp',
      join(cache, 'jsmpp', '*'),
      'org.jsmpp.examples.SMPPServerSimulator',
    ],
    cwd: folder,
    ready: /Listening on port/,
  })
}

/** Makes the key store the simulator looks for in its working directory; answers the certificate in PEM. */
function makeCertificate(): string {
  const store = [
    '-keystore',
    'keystore.p12',
    '-storetype',
    'PKCS12',
    '-storepass',
    'password',
    '-alias',
    'smsc',
  ]
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '2']
  const name = ['-dname', 'CN=localhost', '-ext', 'san=dns:localhost']
  const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const
  execFileSync('keytool', ['-genkeypair', ...store, ...key, ...name], options)
  return execFileSync('keytool', ['-exportcert', '-rfc', ...store], options)
}
