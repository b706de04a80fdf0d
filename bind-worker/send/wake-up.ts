/**
 * Runs something soon, or at a moment: at most once per turn of the event loop however often it is asked for, and with
 * one timer, set to the earliest moment asked for.
 */
export class WakeUp {
  readonly #run: () => void
  #isSoon = false
  #timer: NodeJS.Timeout | null = null
  #timerAtMs = 0
  #closed = false

  constructor(run: () => void) {
    this.#run = run
  }

  soon(): void {
    if (this.#isSoon || this.#closed) return
    this.#isSoon = true
    setImmediate(() => {
      this.#isSoon = false
      this.#run()
    })
  }

  /** Both by the same monotonic clock, in milliseconds. */
  at(atMs: number, nowMs: number): void {
    if (this.#closed || (this.#timer && this.#timerAtMs <= atMs)) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timerAtMs = atMs
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.soon()
    }, atMs - nowMs)
  }

  /** Leaves no timer behind. */
  close(): void {
    this.#closed = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
