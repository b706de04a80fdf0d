/**
 * The memory of `remembered-ids.ts`: one record of 96 octets for each slot, so that a look-up among a million touches
 * two cache lines and not one for every field. Views of the same memory by element size; fields are named below.
 *
 *     octet   0        16        24                     32      40      48 … 95
 *             hash     page      part, length, final    number  since   key
 *             next     batch, i
 *             older
 *             newer
 */
export class Records {
  readonly int32: Int32Array
  readonly uint16: Uint16Array
  readonly uint8: Uint8Array
  readonly float64: Float64Array

  /** All zero, which the operating system gives away only when it is written to. */
  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * RECORD_OCTETS)
    this.int32 = new Int32Array(memory)
    this.uint16 = new Uint16Array(memory)
    this.uint8 = new Uint8Array(memory)
    this.float64 = new Float64Array(memory)
  }
}

const RECORD_OCTETS = 96

/** What a slot is multiplied by to get its record in a view. */
export const INT32S = RECORD_OCTETS / 4
export const UINT16S = RECORD_OCTETS / 2
export const UINT8S = RECORD_OCTETS
export const FLOAT64S = RECORD_OCTETS / 8

/** Fields, counted in elements of their view. By `key-table.ts`: */
export const HASH = 0 // int32
export const NEXT_IN_BUCKET = 1 // int32
export const KEY_LENGTH = 26 // uint8
export const KEY = 48 // uint8
export const KEY_OCTETS = UINT8S - KEY

/** By `slot-list.ts`: */
export const OLDER = 2 // int32
export const NEWER = 3 // int32

/** By `remembered-ids.ts`: */
export const PAGE = 4 // int32
export const BATCH = 10 // uint16
export const INDEX = 11 // uint16
export const PART = 12 // uint16
export const IS_FINAL = 27 // uint8
export const NUMBER = 4 // float64
export const SINCE = 5 // float64
