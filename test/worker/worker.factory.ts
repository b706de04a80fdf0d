import type { Deps } from '../../aws/deps.ts'
import { systemClock, systemIds, systemRandom } from '../../aws/system-clock.ts'
import { Worker } from '../../bind-worker/worker.ts'
import { dispatchBody, type LaunchTerms } from '../../shared/contracts/dispatch.ts'
import { PoolConfig, type RouteInput } from '../../shared/contracts/route.ts'
import type { PoolId } from '../../shared/ids.ts'
import type { OutcomeRow, ReceiptRow } from '../../shared/ledger/facts.ts'
import { silentLog } from '../../shared/log.ts'
import { type Metrics, silentMetrics } from '../../shared/metrics.ts'
import type { SecretSource } from '../../shared/ports.ts'
import { scaled, TIMING, type Timing } from '../../shared/timing.ts'
import type { SimulatorInput } from '../../simulator/options.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import type { SubmitHook } from '../../simulator/smsc.ts'
import {
  MemoryLedger,
  MemoryObjectStore,
  MemoryQueue,
  MemoryRegistry,
  MemorySuppressions,
} from '../support/memory-ports.ts'
import { CAMPAIGN, planLine, QUEUE, route as routeConfig, TERMS } from './factories.ts'

/** A lease of 1.5 s instead of 30, and everything else in proportion. */
export const timing = {
  ...scaled(TIMING, 0.05),
  lingerMs: 5,
  noticeFloorMs: 50,
  connectTimeoutMs: 5_000,
  bindTimeoutMs: 5_000,
}

const running: { worker: Worker; stopped: boolean }[] = []
const simulators: Simulator[] = []
export async function endWorkers(): Promise<void> {
  for (const one of running.splice(0)) if (!one.stopped) await one.worker.destroy()
  for (const simulator of simulators.splice(0)) await simulator.destroy()
}

/** Memory ports on the real clock, a simulator to send to, and workers that are gone when the test is over. */
export async function workerSetUp(
  options: {
    simulator?: Partial<SimulatorInput>
    onSubmit?: SubmitHook
    route?: Partial<RouteInput>
    metrics?: Metrics
    timing?: Partial<Timing>
    /** Instead of the simulator's credentials. */
    secrets?: SecretSource
    /** Of each worker. */
    routeShare?: number
    /** What workers see of the ports. */
    seenAs?: (deps: Deps) => Deps
  } = {},
) {
  const smsc = await startSimulator({
    accounts: [{ systemId: 'demo', password: 'secret' }],
    receiptDelayMs: { min: 0, max: 50 },
    outcomes: { DELIVRD: 1 },
    ...options.simulator,
    ...(options.onSubmit ? { onSubmit: options.onSubmit } : {}),
  })
  simulators.push(smsc)
  const deps = {
    queue: new MemoryQueue(systemClock),
    ledger: new MemoryLedger(),
    registry: new MemoryRegistry(systemClock),
    suppressions: new MemorySuppressions(systemClock),
    objects: new MemoryObjectStore(systemClock),
    clock: systemClock,
    ids: systemIds(),
    random: systemRandom,
    timing: { ...timing, ...options.timing },
    log: silentLog,
  }
  const start = () => {
    const worker = new Worker({
      metrics: options.metrics ?? silentMetrics,
      deps: options.seenAs?.(deps) ?? deps,
      secrets: options.secrets ?? { read: async () => ({ systemId: 'demo', password: 'secret' }) },
      route: routeConfig({ port: smsc.port, binds: 2, responseTimeoutMs: 5_000, ...options.route }),
      pool: PoolConfig.parse({ id: 'demo' as PoolId }),
      routeShare: options.routeShare ?? 1,
      rememberedIds: 10_000,
    })
    const one = { worker, stopped: false }
    running.push(one)
    worker.start()
    return {
      worker,
      drain: async () => {
        one.stopped = true
        await worker.drain()
      },
      /** As near to SIGKILL as one process comes: nothing is written after it. */
      kill: async () => {
        one.stopped = true
        await worker.destroy()
      },
    }
  }
  /** Queues batches of the given numbers of parts. */
  const feedOn = (terms: LaunchTerms, ...batches: number[][]) =>
    deps.queue.send(
      QUEUE,
      batches.map((parts, batch) => dispatchBody(terms, [], JSON.stringify(planLine(parts, { batch })))),
    )
  const feed = (...batches: number[][]) => feedOn(TERMS, ...batches)
  const facts = async () => {
    const { claims, slices } = await deps.ledger.readPage(CAMPAIGN, 0)
    const outcomes = slices.flatMap((slice): OutcomeRow[] =>
      slice.kind === 'outcomes' ? [...slice.rows] : [],
    )
    const receipts = slices.flatMap((slice): ReceiptRow[] =>
      slice.kind === 'receipts' ? [...slice.rows] : [],
    )
    return { claims, outcomes, receipts }
  }
  const queued = async () => {
    const { visible, inFlight } = await deps.queue.depth(QUEUE)
    return visible + inFlight
  }
  return { smsc, deps, start, feed, feedOn, facts, queued }
}

/** Parts of so many messages of one part each. */
export const short = (count: number) => Array<number>(count).fill(1)
