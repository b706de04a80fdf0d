import type { PlanSummary } from '../../shared/campaign/record.ts'
import type { Lane, RouteConfig } from '../../shared/contracts/route.ts'
import type { PoolId } from '../../shared/ids.ts'

/**
 * How far the feeder runs ahead of the workers. Far enough that they never wait for the scheduler's minute, near
 * enough that a pause leaves little in the queue and SQS's retention never matters.
 */
const AHEAD_SECONDS = 600

/** Segments per second that the routes of a pool which carry the lane may send together. */
export function laneTps(
  routes: readonly Pick<RouteConfig, 'pool' | 'lanes' | 'tps'>[],
  { pool, lane }: { pool: PoolId; lane: Lane },
): number {
  return routes
    .filter((route) => route.pool === pool && route.lanes.includes(lane))
    .reduce((tps, route) => tps + route.tps, 0)
}

/** Batches of this plan that keep a pool busy for ten minutes; at least one, so that the slowest pool moves on. */
export function batchesAhead(plan: Pick<PlanSummary, 'batches' | 'segments'>, tps: number): number {
  const segmentsPerBatch = plan.segments / plan.batches
  return Math.max(1, Math.ceil((tps * AHEAD_SECONDS) / segmentsPerBatch))
}
