/** When a campaign would be through: so many segments at so many a second, inside its hours, until it expires. */
import type { LaunchTerms } from '../contracts/dispatch.ts'
import { closingOf, HOURS_GUARD_MS, nextOpening } from '../dlt/sending-hours.ts'
import type { EpochMs } from '../ids.ts'

export interface Forecast {
  /** When the last segment leaves; null when some would not leave before the expiry. */
  finishesAt: EpochMs | null
  /** What leaves in each stretch in which sending is allowed, in order: more than one where the day is too short. */
  stretches: { from: EpochMs; to: EpochMs; segments: number }[]
  /** Segments that would expire unsent. */
  expired: number
}

/** As if nothing else went through the pool: `tps` segments a second over all its routes. */
export function forecast(
  segments: number,
  { tps, startAt, terms }: { tps: number; startAt: EpochMs; terms: Pick<LaunchTerms, 'hours' | 'expiresAt'> },
): Forecast {
  const { hours, expiresAt } = terms
  const stretches: Forecast['stretches'] = []
  let left = segments
  let from = nextOpening(hours, startAt)
  while (left > 0 && from < expiresAt && tps > 0) {
    const closesAt = hours === null ? expiresAt : closingOf(hours, from)! - HOURS_GUARD_MS
    const room = Math.floor(((Math.min(closesAt, expiresAt) - from) * tps) / 1_000)
    const leaving = Math.min(left, room)
    if (leaving > 0) {
      stretches.push({ from, to: from + Math.ceil((leaving * 1_000) / tps), segments: leaving })
    }
    left -= leaving
    from = nextOpening(hours, closesAt)
  }
  return { finishesAt: left > 0 ? null : (stretches.at(-1)?.to ?? startAt), stretches, expired: left }
}
