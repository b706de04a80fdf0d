/**
 * Numbers seen in a file, with the line of the first: an open-addressing table on typed arrays, because a Map of a
 * million strings takes ten times the memory and its garbage collection shows in the throughput. The slots hold
 * ordinals only; numbers and lines lie in the order they came, so a new number touches one random place in memory.
 */

import { hashOfNumber } from './number-hash.ts'

const FIRST_SLOTS = 1 << 14
/** Linear probing stays short up to here. */
const MAX_LOAD = 0.5
const FREE = 0

/** Numbers in the order they came, and whether one was there before. Numbers are exact integers of up to 15 digits. */
export class NumberTable {
  /** Ordinal + 1 of the number that hashed to this slot, or {@link FREE}. The length is a power of two. */
  #slots = new Uint32Array(FIRST_SLOTS)
  /** By ordinal. Numbers of ITU-T E.164 have at most 15 digits: exact in a double. */
  #numbers = new Float64Array(FIRST_SLOTS * MAX_LOAD)
  #lines = new Uint32Array(FIRST_SLOTS * MAX_LOAD)
  #size = 0

  /** How many numbers were added. */
  get size(): number {
    return this.#size
  }

  /** Where the number is, or the free slot it would take; good until the next {@link add}. */
  slotOf(number: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOfNumber(number) & mask
    for (;;) {
      const taken = this.#slots[slot]!
      if (taken === FREE || this.#numbers[taken - 1] === number) return slot
      slot = (slot + 1) & mask
    }
  }

  /** Line of the number in this slot, 0 when the slot is free. */
  lineAt(slot: number): number {
    const taken = this.#slots[slot]!
    return taken === FREE ? 0 : this.#lines[taken - 1]!
  }

  /** Puts a number into the free slot {@link slotOf} gave; its ordinal is how many were added before it. */
  add(slot: number, number: number, line: number): void {
    if (this.#size === this.#numbers.length) {
      this.#grow()
      this.add(this.slotOf(number), number, line)
      return
    }
    this.#numbers[this.#size] = number
    this.#lines[this.#size] = line
    this.#slots[slot] = ++this.#size
  }

  /** The number that was added as the ordinal-th, from 0. */
  numberAt(ordinal: number): number {
    return this.#numbers[ordinal]!
  }

  #grow(): void {
    const numbers = new Float64Array(this.#numbers.length * 2)
    const lines = new Uint32Array(numbers.length)
    numbers.set(this.#numbers)
    lines.set(this.#lines)
    this.#numbers = numbers
    this.#lines = lines
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let ordinal = 0; ordinal < this.#size; ordinal++) {
      this.#slots[this.slotOf(numbers[ordinal]!)] = ordinal + 1
    }
  }
}
