/**
 * The one list of queues, functions, event sources and schedules. `local/` makes the platform of it on one machine,
 * `cdk/` on AWS; whatever is not here exists nowhere.
 */
import type { PoolId } from '../ids.ts'
import type { Lane, PoolConfig } from './route.ts'

export type DispatchQueueName = `dispatch-${string}`
export type WorkQueueName = 'jobs' | 'feed' | 'settle' | 'inbound' | DispatchQueueName
export type QueueName = WorkQueueName | `${WorkQueueName}-dlq`

export interface QueueSpec {
  name: WorkQueueName
  visibilitySeconds: number
  /** Receives before SQS moves a copy to the dead-letter queue; null where a consumer writes the dead letter itself. */
  maxReceives: number | null
  purpose: string
}

/** Queues every deployment has. Visibility is six times the consumer's timeout, as AWS advises for event sources. */
export const FIXED_QUEUES: readonly QueueSpec[] = [
  {
    name: 'jobs',
    visibilitySeconds: 5_400,
    maxReceives: 5,
    purpose: 'uploads to check or load, exports to write',
  },
  { name: 'feed', visibilitySeconds: 1_800, maxReceives: 20, purpose: 'campaigns to feed' },
  { name: 'settle', visibilitySeconds: 360, maxReceives: 20, purpose: 'pages with new facts' },
  { name: 'inbound', visibilitySeconds: 180, maxReceives: 20, purpose: 'mobile-originated messages' },
]

/** The queue of a pool's batches of one lane. */
export const dispatchQueue = (pool: PoolId, lane: Lane): DispatchQueueName => `dispatch-${pool}-${lane}`

/** Where a message goes that cannot be worked on. */
export const deadLetters = (queue: WorkQueueName): `${WorkQueueName}-dlq` => `${queue}-dlq`

/** The queues of a pool: one per lane. The worker counts poison itself, by crashes, so SQS must not. */
export function poolQueues(pool: PoolConfig): QueueSpec[] {
  return pool.lanes.map((lane) => ({
    name: dispatchQueue(pool.id, lane),
    visibilitySeconds: 60,
    maxReceives: null,
    purpose: `${lane} batches for pool ${pool.id}`,
  }))
}

/**
 * What NODE_OPTIONS must say of a bind worker. A larger young generation takes 90 MB more, and is no faster: what a message
 * allocates is done with when its receipt is, and what outlives it lies in typed arrays.
 */
export const WORKER_NODE_OPTIONS = '--max-semi-space-size=8'

export type EventSource =
  | { kind: 'http' }
  | { kind: 'schedule'; everyMinutes: number }
  | {
      kind: 'queue'
      queue: WorkQueueName
      batchSize: number
      /** How long an event source may wait to fill a batch; 0 hands over what there is. */
      windowSeconds: number
      maxConcurrency: number
    }

export interface FunctionSpec {
  name: 'api' | 'compile' | 'feeder' | 'settle' | 'scheduler' | 'inbound'
  /** Module exporting `handler`, relative to the repository. */
  module: string
  timeoutSeconds: number
  memoryMb: number
  /** What NODE_OPTIONS must say beside what it says anyway. */
  nodeOptions?: string
  source: EventSource
  purpose: string
}

/** Timeouts and sizes as Lambda is given them; `local/` keeps the timeouts. */
export const FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'api',
    module: 'lambdas/api/handler.ts',
    timeoutSeconds: 29,
    memoryMb: 1_024,
    source: { kind: 'http' },
    purpose: 'HTTP /v1',
  },
  {
    name: 'compile',
    module: 'lambdas/compile/handler.ts',
    timeoutSeconds: 900,
    memoryMb: 1_769,
    // What a check allocates for a row dies with it: a larger young generation takes 100 MB more and is no faster.
    nodeOptions: '--max-semi-space-size=8',
    source: { kind: 'queue', queue: 'jobs', batchSize: 1, windowSeconds: 0, maxConcurrency: 20 },
    purpose: 'check an upload, write the plan; load a suppression list; write an export',
  },
  {
    name: 'feeder',
    module: 'lambdas/feeder/handler.ts',
    timeoutSeconds: 300,
    memoryMb: 512,
    source: { kind: 'queue', queue: 'feed', batchSize: 1, windowSeconds: 0, maxConcurrency: 20 },
    purpose: 'copy plan pages to the dispatch queues',
  },
  {
    name: 'settle',
    module: 'lambdas/settle/handler.ts',
    timeoutSeconds: 60,
    memoryMb: 1_024,
    source: { kind: 'queue', queue: 'settle', batchSize: 10, windowSeconds: 1, maxConcurrency: 20 },
    purpose: 'fold the facts of pages into summaries',
  },
  {
    name: 'scheduler',
    module: 'lambdas/scheduler/handler.ts',
    timeoutSeconds: 60,
    memoryMb: 512,
    source: { kind: 'schedule', everyMinutes: 1 },
    purpose: 'due campaigns, feeders, sweeps',
  },
  {
    name: 'inbound',
    module: 'lambdas/inbound/handler.ts',
    timeoutSeconds: 30,
    memoryMb: 256,
    source: { kind: 'queue', queue: 'inbound', batchSize: 10, windowSeconds: 1, maxConcurrency: 5 },
    purpose: 'keep mobile-originated messages, obey STOP and START',
  },
]

/** Variables every function and worker must have, parsed by `aws/config.ts` with the optional ones. */
export const ENVIRONMENT = {
  registryTable: 'REGISTRY_TABLE',
  ledgerTable: 'LEDGER_TABLE',
  bucket: 'BUCKET',
  /** A queue's URL is this followed by its name. */
  queueUrlPrefix: 'QUEUE_URL_PREFIX',
} as const

export interface TableSpec {
  name: 'registry' | 'ledger'
  /** Sparse index over campaigns the scheduler must look at. */
  dueIndex: boolean
}
export const TABLES: readonly TableSpec[] = [
  { name: 'registry', dueIndex: true },
  { name: 'ledger', dueIndex: false },
]
/** Name and keys of the sparse index: only items that carry both attributes are in it. */
export const DUE_INDEX = { name: 'due', hash: 'dueBucket', range: 'dueAt' } as const
