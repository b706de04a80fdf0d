/** Holds things per key and gives them back in reverse: when enough wait, or the first has waited long enough. */
export class Reorderer<K, T> {
  readonly #held = new Map<K, { items: T[]; dueMs: number }>()

  /** Whether anything is held. */
  get holds(): boolean {
    return this.#held.size > 0
  }

  /** Takes one in; answers those of its key in reverse once there are `window` of them, nothing before. */
  hold(key: K, item: T, window: number, dueMs: number): T[] {
    const entry = this.#held.get(key)
    if (!entry) {
      this.#held.set(key, { items: [item], dueMs })
      return []
    }
    entry.items.push(item)
    if (entry.items.length < window) return []
    this.#held.delete(key)
    return entry.items.reverse()
  }

  /** Those that have waited long enough. */
  take(nowMs: number): T[] {
    const taken: T[] = []
    for (const [key, { items, dueMs }] of this.#held) {
      if (dueMs > nowMs) continue
      this.#held.delete(key)
      taken.push(...items.reverse())
    }
    return taken
  }
}
