import type { Timing } from '../../shared/timing.ts'

/**
 * Wait before reconnecting after `failures` attempts in a row: full jitter over an exponentially growing range, so that
 * binds cut together do not come back together.
 *
 * @param failures at least 1; the first range is `reconnectBaseMs`, each further one twice as long up to `reconnectCapMs`.
 * @param random in [0, 1).
 */
export function backoffMs(
  failures: number,
  timing: Pick<Timing, 'reconnectBaseMs' | 'reconnectCapMs'>,
  random: number,
): number {
  // 2^1024 would be Infinity, which min() takes; no need to bound the exponent.
  const rangeMs = Math.min(timing.reconnectCapMs, timing.reconnectBaseMs * 2 ** (failures - 1))
  return random * rangeMs
}

/**
 * A wait somebody else fixed, or up to half as long again: never shorter than asked for, and binds refused together do
 * not come back together, only to be refused together once more.
 *
 * @param random in [0, 1).
 */
export function spreadMs(ms: number, random: number): number {
  return ms * (1 + random / 2)
}
