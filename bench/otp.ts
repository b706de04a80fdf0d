/**
 * How long an OTP takes from the queue to the SMSC while promotional messages wait by the hundred thousand and the worker
 * sends them as fast as the route allows. Real SDK calls to the emulators, the SMSC a process of its own.
 *
 *     npm run bench -- otp [--promotional 1000000] [--otps 150] [--tps 1000,100000] [--window 100]
 *
 * All of the promotional batches are in the queue before the first OTP, which the platform itself would not do: the
 * feeder keeps ten minutes of work in it. OTPs come one by one, each a batch of its own as `POST /v1/messages` makes it,
 * at random moments. Measured from the call that sends it to the queue to its arrival at the SMSC, by one clock. Target:
 * 250 ms at p99.
 */
import { parseArgs } from 'node:util'
import { depsFromEnv } from '../aws/deps.ts'
import { Worker } from '../bind-worker/worker.ts'
import { Child } from '../local/process/child.ts'
import { ensureResources } from '../local/resources.ts'
import { PoolConfig, RouteConfig } from '../shared/contracts/route.ts'
import { CampaignId } from '../shared/ids.ts'
import { silentMetrics } from '../shared/metrics.ts'
import { dispatchBatches, MESSAGES_PER_BATCH } from './dispatch-batches.ts'
import { startOtpPeer } from './otp-peer.ts'
import { percentiles } from './percentiles.ts'

const { values } = parseArgs({
  options: {
    promotional: { type: 'string', default: '1000000' },
    otps: { type: 'string', default: '150' },
    tps: { type: 'string', default: '1000,100000' },
    window: { type: 'string', default: '100' },
  },
})
const PROMOTIONAL = Number(values.promotional)
const OTPS = Number(values.otps)
const WINDOW = Number(values.window)
const TARGET_P99_MS = 250
/** OTPs come this far apart on average: alone, and never in step with anything. */
const MEAN_GAP_MS = 80
const RESPONSE_MS = 20
const SETTLE_IN_MS = 3_000
/** Queued in steps, so that a long queue is not held here twice. */
const BATCHES_AT_ONCE = 500
const STOP_GRACE_MS = 10_000

console.log(
  `${PROMOTIONAL} promotional messages wait; ms from queue to SMSC of ${OTPS} OTPs, target p99 ${TARGET_P99_MS}`,
)
console.log('   tps      p50     p99     max   promotional/s meanwhile')
let kept = true
for (const tps of values.tps.split(',').map(Number)) {
  const { latencies, perSecond } = await measure(tps)
  const { p50, p99, max } = percentiles(latencies)
  kept &&= p99 <= TARGET_P99_MS
  const cells = [p50, p99, max].map((ms) => ms.toFixed(0).padStart(8)).join('')
  console.log(`${String(tps).padStart(6)}${cells}${perSecond.toFixed(0).padStart(10)}`)
}
process.exit(kept ? 0 : 1)

async function measure(tps: number): Promise<{ latencies: number[]; perSecond: number }> {
  const peer = await startOtpPeer(RESPONSE_MS)
  const emulators = new Child({ name: 'emulators', module: 'local/emulators-main.ts', env: process.env })
  try {
    const env = JSON.parse(await emulators.firstLine()) as Record<string, string>
    const pool = PoolConfig.parse({ id: 'bench' })
    await ensureResources(env, [pool])
    const deps = depsFromEnv({ ...env, LOG_LEVEL: 'ERROR' })
    const waiting = CampaignId.parse(deps.ids.ulid())
    const batches = { campaign: waiting, lane: 'promotional', header: '123456' } as const
    for (let first = 0; first < PROMOTIONAL / MESSAGES_PER_BATCH; first += BATCHES_AT_ONCE) {
      const count = Math.min(BATCHES_AT_ONCE, PROMOTIONAL / MESSAGES_PER_BATCH - first)
      await deps.queue.send('dispatch-bench-promotional', dispatchBatches({ ...batches, first, count }))
    }
    const route = RouteConfig.parse({
      ...{ id: 'bench', pool: 'bench', secret: 'env:NONE', host: '127.0.0.1', port: peer.port },
      ...{ tls: false, allowPlaintext: true, binds: 4, tps, window: { min: WINDOW, max: WINDOW } },
    })
    const worker = new Worker({
      ...{ deps, route, pool, routeShare: 1, rememberedIds: 1_000_000, metrics: silentMetrics },
      secrets: { read: async () => ({ systemId: 'bench', password: 'bench' }) },
    })
    worker.start()
    await deps.clock.sleep(SETTLE_IN_MS)
    const before = await peer.count()
    const startMs = performance.now()
    const campaign = CampaignId.parse(deps.ids.ulid())
    const sentAt = new Map<string, number>()
    for (let n = 0; n < OTPS; n++) {
      await deps.clock.sleep(Math.random() * 2 * MEAN_GAP_MS)
      const otp = {
        campaign,
        lane: 'otp',
        header: 'OTPOTP',
        first: n,
        count: 1,
        messagesPerBatch: 1,
      } as const
      const [body] = dispatchBatches(otp)
      sentAt.set(numberOf(body!), Date.now())
      await deps.queue.send('dispatch-bench-otp', [body!])
    }
    const perSecond = ((await peer.count()) - before) / ((performance.now() - startMs) / 1_000)
    const arrivedAt = await allArrived(peer, deps.clock)
    await worker.destroy()
    deps.close()
    return { latencies: [...sentAt].map(([to, at]) => arrivedAt.get(to)! - at), perSecond }
  } finally {
    peer.stop()
    await emulators.stop(STOP_GRACE_MS)
  }
}

async function allArrived(
  peer: Awaited<ReturnType<typeof startOtpPeer>>,
  clock: { sleep(ms: number): Promise<void> },
): Promise<Map<string, number>> {
  for (;;) {
    const arrived = await peer.otps()
    if (arrived.size >= OTPS) return arrived
    await clock.sleep(50)
  }
}

function numberOf(body: string): string {
  return /"to":"(\d+)"/.exec(body)![1]!
}
