/**
 * Holds a route to a rate of segments per second; its binds share one.
 *
 * A token bucket in the form of the generic cell rate algorithm (ITU-T I.371 Annex A): one number, the moment at which
 * the next token is due. A taker may come up to {@link BURST_MS} after a token was due without losing it, so late timers
 * do not lower the mean; what was due longer ago is forfeited. One that comes later than {@link PAUSE_MS} was not late
 * but idle, and begins anew with a single token: nothing bursts after a pause, or at the start.
 *
 * In any stretch of t milliseconds (its end excluded) at most rate × (t + BURST_MS) / 1000 tokens are given, rounded up:
 * in no second more than 102 % of the rate, or one token more where that is less than one.
 */
export class TokenBucket {
  readonly #intervalMs: number
  /** When the next token is due. */
  #dueMs = Number.NEGATIVE_INFINITY

  constructor(ratePerSecond: number) {
    if (!(ratePerSecond > 0)) throw new RangeError(`ratePerSecond must be above 0, got ${ratePerSecond}`)
    this.#intervalMs = 1_000 / ratePerSecond
  }

  /**
   * Takes a token if one is due at `nowMs` (monotonic milliseconds; fractions count). Of `tokens` the others are taken
   * in advance: for a PDU that counts as several segments.
   */
  tryTake(nowMs: number, tokens = 1): boolean {
    if (this.#dueMs > nowMs) return false
    const lateMs = nowMs - this.#dueMs
    const caughtUpMs = lateMs > PAUSE_MS ? 0 : Math.min(lateMs, BURST_MS)
    this.#dueMs = nowMs - caughtUpMs + tokens * this.#intervalMs
    return true
  }

  /** Whole milliseconds, as timers count them, until {@link tryTake} will succeed; 0 when it would now. */
  msUntil(nowMs: number): number {
    return Math.max(0, Math.ceil(this.#dueMs - nowMs))
  }
}

/**
 * How much arrears may be caught up at once: more than a timer is late on a healthy machine, and less than the 2 % of a
 * second that an operator lets pass, because the network squeezes what we spaced.
 */
export const BURST_MS = 15
/** Long against any stall of an event loop that is not in trouble. */
export const PAUSE_MS = 100
