import { HASH, INT32S, KEY, KEY_LENGTH, KEY_OCTETS, NEXT_IN_BUCKET, type Records, UINT8S } from './records.ts'

/** In place of a length: the key is among the strings, because it is too long for a record. */
const AS_STRING = 255

const NONE = -1

/**
 * Finds the slot of a key, like a Map from string to number whose entries are records of flat memory. Buckets are chains
 * of slots. A key is compared whole: two keys with one hash are two keys.
 */
export class KeyTable {
  readonly #records: Records
  /** One more than the first slot of each bucket; 0 is an empty one. */
  readonly #first: Int32Array
  readonly #mask: number
  readonly #strings = new Map<number, string>()
  #hashedKey = ''
  #hash = hashOf('')

  constructor(records: Records, capacity: number) {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)))
    this.#records = records
    this.#first = new Int32Array(buckets)
    this.#mask = buckets - 1
  }

  /** The slot of the key; -1 when there is none. */
  find(key: string): number {
    const { int32 } = this.#records
    const hash = this.#hashOf(key)
    let slot = this.#first[hash & this.#mask]! - 1
    while (slot !== NONE) {
      if (int32[slot * INT32S + HASH] === hash && this.#isKeyOf(slot, key)) return slot
      slot = int32[slot * INT32S + NEXT_IN_BUCKET]! - 1
    }
    return NONE
  }

  /** The key must not be in the table yet, nor the slot have one. */
  put(key: string, slot: number): void {
    const { int32 } = this.#records
    const hash = this.#hashOf(key)
    const bucket = hash & this.#mask
    int32[slot * INT32S + HASH] = hash
    int32[slot * INT32S + NEXT_IN_BUCKET] = this.#first[bucket]!
    this.#first[bucket] = slot + 1
    this.#write(slot, key)
  }

  remove(slot: number): void {
    const { int32, uint8 } = this.#records
    const bucket = int32[slot * INT32S + HASH]! & this.#mask
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

  /** Keys come twice in a row: looked up and then stored, looked up and then marked. */
  #hashOf(key: string): number {
    if (key !== this.#hashedKey) {
      this.#hash = hashOf(key)
      this.#hashedKey = key
    }
    return this.#hash
  }

  #write(slot: number, key: string): void {
    const { uint8 } = this.#records
    const fits = key.length <= KEY_OCTETS && isLatin1(key)
    uint8[slot * UINT8S + KEY_LENGTH] = fits ? key.length : AS_STRING
    if (!fits) this.#strings.set(slot, key)
    else for (let i = 0; i < key.length; i++) uint8[slot * UINT8S + KEY + i] = key.charCodeAt(i)
  }

  #isKeyOf(slot: number, key: string): boolean {
    const { uint8 } = this.#records
    const length = uint8[slot * UINT8S + KEY_LENGTH]
    if (length === AS_STRING) return this.#strings.get(slot) === key
    if (length !== key.length) return false
    const start = slot * UINT8S + KEY
    for (let i = 0; i < key.length; i++) if (uint8[start + i] !== key.charCodeAt(i)) return false
    return true
  }
}

function isLatin1(key: string): boolean {
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 0xff) return false
  return true
}

/** FNV-1a, then the finalizer of MurmurHash3, because buckets are told by the low bits and ids are often counted. */
export function hashOf(key: string): number {
  let hash = 0x811c_9dc5 | 0
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}
