import { hashOfPacked, hashOfString, KEY_WORDS, PackedKey } from './packed-key.ts'
import { INT32S, KEY, KEY_LENGTH, NEXT_IN_BUCKET, type Records, UINT8S } from './records.ts'

/** In place of a length: the key could not be packed and is among the strings. */
const AS_STRING = 255

const NONE = -1

/**
 * Finds the slot of a key, like a Map from string to number whose entries are records of flat memory. Buckets are chains
 * of slots. A key is compared whole, so two keys in one bucket are two keys, whatever their hashes.
 */
export class KeyTable {
  readonly #records: Records
  /** One more than the first slot of each bucket; 0 is an empty one. */
  readonly #first: Int32Array
  readonly #mask: number
  readonly #strings = new Map<number, string>()
  readonly #packed = new PackedKey()
  /** The key asked for last, which comes twice in a row: looked up and then stored, or looked up and then marked. */
  #key: string | null = null
  #isPacked = false
  #bucket = 0

  constructor(records: Records, capacity: number) {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)))
    this.#records = records
    this.#first = new Int32Array(buckets)
    this.#mask = buckets - 1
  }

  /** The slot of the key; -1 when there is none. */
  find(key: string): number {
    this.#turnTo(key)
    const { int32 } = this.#records
    let slot = this.#first[this.#bucket]! - 1
    while (slot !== NONE && !this.#hasKey(slot)) slot = int32[slot * INT32S + NEXT_IN_BUCKET]! - 1
    return slot
  }

  /** The key must not be in the table yet, nor the slot have one. */
  put(key: string, slot: number): void {
    this.#turnTo(key)
    const { int32, uint8 } = this.#records
    int32[slot * INT32S + NEXT_IN_BUCKET] = this.#first[this.#bucket]!
    this.#first[this.#bucket] = slot + 1
    uint8[slot * UINT8S + KEY_LENGTH] = this.#isPacked ? this.#packed.length : AS_STRING
    if (!this.#isPacked) this.#strings.set(slot, key)
    else
      for (let word = 0; word < KEY_WORDS; word++)
        int32[slot * INT32S + KEY + word] = this.#packed.words[word]!
  }

  remove(slot: number): void {
    const { int32, uint8 } = this.#records
    const bucket = this.#bucketOf(slot)
    const after = int32[slot * INT32S + NEXT_IN_BUCKET]!
    let at = this.#first[bucket]! - 1
    if (at === slot) this.#first[bucket] = after
    else {
      for (let next = NONE; ; at = next) {
        next = int32[at * INT32S + NEXT_IN_BUCKET]! - 1
        if (next === slot) break
      }
      int32[at * INT32S + NEXT_IN_BUCKET] = after
    }
    if (uint8[slot * UINT8S + KEY_LENGTH] === AS_STRING) this.#strings.delete(slot)
  }

  #turnTo(key: string): void {
    if (key === this.#key) return
    this.#key = key
    this.#isPacked = this.#packed.pack(key)
    const { words, length } = this.#packed
    this.#bucket = (this.#isPacked ? hashOfPacked(words, 0, length) : hashOfString(key)) & this.#mask
  }

  /** Whether the slot's key is the one turned to. */
  #hasKey(slot: number): boolean {
    const { int32, uint8 } = this.#records
    const length = uint8[slot * UINT8S + KEY_LENGTH]
    if (!this.#isPacked) return length === AS_STRING && this.#strings.get(slot) === this.#key
    if (length !== this.#packed.length) return false
    const { words } = this.#packed
    const start = slot * INT32S + KEY
    for (let word = 0; word < KEY_WORDS; word++) if (int32[start + word] !== words[word]) return false
    return true
  }

  #bucketOf(slot: number): number {
    const { int32, uint8 } = this.#records
    const length = uint8[slot * UINT8S + KEY_LENGTH]!
    if (length === AS_STRING) return hashOfString(this.#strings.get(slot)!) & this.#mask
    return hashOfPacked(int32, slot * INT32S + KEY, length) & this.#mask
  }
}
