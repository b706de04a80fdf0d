/**
 * The whole bind worker over what waits in its queue: claim, reserve, submit, response, receipt, facts, with real SDK
 * calls to emulators in their own process.
 *
 * A process of its own, so that its CPU and memory are its own: `bench/worker.ts` starts it with the options as JSON
 * in argv[2] and reads one line, a {@link WholeResult}.
 */

import { performance } from 'node:perf_hooks'
import { depsFromEnv } from '../aws/deps.ts'
import { Worker } from '../bind-worker/worker.ts'
import { PoolConfig, RouteConfig, type RouteInput } from '../shared/contracts/route.ts'
import { CampaignId, type EpochMs } from '../shared/ids.ts'
import type { OutcomeRow } from '../shared/ledger/facts.ts'
import { silentMetrics } from '../shared/metrics.ts'
import type { Queue } from '../shared/ports.ts'
import { BATCHES_PER_PAGE, MESSAGES_PER_BATCH } from './dispatch-batches.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

export interface WholeOptions {
  /** Where the emulators are. */
  env: Record<string, string>
  route: RouteInput
  account: { systemId: string; password: string }
  campaign: string
  /** In the queue, or on their way into it. */
  messages: number
  /** Messages after which measuring begins. */
  warmUp: number
}

export interface WholeResult {
  messages: number
  seconds: number
  cpuMicrosPerMessage: number
  /** The most this process ever had. */
  rssMiB: number
  /** From the receive of a batch's copy to the submit of each of its messages. */
  queueToWireMs: Percentiles
  submitToResponseMs: Percentiles
}

/** How often is looked how far it has come: what a look costs is counted as the worker's. */
const LOOK_MS = 50

const options: WholeOptions = JSON.parse(process.argv[2]!)
const deps = depsFromEnv({ ...options.env, LOG_LEVEL: 'ERROR' })
/** Where a body says which batch it is. */
const PLACE = /"page":(\d+),"batch":(\d+)/
const receivedAt = new Map<string, EpochMs>()
const worker = new Worker({
  metrics: silentMetrics,
  deps: { ...deps, queue: noting(deps.queue) },
  secrets: { read: () => Promise.resolve(options.account) },
  route: RouteConfig.parse(options.route),
  pool: PoolConfig.parse({ id: options.route.pool }),
  routeShare: 1,
  rememberedIds: 1_000_000,
})
worker.start()
const receipts = () => worker.state().binds.reduce((sum, bind) => sum + bind.receipts, 0)
await reached(options.warmUp)
const cpuBefore = process.cpuUsage()
const startedAtMs = performance.now()
const startedAt = Date.now()
const before = receipts()
await reached(options.messages)
const messages = receipts() - before
const seconds = (performance.now() - startedAtMs) / 1_000
const { user, system } = process.cpuUsage(cpuBefore)
const rssMiB = process.resourceUsage().maxRSS / 1_024
await worker.drain()

const rows = (await outcomes(CampaignId.parse(options.campaign))).filter(
  ({ row: [, , , , , , submittedAt] }) => submittedAt >= startedAt,
)
const result: WholeResult = {
  messages,
  seconds,
  cpuMicrosPerMessage: (user + system) / messages,
  rssMiB,
  queueToWireMs: percentiles(rows.map(({ page, row }) => row[6] - receivedAt.get(`${page}#${row[0]}`)!)),
  submitToResponseMs: percentiles(rows.map(({ row }) => row[7] - row[6])),
}
console.log(JSON.stringify(result))
process.exit(0)

/** The queue, with the time noted at which each batch came out of it. */
function noting(queue: Queue): Queue {
  return {
    send: (...args) => queue.send(...args),
    delete: (...args) => queue.delete(...args),
    changeVisibility: (...args) => queue.changeVisibility(...args),
    depth: (...args) => queue.depth(...args),
    receive: async (...args) => {
      const copies = await queue.receive(...args)
      const now = Date.now()
      for (const { body } of copies) {
        const [, page, batch] = PLACE.exec(body)!
        receivedAt.set(`${page}#${batch}`, now)
      }
      return copies
    },
  }
}

async function reached(count: number): Promise<void> {
  while (receipts() < count) await deps.clock.sleep(LOOK_MS)
}

async function outcomes(campaign: CampaignId): Promise<{ page: number; row: OutcomeRow }[]> {
  const pages = Math.ceil(options.messages / MESSAGES_PER_BATCH / BATCHES_PER_PAGE)
  const facts = await Promise.all(
    Array.from({ length: pages }, (_, page) => deps.ledger.readPage(campaign, page)),
  )
  return facts.flatMap(({ slices }, page) =>
    slices.flatMap((slice) => (slice.kind === 'outcomes' ? slice.rows.map((row) => ({ page, row })) : [])),
  )
}
