import type { EpochMs } from '../../shared/ids.ts'
import type { PageKey } from '../ledger-writer.ts'

/** Which segment a message id belongs to. */
export interface SegmentRef {
  page: PageKey
  batch: number
  i: number
  part: number
  /** The number it was sent to. */
  to: string
  submittedAt: EpochMs
}

/**
 * Message ids this process got in responses, so that their receipts can be written where they belong without a
 * lookup. Bounded: beyond `capacity` the oldest is forgotten, and its receipt takes the slower way of any other that
 * this process cannot place (kept under route and id, matched by the settler).
 */
export class RememberedIds {
  readonly #capacity: number
  readonly #refs = new Map<string, SegmentRef>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#refs.size
  }

  remember(idKey: string, ref: SegmentRef): void {
    // A gateway that gives an id twice means the newer message by it.
    this.#refs.delete(idKey)
    this.#refs.set(idKey, ref)
    if (this.#refs.size > this.#capacity) {
      const oldest = this.#refs.keys().next().value
      if (oldest !== undefined) this.#refs.delete(oldest)
    }
  }

  find(idKey: string): SegmentRef | undefined {
    return this.#refs.get(idKey)
  }

  forget(idKey: string): void {
    this.#refs.delete(idKey)
  }
}
