/** Our worker, as it runs in production but for ports in memory, sending a campaign to a peer. */

import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock, systemIds, systemRandom } from '../../../aws/system-clock.ts'
import { Worker } from '../../../bind-worker/worker.ts'
import { InboundMessage } from '../../../shared/contracts/jobs.ts'
import { PoolConfig, RouteConfig, type RouteInput } from '../../../shared/contracts/route.ts'
import { dispatchQueue } from '../../../shared/contracts/wiring.ts'
import { PoolId, RouteId } from '../../../shared/ids.ts'
import type { OutcomeRow, ReceiptRow, UnplacedReceipt } from '../../../shared/ledger/facts.ts'
import { foldRecipients, type RecipientFold } from '../../../shared/ledger/fold.ts'
import type { Status } from '../../../shared/ledger/summary.ts'
import type { Log } from '../../../shared/log.ts'
import { silentMetrics } from '../../../shared/metrics.ts'
import { TIMING } from '../../../shared/timing.ts'
import { MemoryLedger, MemoryObjectStore, MemoryQueue, MemoryRegistry } from '../../support/memory-ports.ts'
import { until } from '../../support/until.ts'
import { CAMPAIGN, dispatchBodies, type Message, planLines, segmentsOf } from './messages.ts'

const POOL = PoolId.parse('conformance')
const ROUTE = RouteId.parse('peer')
const DEADLINE_MS = 40_000
/** Far shorter than a route may ask for, so that a run of seconds shows whether enquire_link works. */
const ENQUIRE_LINK_SECONDS = 0.5
/** How long the binds stay idle at the end, for some enquire_links. */
const IDLE_MS = 2_000

export interface WorkerRun {
  recipients: RecipientFold[]
  outcomes: OutcomeRow[]
  receipts: ReceiptRow[]
  unplaced: UnplacedReceipt[]
  /** Messages subscribers sent. */
  inbound: InboundMessage[]
  /** Segments the campaign has. */
  segments: number
  /** Copies left in the queue. */
  queued: number
  /** Binds still up after the idle time, of how many. */
  boundAtEnd: string
  /** What the worker warned of. */
  warnings: string[]
}

export interface WorkerRunOptions {
  port: number
  account: { systemId: string; password: string }
  route?: Partial<RouteInput>
  messages: readonly Message[]
  /** The run ends when every recipient has one of these, or after forty seconds. */
  wanted: readonly Status[]
}

export const WINDOW_MAX = 20

export async function runWorker(options: WorkerRunOptions): Promise<WorkerRun> {
  const warnings: string[] = []
  const deps = memoryDeps(warnings)
  const worker = new Worker({
    metrics: silentMetrics,
    deps,
    secrets: { read: () => Promise.resolve(options.account) },
    route: routeTo(options),
    pool: PoolConfig.parse({ id: POOL }),
    routeShare: 1,
    rememberedIds: 100_000,
  })
  const lines = planLines(options.messages)
  const shape = { batches: lines.map((line) => line.messages.map(({ parts }) => parts.length)) }
  const queue = dispatchQueue(POOL, 'service')
  const recipients = async () =>
    foldRecipients(shape, await deps.ledger.readPage(CAMPAIGN, 0), { receipts: 'part' })
  const queued = async () => {
    const { visible, inFlight } = await deps.queue.depth(queue)
    return visible + inFlight
  }
  const ended = async () =>
    (await recipients()).every(({ status }) => options.wanted.includes(status)) && (await queued()) === 0

  worker.start()
  await deps.queue.send(queue, dispatchBodies(lines))
  await until(ended, DEADLINE_MS).catch((error: Error) => warnings.push(error.message))
  await sleep(IDLE_MS)
  const { binds } = worker.state()
  await worker.drain()

  const { slices } = await deps.ledger.readPage(CAMPAIGN, 0)
  const inbound = await deps.queue.receive('inbound', { max: 10, waitSeconds: 0, visibilitySeconds: 60 })
  return {
    recipients: await recipients(),
    outcomes: slices.flatMap((slice) => (slice.kind === 'outcomes' ? slice.rows : [])),
    receipts: slices.flatMap((slice) => (slice.kind === 'receipts' ? slice.rows : [])),
    unplaced: await unplacedOf(deps.ledger, options.messages),
    inbound: inbound.map(({ body }) => InboundMessage.parse(JSON.parse(body))),
    segments: segmentsOf(lines),
    queued: await queued(),
    boundAtEnd: `${binds.filter(({ state }) => state === 'bound').length} of ${binds.length}`,
    warnings,
  }
}

/** How many recipients have which status. */
export function countBy<T extends string>(values: readonly T[]): Record<string, number> {
  const groups = Map.groupBy(values, (value) => value)
  return Object.fromEntries([...groups].map(([value, { length }]) => [value, length]))
}

function routeTo({ port, route }: WorkerRunOptions): RouteConfig {
  const parsed = RouteConfig.parse({
    id: ROUTE,
    pool: POOL,
    host: '127.0.0.1',
    port,
    tls: false,
    allowPlaintext: true,
    secret: 'env:UNUSED',
    lanes: ['service'],
    binds: 2,
    window: { min: 10, max: WINDOW_MAX },
    // More than any peer takes, so that the window is what limits.
    tps: 5_000,
    ...route,
  })
  return { ...parsed, enquireLinkSeconds: ENQUIRE_LINK_SECONDS }
}

function memoryDeps(warnings: string[]) {
  const tell = (message: string, fields?: Record<string, unknown>) => {
    warnings.push(`${message} ${JSON.stringify(fields ?? {})}`)
  }
  const log: Log = { info() {}, warn: tell, error: tell }
  return {
    queue: new MemoryQueue(systemClock),
    ledger: new MemoryLedger(),
    registry: new MemoryRegistry(systemClock),
    objects: new MemoryObjectStore(systemClock),
    clock: systemClock,
    ids: systemIds(),
    random: systemRandom,
    timing: { ...TIMING },
    log,
  }
}

async function unplacedOf(ledger: MemoryLedger, all: readonly Message[]): Promise<UnplacedReceipt[]> {
  const found = await Promise.all(all.map(({ to }) => ledger.unplacedByNumber(ROUTE, to)))
  return found.flat()
}
