/** Receipts fall due in the thousands per second, one timer each would cost more than they do. */
const BUCKET_MS = 10

/** Items to be had again at or after a moment, in buckets of some milliseconds. Time is whatever the caller says it is. */
export class DelayQueue<T> {
  readonly #bucketMs: number
  readonly #buckets = new Map<number, T[]>()
  /** No bucket before this one holds anything. */
  #next = 0
  /** The last bucket that may have been taken: what is due earlier goes into the one after it. */
  #taken = Number.NEGATIVE_INFINITY
  #size = 0

  constructor(bucketMs = BUCKET_MS) {
    this.#bucketMs = bucketMs
  }

  get size(): number {
    return this.#size
  }

  push(dueMs: number, item: T): void {
    const index = Math.max(Math.ceil(dueMs / this.#bucketMs), this.#taken + 1)
    this.#next = this.#size === 0 ? index : Math.min(this.#next, index)
    const bucket = this.#buckets.get(index)
    if (bucket) bucket.push(item)
    else this.#buckets.set(index, [item])
    this.#size++
  }

  /** Everything due by `nowMs`, earliest bucket first. */
  take(nowMs: number): T[] {
    const taken: T[] = []
    const until = Math.floor(nowMs / this.#bucketMs)
    for (; this.#next <= until && this.#size > 0; this.#next++) {
      const bucket = this.#buckets.get(this.#next)
      if (!bucket) continue
      this.#buckets.delete(this.#next)
      this.#size -= bucket.length
      for (const item of bucket) taken.push(item)
    }
    this.#taken = until
    return taken
  }
}
