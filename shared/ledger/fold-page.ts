import type { EpochMs } from '../ids.ts'
import { statusOfStat } from '../smpp/states.ts'
import type { PageFacts } from './facts.ts'
import { type FoldOptions, type FoldShape, foldRecipients, type SegmentFold } from './fold.ts'
import { latencyBucket } from './latency.ts'
import { type PageSummary, PENDING, type Status } from './summary.ts'

/**
 * A page's facts as the one small item that reports add up. Pure, commutative and idempotent in the facts; `asOf` is
 * the moment of reading them. The unplaced-receipt lookups are the settler's and start from none.
 */
export function foldPage(
  shape: FoldShape,
  facts: PageFacts,
  options: FoldOptions & { asOf: EpochMs },
): PageSummary {
  const statuses: Partial<Record<Status, number>> = {}
  const reasons: Record<string, number> = {}
  const segments = { planned: 0, accepted: 0, delivered: 0, unconfirmed: 0, resent: 0 }
  const latency: Record<string, number> = {}
  const timeline: Record<string, number> = {}

  for (const recipient of foldRecipients(shape, facts, options)) {
    statuses[recipient.status] = (statuses[recipient.status] ?? 0) + 1
    if (recipient.code !== null) bump(reasons, `${recipient.status}|${recipient.code}`)
    for (const segment of recipient.segments) {
      segments.planned++
      if (isAccepted(segment)) segments.accepted++
      if (segment.status === 'delivered') segments.delivered++
      if (segment.status === 'unconfirmed') segments.unconfirmed++
      if (segment.resent) segments.resent++
      countTimes(segment, latency, timeline)
    }
  }

  return {
    statuses,
    reasons,
    segments,
    latency,
    timeline,
    parked: facts.claims
      .filter((claim) => claim.state === 'parked' && claim.parked !== null)
      .map((claim) => ({ batch: claim.batch, gen: claim.gen, owner: claim.owner, ...claim.parked! }))
      .sort((a, b) => a.batch - b.batch),
    settled: [...PENDING].every((status) => !statuses[status]),
    facts: countFacts(facts),
    asOf: options.asOf,
    lookups: 0,
    nextLookupAt: null,
  }
}

/** Grows with every fact and every change of a claim, so that two summaries of a page can be told older from newer. */
function countFacts(facts: PageFacts): number {
  const rows = facts.slices.reduce((sum, slice) => sum + slice.rows.length, 0)
  return facts.claims.reduce((sum, claim) => sum + claim.gen, rows)
}

function isAccepted(segment: SegmentFold): boolean {
  return segment.outcome?.[4] === 'accepted' || segment.receipt !== null
}

function countTimes(
  segment: SegmentFold,
  latency: Record<string, number>,
  timeline: Record<string, number>,
): void {
  const { outcome, receipt } = segment
  if (outcome?.[4] !== 'accepted') return
  bump(timeline, String(Math.floor(outcome[7] / 60_000)))
  if (receipt && statusOfStat(receipt[4]) !== 'pending') {
    bump(latency, String(latencyBucket(receipt[7] - outcome[6])))
  }
}

function bump(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}
