/**
 * The whole worker against the bare codec: claim, reserve, submit, response, receipt, facts, with real SDK calls to
 * the emulators, beside a loop that only encodes and decodes the same PDUs. Same simulator, same run, in turns; the
 * ratio is of CPU per message, which is what one core can do whatever else the machine is doing. Target (design §8):
 * at least 0.6.
 *
 *     npm run bench -- worker [--messages 120000] [--rounds 5] [--binds 4] [--window 100] [--load 0.3]
 *         [--profile DIR]
 *
 * With everything queued beforehand a message waits behind thousands that were claimed with it, so "queue to wire"
 * tells how much is held ready, not how fast anything is. It is measured again with batches queued one by one at
 * `--load` of the rate the worker reached. `--profile` writes V8 CPU profiles of the measured processes.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { depsFromEnv } from '../aws/deps.ts'
import { CERTIFICATE_NAME, localCertificate } from '../local/certificate.ts'
import { Child } from '../local/process/child.ts'
import { ensureResources } from '../local/resources.ts'
import { PoolConfig, type RouteInput } from '../shared/contracts/route.ts'
import { WORKER_NODE_OPTIONS } from '../shared/contracts/wiring.ts'
import { CampaignId } from '../shared/ids.ts'
import { dispatchBatches, MESSAGES_PER_BATCH } from './dispatch-batches.ts'
import { median, type Percentiles } from './percentiles.ts'
import type { BareOptions, BareResult } from './worker-bare.ts'
import type { WholeOptions, WholeResult } from './worker-whole.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '120000' },
    rounds: { type: 'string', default: '5' },
    binds: { type: 'string', default: '4' },
    window: { type: 'string', default: '100' },
    load: { type: 'string', default: '0.3' },
    profile: { type: 'string' },
  },
})
const messages = Number(values.messages)
const rounds = Number(values.rounds)
const binds = Number(values.binds)
const window = Number(values.window)
const load = Number(values.load)

const ACCOUNT = { systemId: 'bench', password: 'bench' }
const QUEUE = 'dispatch-bench-service'
const TARGET_RATIO = 0.6
/** Share of the messages during which code gets warm, in both. */
const WARM_UP = 0.3
const STOP_GRACE_MS = 10_000
const BARE = fileURLToPath(new URL('worker-bare.ts', import.meta.url))
const WHOLE = fileURLToPath(new URL('worker-whole.ts', import.meta.url))

interface Transport {
  name: string
  /** PEM; null is plain TCP. */
  ca: string | null
  port: number
}

const { cert, key } = await localCertificate(null, Date.now())
const columns = ['', 'bare µs', 'worker µs', 'ratio', 'msg/s', 'RSS MiB', 'queue→wire', 'submit→resp']
console.log(row(columns))
const ratios: number[] = []
for (const tls of [false, true]) ratios.push(await measure(tls))
console.log(
  `µs are of CPU per message; latencies in ms, p50 / p99; target: a median ratio of at least ${TARGET_RATIO}`,
)
process.exitCode = ratios.every((ratio) => ratio >= TARGET_RATIO) ? 0 : 1

/** Prints its rows and answers the median ratio. */
async function measure(tls: boolean): Promise<number> {
  const simulator = child('simulator/main.ts', {
    DAKGHAR_SIMULATOR: JSON.stringify({
      accounts: [ACCOUNT],
      tls: tls ? { cert, key } : null,
      receiptDelayMs: { min: 200, max: 1_000 },
      outcomes: { DELIVRD: 1 },
    }),
  })
  try {
    const { port } = JSON.parse(await simulator.firstLine()) as { port: number }
    const transport = { name: tls ? 'TLS' : 'plain', ca: tls ? cert : null, port }
    const turns: { bare: BareResult; whole: WholeResult; ratio: number }[] = []
    for (let round = 1; round <= rounds; round++) {
      const bare = await runBare(transport)
      const whole = await runWhole(transport, null)
      const ratio = bare.cpuMicrosPerMessage / whole.cpuMicrosPerMessage
      turns.push({ bare, whole, ratio })
      printTurn(`${transport.name} ${round}`, bare.cpuMicrosPerMessage, whole, ratio)
    }
    const ratio = median(turns.map((turn) => turn.ratio))
    const perSecond = median(turns.map(({ whole }) => whole.messages / whole.seconds))
    console.log(row([`${transport.name} median`, '', '', ratio.toFixed(2), perSecond.toFixed(0)]))
    const atLoad = await runWhole(transport, perSecond * load)
    printTurn(`${transport.name} at ${load * 100} %`, null, atLoad, null)
    return ratio
  } finally {
    await simulator.stop(STOP_GRACE_MS)
  }
}

async function runBare({ port, ca }: Transport): Promise<BareResult> {
  const options: BareOptions = {
    ...{ ...ACCOUNT, port, ca, servername: CERTIFICATE_NAME, binds, window, messages },
    warmUp: Math.ceil(messages * WARM_UP),
  }
  return run(BARE, options)
}

/** @param perSecond messages queued each second; null queues all of them beforehand. */
async function runWhole({ port, ca }: Transport, perSecond: number | null): Promise<WholeResult> {
  const emulators = child('local/emulators-main.ts', {})
  try {
    const env = JSON.parse(await emulators.firstLine()) as Record<string, string>
    await ensureResources(env, [PoolConfig.parse({ id: 'bench' })])
    const deps = depsFromEnv({ ...env, LOG_LEVEL: 'ERROR' })
    const route: RouteInput = {
      ...{ id: 'bench', pool: 'bench', lanes: ['service'], secret: 'env:NONE', host: '127.0.0.1', port },
      ...(ca ? { tlsCa: ca, tlsServerName: CERTIFICATE_NAME } : { tls: false, allowPlaintext: true }),
      ...{ binds, window: { min: window, max: window }, tps: 100_000 },
    }
    const campaign = CampaignId.parse(deps.ids.ulid())
    const bodies = dispatchBatches({
      ...{ campaign, lane: 'service', header: 'DEMOST', count: messages / MESSAGES_PER_BATCH },
    })
    const options: WholeOptions = {
      ...{ env, route, account: ACCOUNT, campaign, messages },
      warmUp: Math.ceil(messages * WARM_UP),
    }
    if (perSecond === null) {
      await deps.queue.send(QUEUE, bodies)
      return await run(WHOLE, options)
    }
    const result = run<WholeResult>(WHOLE, options)
    const startMs = performance.now()
    for (const [n, body] of bodies.entries()) {
      const dueMs = startMs + (n * MESSAGES_PER_BATCH * 1_000) / perSecond
      await deps.clock.sleep(Math.max(0, dueMs - performance.now()))
      void deps.queue.send(QUEUE, [body])
    }
    return await result
  } finally {
    await emulators.stop(STOP_GRACE_MS)
  }
}

async function run<Result>(script: string, options: object): Promise<Result> {
  const profiling = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []
  const workers = script === WHOLE ? WORKER_NODE_OPTIONS.split(' ') : []
  const argv = [...profiling, ...workers, script, JSON.stringify(options)]
  const { stdout } = await promisify(execFile)(process.execPath, argv)
  return JSON.parse(stdout) as Result
}

function child(module: string, env: Record<string, string>): Child {
  return new Child({ name: module, module, env: { ...process.env, ...env } })
}

function printTurn(name: string, bare: number | null, whole: WholeResult, ratio: number | null): void {
  const { cpuMicrosPerMessage, messages: sent, seconds, rssMiB, queueToWireMs, submitToResponseMs } = whole
  const both = ({ p50, p99 }: Percentiles) => `${p50} / ${p99}`
  console.log(
    row([
      ...[name, bare?.toFixed(1) ?? '', cpuMicrosPerMessage.toFixed(1), ratio?.toFixed(2) ?? ''],
      ...[(sent / seconds).toFixed(0), rssMiB.toFixed(0), both(queueToWireMs), both(submitToResponseMs)],
    ]),
  )
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(14) : cell.padStart(13))).join('')
}
