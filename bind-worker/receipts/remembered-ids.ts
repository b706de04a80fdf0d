import type { EpochMs } from '../../shared/ids.ts'
import type { PageKey } from '../ledger-writer.ts'
import { KeyTable } from './key-table.ts'
import { PageTable } from './page-table.ts'
import * as at from './records.ts'
import { Records } from './records.ts'
import { SlotList } from './slot-list.ts'

/** Which segment a message id belongs to. */
export interface SegmentRef {
  page: PageKey
  batch: number
  i: number
  /** 1-based; 0 stands for every part of the message. */
  part: number
  /** The number it was sent to. */
  to: string
}

const NONE = -1

/**
 * Message ids this process got in responses, so that their receipts can be written where they belong without a
 * lookup. Bounded by `capacity`. What makes room for a new id, in this order: the message whose final receipt came
 * longest ago; the message remembered longest ago. The receipt of one forgotten takes the slower way of any other that
 * this process cannot place: it is kept under route and id (`R#`), and the settler matches it.
 *
 * A message stays known for a while after its final receipt, because an SMSC that missed our acknowledgement sends the
 * receipt again, and the copy should end where the first did. Not for long: gateways give ids again.
 *
 * Everything is in flat memory, 70 octets for a message. A Map of objects takes two to three times that, grows into
 * pauses, and every collection of garbage walks through it (`npm run bench -- memory` measures both).
 */
export class RememberedIds {
  readonly #capacity: number
  readonly #records: Records
  readonly #keys: KeyTable
  readonly #pages = new PageTable()
  /** Numbers that are no integer a record can hold. */
  readonly #strings = new Map<number, string>()
  /** Without their final receipt. */
  readonly #awaited: SlotList
  readonly #final: SlotList
  /** Used before. Every other slot below `#unused` is in one of the lists above. */
  readonly #free: SlotList
  #unused = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#records = new Records(capacity)
    this.#keys = new KeyTable(this.#records, capacity)
    this.#awaited = new SlotList(this.#records)
    this.#final = new SlotList(this.#records)
    this.#free = new SlotList(this.#records)
  }

  /** Ids that {@link find} knows. */
  get size(): number {
    return this.#awaited.size + this.#final.size
  }

  /** Of those, without a final receipt. */
  get awaited(): number {
    return this.#awaited.size
  }

  /** Pages they are of: few, or something keeps pages that nobody names any more. */
  get pages(): number {
    return this.#pages.size
  }

  /** When the message that waits longest was submitted, to the second; null when none waits. */
  get oldestAwaitedAt(): EpochMs | null {
    const oldest = this.#awaited.oldest
    return oldest === NONE ? null : this.#since(oldest)
  }

  /** `idKey` as `idKey()` writes it. An empty one, of an SMSC that gave no id, is never asked for and not kept. */
  remember(idKey: string, ref: SegmentRef & { submittedAt: EpochMs }): void {
    if (idKey === '') return
    // A gateway that gives an id twice means the newer message by it.
    this.forget(idKey)
    const slot = this.#vacantSlot()
    const { int32, uint32, uint16, uint8, float64 } = this.#records
    this.#keys.put(idKey, slot)
    int32[slot * at.INT32S + at.PAGE] = this.#pages.hold(ref.page)
    uint16[slot * at.UINT16S + at.BATCH] = ref.batch
    uint16[slot * at.UINT16S + at.INDEX] = ref.i
    uint16[slot * at.UINT16S + at.PART] = ref.part
    const number = asInteger(ref.to)
    float64[slot * at.FLOAT64S + at.NUMBER] = number
    if (Number.isNaN(number)) this.#strings.set(slot, ref.to)
    uint32[slot * at.INT32S + at.SINCE] = ref.submittedAt / 1_000
    uint8[slot * at.UINT8S + at.IS_FINAL] = 0
    this.#awaited.add(slot)
  }

  find(idKey: string): SegmentRef | undefined {
    const slot = this.#keys.find(idKey)
    if (slot === NONE) return undefined
    const { int32, uint16, float64 } = this.#records
    const number = float64[slot * at.FLOAT64S + at.NUMBER]!
    return {
      page: this.#pages.at(int32[slot * at.INT32S + at.PAGE]!),
      batch: uint16[slot * at.UINT16S + at.BATCH]!,
      i: uint16[slot * at.UINT16S + at.INDEX]!,
      part: uint16[slot * at.UINT16S + at.PART]!,
      to: Number.isNaN(number) ? this.#strings.get(slot)! : String(number),
    }
  }

  /**
   * The final receipt of this message came: it is among the first to make room. Answers how long after its submit, to
   * the second; null when it came before, or nothing is known of it.
   */
  markFinal(idKey: string, now: EpochMs): number | null {
    const slot = this.#keys.find(idKey)
    if (slot === NONE || this.#isFinal(slot)) return null
    const lagMs = now - this.#since(slot)
    this.#awaited.remove(slot)
    this.#final.add(slot)
    this.#records.uint8[slot * at.UINT8S + at.IS_FINAL] = 1
    this.#records.uint32[slot * at.INT32S + at.SINCE] = now / 1_000
    return lagMs
  }

  /** Forgets messages whose final receipt came before this moment, to the second. */
  forgetFinal(before: EpochMs): void {
    for (let slot = this.#final.oldest; slot !== NONE; slot = this.#final.oldest) {
      if (this.#since(slot) >= before) break
      this.#vacate(slot)
    }
  }

  forget(idKey: string): void {
    const slot = this.#keys.find(idKey)
    if (slot !== NONE) this.#vacate(slot)
  }

  #vacantSlot(): number {
    const free = this.#free.oldest
    if (free !== NONE) {
      this.#free.remove(free)
      return free
    }
    if (this.#unused < this.#capacity) return this.#unused++
    const oldest = this.#final.size > 0 ? this.#final.oldest : this.#awaited.oldest
    this.#clear(oldest)
    return oldest
  }

  #vacate(slot: number): void {
    this.#clear(slot)
    this.#free.add(slot)
  }

  /** Leaves the slot in no list. */
  #clear(slot: number): void {
    const { int32, float64 } = this.#records
    this.#keys.remove(slot)
    this.#pages.release(int32[slot * at.INT32S + at.PAGE]!)
    if (Number.isNaN(float64[slot * at.FLOAT64S + at.NUMBER])) this.#strings.delete(slot)
    const list = this.#isFinal(slot) ? this.#final : this.#awaited
    list.remove(slot)
  }

  #isFinal(slot: number): boolean {
    return this.#records.uint8[slot * at.UINT8S + at.IS_FINAL] === 1
  }

  /** When it was submitted; from its final receipt on, when that came. Kept in whole seconds. */
  #since(slot: number): EpochMs {
    return this.#records.uint32[slot * at.INT32S + at.SINCE]! * 1_000
  }
}

const ZERO = '0'.charCodeAt(0)

/** NaN unless `String()` of the integer gives the same text again: no number of a plan is like that (`Msisdn`). */
function asInteger(to: string): number {
  if (to.length === 0 || to.length > 15 || to.charCodeAt(0) === ZERO) return Number.NaN
  let value = 0
  for (let i = 0; i < to.length; i++) {
    const digit = to.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
