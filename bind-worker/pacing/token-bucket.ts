/**
 * Holds a bind to a rate of segments per second.
 *
 * A token bucket in the form of the generic cell rate algorithm (ITU-T I.371 Annex A): one number, the moment at which
 * the next token is due. A taker may come up to {@link BURST_MS} after a token was due without losing it, so late timers
 * do not lower the mean; what was due longer ago is forfeited, so a pause is never followed by a burst. In any stretch
 * of t milliseconds at most rate × (t + BURST_MS) / 1000 + 1 tokens are given.
 */
export class TokenBucket {
  readonly #intervalMs: number
  /** When the next token is due. */
  #dueMs = Number.NEGATIVE_INFINITY

  constructor(ratePerSecond: number) {
    if (!(ratePerSecond > 0)) throw new RangeError(`ratePerSecond must be above 0, got ${ratePerSecond}`)
    this.#intervalMs = 1_000 / ratePerSecond
  }

  /** Takes a token if one is due at `nowMs` (monotonic milliseconds; fractions count). */
  tryTake(nowMs: number): boolean {
    const dueMs = Math.max(this.#dueMs, nowMs - BURST_MS)
    if (dueMs > nowMs) return false
    this.#dueMs = dueMs + this.#intervalMs
    return true
  }

  /** Whole milliseconds, as timers count them, until {@link tryTake} will succeed; 0 when it would now. */
  msUntil(nowMs: number): number {
    return Math.max(0, Math.ceil(this.#dueMs - nowMs))
  }
}

/** How much arrears may be caught up at once. Long against a timer's lateness, short against an operator's second. */
export const BURST_MS = 100
