import type { SegmentRef } from '../bind-worker/receipts/remembered-ids.ts'

/** What `RememberedIds` is measured against: a Map of objects, in order of age, that forgets with the final receipt. */
export class PlainIds {
  readonly #capacity: number
  readonly #refs = new Map<string, SegmentRef>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  remember(idKey: string, ref: SegmentRef): void {
    this.#refs.delete(idKey)
    this.#refs.set(idKey, ref)
    if (this.#refs.size <= this.#capacity) return
    const [oldest] = this.#refs.keys()
    this.#refs.delete(oldest!)
  }

  find(idKey: string): SegmentRef | undefined {
    return this.#refs.get(idKey)
  }

  markFinal(idKey: string): void {
    this.#refs.delete(idKey)
  }

  forgetFinal(): void {}
}
