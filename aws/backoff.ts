import type { Clock, Random } from '../shared/ports.ts'

const BASE_MS = 25
const CAP_MS = 2_000
/** Six seconds in all, on average: longer and the caller should know. */
export const MAX_ROUNDS = 10

/**
 * Waits before round `round` (1 is the first repeat): exponential with full jitter, so that many workers throttled
 * together do not come back together.
 */
export function backoff(clock: Clock, random: Random, round: number): Promise<void> {
  return clock.sleep(random.next() * Math.min(CAP_MS, BASE_MS * 2 ** round))
}
