/** Counts per key within whole seconds, as gateways do that throttle. */
export class TpsMeter {
  readonly #tps: number
  readonly #counts = new Map<string, { second: number; admitted: number }>()

  constructor(tps: number) {
    this.#tps = tps
  }

  /** Whether one more of `key` is within the limit; only those that are use it up. */
  admits(key: string, nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000)
    const count = this.#counts.get(key)
    if (!count || count.second !== second) {
      this.#counts.set(key, { second, admitted: 1 })
      return true
    }
    if (count.admitted >= this.#tps) return false
    count.admitted++
    return true
  }
}
