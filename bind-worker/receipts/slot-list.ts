import { INT32S, NEWER, OLDER, type Records } from './records.ts'

const NONE = -1

/** Slots in the order they were added; any of them can leave at once. A slot is in one list at a time. */
export class SlotList {
  readonly #links: Int32Array
  #oldest = NONE
  #newest = NONE
  #size = 0

  constructor(records: Records) {
    this.#links = records.int32
  }

  get size(): number {
    return this.#size
  }

  /** The slot that was added first; -1 when there is none. */
  get oldest(): number {
    return this.#oldest
  }

  add(slot: number): void {
    const links = this.#links
    links[slot * INT32S + OLDER] = this.#newest
    links[slot * INT32S + NEWER] = NONE
    if (this.#newest === NONE) this.#oldest = slot
    else links[this.#newest * INT32S + NEWER] = slot
    this.#newest = slot
    this.#size++
  }

  /** The slot must be in this list. */
  remove(slot: number): void {
    const links = this.#links
    const before = links[slot * INT32S + OLDER]!
    const after = links[slot * INT32S + NEWER]!
    if (before === NONE) this.#oldest = after
    else links[before * INT32S + NEWER] = after
    if (after === NONE) this.#newest = before
    else links[after * INT32S + OLDER] = before
    this.#size--
  }
}
