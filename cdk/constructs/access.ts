/** Who may do what with the tables, the bucket and the queues: the whole list, checked against what is really called. */
import type { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import {
  deadLetters,
  dispatchQueue,
  type FunctionSpec,
  poolQueues,
  type QueueName,
} from '../../shared/contracts/wiring.ts'

/** Folders of the bucket, by the first part of their keys. */
export const FOLDERS = ['uploads', 'plans', 'exports', 'suppressions'] as const
export type Folder = (typeof FOLDERS)[number]

export interface Access {
  registry: readonly ('read' | 'write' | 'due')[]
  ledger: readonly ('read' | 'write')[]
  /** Reading is also asking whether an object is there. */
  reads: readonly Folder[]
  writes: readonly Folder[]
  sendsTo: readonly QueueName[]
  /** Queues whose depth it asks for. */
  watches: readonly QueueName[]
  /** Queues it pulls from by itself; event sources have grants of their own. */
  pullsFrom: readonly QueueName[]
}

const NOTHING: Access = {
  registry: [],
  ledger: [],
  reads: [],
  writes: [],
  sendsTo: [],
  watches: [],
  pullsFrom: [],
}
const ALL = ['read', 'write'] as const

/** What a function of the wiring may do. */
export function functionAccess(name: FunctionSpec['name'], pools: readonly PoolConfig[]): Access {
  const dispatch = pools.flatMap(poolQueues).map((queue) => queue.name)
  switch (name) {
    case 'api':
      return {
        ...NOTHING,
        registry: ALL,
        ledger: ['read'],
        reads: FOLDERS,
        writes: ['uploads', 'exports'],
        sendsTo: ['jobs', 'feed'],
      }
    case 'compile':
      return {
        ...NOTHING,
        registry: ALL,
        ledger: ['read'],
        reads: ['uploads', 'plans', 'suppressions'],
        writes: ['plans', 'exports', 'suppressions'],
        sendsTo: ['feed'],
      }
    case 'feeder':
      return {
        ...NOTHING,
        registry: ALL,
        ledger: ALL,
        reads: ['plans', 'suppressions'],
        writes: ['plans'],
        sendsTo: ['feed', 'settle', ...dispatch],
        watches: dispatch,
      }
    case 'settle':
      return { ...NOTHING, registry: ALL, ledger: ALL, reads: ['plans'], sendsTo: ['feed'] }
    case 'scheduler':
      return {
        ...NOTHING,
        registry: [...ALL, 'due'],
        ledger: ALL,
        reads: ['plans', 'suppressions'],
        sendsTo: ['jobs', 'feed', 'settle', ...dispatch],
        watches: ['jobs', ...dispatch],
      }
    case 'inbound':
      return { ...NOTHING, registry: ALL }
  }
}

/** What the worker of a route may do. */
export function workerAccess(route: RouteConfig): Access {
  const queues = route.lanes.map((lane) => dispatchQueue(route.pool, lane))
  return {
    ...NOTHING,
    registry: ALL,
    ledger: ALL,
    sendsTo: ['settle', 'inbound', ...queues.map(deadLetters)],
    pullsFrom: queues,
  }
}

/** What putting pools and routes in place takes. */
export const DEPLOYMENT_ACCESS: Access = { ...NOTHING, registry: ['write'] }
