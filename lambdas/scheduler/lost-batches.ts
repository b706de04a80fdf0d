import type { EpochMs } from '../../shared/ids.ts'
import type { Claim } from '../../shared/ledger/facts.ts'

/**
 * Batches of a fed page that only a copy in the queue can bring forward: never claimed, given back, or held by a
 * worker whose lease is over. When the queue is empty as well, their copies are lost. Parked ones are the feeder's,
 * finished ones nobody's.
 */
export function batchesWithoutWorker(
  batches: number,
  claims: readonly Claim[],
  now: EpochMs,
  takeoverGraceMs: number,
): number[] {
  const claimOf = new Map(claims.map((claim) => [claim.batch, claim]))
  return Array.from({ length: batches }, (_, batch) => batch).filter((batch) => {
    const claim = claimOf.get(batch)
    if (!claim || claim.state === 'queued') return true
    return claim.state === 'held' && claim.leaseUntil + takeoverGraceMs < now
  })
}
