/** Keeps the values of the last `capacity` keys that were asked for; a load that fails is not kept. */
export class LruCache<V> {
  readonly #capacity: number
  readonly #load: (key: string) => Promise<V>
  readonly #values = new Map<string, Promise<V>>()

  constructor(capacity: number, load: (key: string) => Promise<V>) {
    this.#capacity = capacity
    this.#load = load
  }

  /** Loads at most once for callers that ask at the same time. */
  get(key: string): Promise<V> {
    const value = this.#values.get(key) ?? this.#loaded(key)
    this.#values.delete(key)
    this.#values.set(key, value)
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#capacity) break
      this.#values.delete(oldest)
    }
    return value
  }

  #loaded(key: string): Promise<V> {
    const value = this.#load(key)
    value.catch(() => {
      if (this.#values.get(key) === value) this.#values.delete(key)
    })
    return value
  }
}
