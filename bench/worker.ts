/**
 * The whole worker against the bare codec: claim, reserve, submit, response, receipt, facts, with real SDK calls to
 * the emulators, beside a loop that only encodes and decodes the same PDUs. Same simulator, same run; the ratio is of
 * CPU per message, which is what one core can do whatever else the machine is doing. Target (design §8): at least 0.6.
 *
 *     npm run bench -- worker [--messages 60000] [--binds 4] [--window 100]
 */

import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { depsFromEnv } from '../aws/deps.ts'
import { Worker } from '../bind-worker/worker.ts'
import { CERTIFICATE_NAME, localCertificate } from '../local/certificate.ts'
import { ensureResources } from '../local/resources.ts'
import { dispatchBody, type PlanLine } from '../shared/contracts/dispatch.ts'
import { PoolConfig, RouteConfig } from '../shared/contracts/route.ts'
import { CampaignId, type Msisdn, PlanId } from '../shared/ids.ts'
import type { OutcomeRow } from '../shared/ledger/facts.ts'
import { silentMetrics } from '../shared/metrics.ts'
import type { BareOptions } from './worker-bare.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '60000' },
    binds: { type: 'string', default: '4' },
    window: { type: 'string', default: '100' },
  },
})
const messages = Number(values.messages)
const binds = Number(values.binds)
const window = Number(values.window)

const ACCOUNT = { systemId: 'bench', password: 'bench' }
const PER_BATCH = 100
const BATCHES_PER_PAGE = 50
const QUEUE = 'dispatch-bench-service'
const TARGET_RATIO = 0.6
/** Share of the messages during which code gets warm, in both runs. */
const WARM_UP = 0.3

const { cert, key } = await localCertificate(null, Date.now())
for (const tls of [false, true]) console.log(JSON.stringify(await measure(tls)))
process.exit(0)

async function measure(tls: boolean) {
  const simulator = await startChild('simulator/main.ts', {
    DAKGHAR_SIMULATOR: JSON.stringify({
      accounts: [ACCOUNT],
      tls: tls ? { cert, key } : null,
      receiptDelayMs: { min: 200, max: 1_000 },
      outcomes: { DELIVRD: 1 },
    }),
  })
  const emulators = await startChild('local/emulators-main.ts', {})
  try {
    const { port } = JSON.parse(simulator.line)
    const bare = await runBare({
      ...ACCOUNT,
      port,
      ca: tls ? cert : null,
      servername: CERTIFICATE_NAME,
      binds,
      window,
      messages,
      warmUp: Math.ceil(messages * WARM_UP),
    })
    const ours = await runWorker(JSON.parse(emulators.line), port, tls)
    const ratio = bare.cpuMicrosPerMessage / ours.cpuMicrosPerMessage
    return {
      tls,
      bare: rounded(bare),
      worker: rounded(ours),
      ratio: Number(ratio.toFixed(2)),
      target: TARGET_RATIO,
    }
  } finally {
    simulator.stop()
    emulators.stop()
  }
}

async function startChild(module: string, env: Record<string, string>) {
  const child = fork(fileURLToPath(new URL(`../${module}`, import.meta.url)), [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const [data] = await once(child.stdout!, 'data')
  return { line: String(data).split('\n')[0]!, stop: () => child.kill('SIGTERM') }
}

async function runBare(options: BareOptions) {
  const script = fileURLToPath(new URL('worker-bare.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(options)])
  return JSON.parse(stdout) as { messages: number; seconds: number; cpuMicrosPerMessage: number }
}

/** All messages are queued first; measured is from the end of the warm-up to the last receipt. */
async function runWorker(env: Record<string, string>, port: number, tls: boolean) {
  const pool = PoolConfig.parse({ id: 'bench' })
  const route = RouteConfig.parse({
    ...{ id: 'bench', pool: 'bench', host: '127.0.0.1', port, secret: 'env:NONE', tls, allowPlaintext: !tls },
    ...(tls && { tlsCa: cert, tlsServerName: CERTIFICATE_NAME }),
    ...{ binds, window: { min: window, max: window }, tps: 100_000 },
  })
  await ensureResources(env, [pool])
  const deps = depsFromEnv({ ...env, LOG_LEVEL: 'ERROR' })
  const campaign = CampaignId.parse(deps.ids.ulid())
  await deps.queue.send(QUEUE, batchBodies(campaign))

  const worker = new Worker({
    metrics: silentMetrics,
    ...{ deps, route, pool, routeShare: 1, rememberedIds: 1_000_000 },
    secrets: { read: () => Promise.resolve(ACCOUNT) },
  })
  worker.start()
  const received = () => worker.state().binds.reduce((sum, bind) => sum + bind.receipts, 0)
  while (received() < messages * WARM_UP) await deps.clock.sleep(5)
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const before = received()
  while (received() < messages) await deps.clock.sleep(5)
  const measured = messages - before
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  const rssMiB = Math.round(process.memoryUsage.rss() / 2 ** 20)
  await worker.drain()

  const responses = (await outcomes(deps, campaign)).map((row) => row[7] - row[6]).sort((a, b) => a - b)
  const at = (share: number) => responses[Math.floor(share * (responses.length - 1))] ?? null
  deps.close()
  return {
    ...{ messages: measured, seconds, cpuMicrosPerMessage: (user + system) / measured, rssMiB },
    ...{ submitToResponseP50Ms: at(0.5), submitToResponseP99Ms: at(0.99) },
  }
}

async function outcomes(deps: ReturnType<typeof depsFromEnv>, campaign: CampaignId): Promise<OutcomeRow[]> {
  const pages = Math.ceil(messages / PER_BATCH / BATCHES_PER_PAGE)
  const facts = await Promise.all(
    Array.from({ length: pages }, (_, page) => deps.ledger.readPage(campaign, page)),
  )
  return facts.flatMap(({ slices }) =>
    slices.flatMap((slice) => (slice.kind === 'outcomes' ? [...slice.rows] : [])),
  )
}

function batchBodies(campaign: CampaignId): string[] {
  const launch = { expiresAt: Date.now() + 3_600_000, hours: null, policy: 'hold' as const }
  const plan = PlanId.parse('01J00000000000000000000000')
  return Array.from({ length: messages / PER_BATCH }, (_, n) => {
    const line: PlanLine = {
      ...{ v: 1, campaign, plan, page: Math.floor(n / BATCHES_PER_PAGE), batch: n % BATCHES_PER_PAGE },
      ...{
        lane: 'service',
        header: 'DEMOST',
        entity: '1701160000000012345',
        template: '1107160000000000101',
      },
      messages: Array.from({ length: PER_BATCH }, (_, i) => ({
        ...{ i, to: `9198${String(n * PER_BATCH + i).padStart(8, '0')}` as Msisdn, dc: 0 },
        parts: ['Dear Asha, your order 100042 is out for delivery and arrives today. - Demo Stores'],
      })),
    }
    return dispatchBody(launch, [], JSON.stringify(line))
  })
}

function rounded(result: Record<string, number | null>) {
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      value === null ? null : Math.round(value * 10) / 10,
    ]),
  )
}
