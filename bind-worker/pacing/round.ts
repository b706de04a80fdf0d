/**
 * What one window's worth of responses says about latency. It lasts until enough segments were both sent and answered
 * in it, so that what it says is about the window as it was all along, and no less than {@link SHORTEST_MS}.
 */
export class Round {
  readonly #startedAtMs: number
  /** Of segments sent in this round. */
  readonly #latenciesMs: number[] = []
  /** Of all segments answered in this round: the slow ones were sent before it. */
  #answered = 0
  #sumMs = 0
  #mostInFlight = 0

  constructor(nowMs: number) {
    this.#startedAtMs = nowMs
  }

  add(nowMs: number, latencyMs: number, inFlight: number): void {
    this.#answered++
    this.#sumMs += latencyMs
    if (inFlight > this.#mostInFlight) this.#mostInFlight = inFlight
    if (nowMs - latencyMs >= this.#startedAtMs) this.#latenciesMs.push(latencyMs)
  }

  isComplete(nowMs: number, window: number): boolean {
    return (
      this.#latenciesMs.length >= Math.min(ENOUGH, 4 * window) && nowMs - this.#startedAtMs >= SHORTEST_MS
    )
  }

  get mostInFlight(): number {
    return this.#mostInFlight
  }

  get meanMs(): number {
    return this.#sumMs / this.#answered
  }

  /** The first quartile: what a response takes that nothing but a queue delays. */
  quickMs(): number {
    const sorted = Float64Array.from(this.#latenciesMs).sort()
    return sorted[sorted.length >> 2]!
  }
}

/** Responses from which a quartile is worth something; a narrow window need not fill more than four times. */
const ENOUGH = 20
/** Keeps a fast link from changing its window a thousand times a second, and averages over hiccups of either side. */
const SHORTEST_MS = 100
