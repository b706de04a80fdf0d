/** A request on its way: `late` once it waited longer than its timeout. */
export interface Pending<T> {
  readonly sequence: number
  readonly context: T
  readonly sentAtMs: number
  late: boolean
}

/**
 * Requests awaiting a response, by sequence number, at most `capacity` of them.
 *
 * All share one timeout, so the order they were sent in, which a Map keeps, is the order they expire in: finding the
 * expired ones never looks further than the first live one. An expired request leaves the window, but the last
 * `remembered` of them stay recognisable, because a response that comes late still tells what became of the message.
 */
export class PendingWindow<T> {
  readonly #pending = new Map<number, Pending<T>>()
  readonly #expired = new Map<number, Pending<T>>()
  readonly #timeoutMs: number
  readonly #remembered: number
  #capacity: number

  constructor(options: { capacity: number; timeoutMs: number; remembered?: number }) {
    this.#capacity = options.capacity
    this.#timeoutMs = options.timeoutMs
    this.#remembered = options.remembered ?? 10_000
  }

  get size(): number {
    return this.#pending.size
  }

  get capacity(): number {
    return this.#capacity
  }

  get isFull(): boolean {
    return this.#pending.size >= this.#capacity
  }

  /** Below the present size it lets nothing in until enough responses came. */
  setCapacity(capacity: number): void {
    this.#capacity = capacity
  }

  /** Whether a response with this sequence number would be recognised. */
  has(sequence: number): boolean {
    return this.#pending.has(sequence) || this.#expired.has(sequence)
  }

  /** False when the window is full. `nowMs` never runs backwards. */
  add(sequence: number, context: T, nowMs: number): boolean {
    if (this.isFull) return false
    if (this.has(sequence)) throw new Error(`sequence_number ${sequence} is still pending`)
    this.#pending.set(sequence, { sequence, context, sentAtMs: nowMs, late: false })
    return true
  }

  /** Takes out what a response with this sequence number answers; undefined when it answers nothing of ours. */
  resolve(sequence: number): Pending<T> | undefined {
    const pending = this.#pending.get(sequence)
    if (pending) {
      this.#pending.delete(sequence)
      return pending
    }
    const late = this.#expired.get(sequence)
    if (late) this.#expired.delete(sequence)
    return late
  }

  /** Those whose timeout has passed, in the order sent. */
  expire(nowMs: number): T[] {
    const expired: T[] = []
    for (const pending of this.#pending.values()) {
      if (pending.sentAtMs + this.#timeoutMs > nowMs) break
      this.#pending.delete(pending.sequence)
      this.#remember(pending)
      expired.push(pending.context)
    }
    return expired
  }

  /** Before this moment nothing can expire, not even what is added after `nowMs`. */
  nextExpiryMs(nowMs: number): number {
    const [oldest] = this.#pending.values()
    return (oldest?.sentAtMs ?? nowMs) + this.#timeoutMs
  }

  /** Empties the window at the end of a session: everything unanswered, in the order sent. */
  drainAll(): T[] {
    const unanswered = Array.from(this.#pending.values(), (pending) => pending.context)
    this.#pending.clear()
    this.#expired.clear()
    return unanswered
  }

  #remember(pending: Pending<T>): void {
    pending.late = true
    this.#expired.set(pending.sequence, pending)
    if (this.#expired.size <= this.#remembered) return
    const [oldest] = this.#expired.keys()
    this.#expired.delete(oldest!)
  }
}
