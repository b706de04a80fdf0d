/**
 * The memory of `remembered-ids.ts`: a record of 64 octets for each slot, one cache line, because a look-up among a
 * million costs what it waits for memory. These are views of the same octets by element size.
 *
 *     octet  0     4      8      12    16      24     28     30  32    34          36 … 63
 *            next  older  newer  page  number  since  batch  i   part  key length  key
 *                                                                      final
 */
export class Records {
  readonly int32: Int32Array
  readonly uint32: Uint32Array
  readonly uint16: Uint16Array
  readonly uint8: Uint8Array
  readonly float64: Float64Array

  /** All zero, which the operating system gives away only when it is written to. */
  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * RECORD_OCTETS)
    this.int32 = new Int32Array(memory)
    this.uint32 = new Uint32Array(memory)
    this.uint16 = new Uint16Array(memory)
    this.uint8 = new Uint8Array(memory)
    this.float64 = new Float64Array(memory)
  }
}

const RECORD_OCTETS = 64

/** What a slot is multiplied by to get its record in a view. */
export const INT32S = RECORD_OCTETS / 4
export const UINT16S = RECORD_OCTETS / 2
export const UINT8S = RECORD_OCTETS
export const FLOAT64S = RECORD_OCTETS / 8

/** Fields, counted in elements of their view. By `key-table.ts`: */
export const NEXT_IN_BUCKET = 0 // int32
export const KEY_LENGTH = 34 // uint8
export const KEY = 9 // int32, seven of them

/** By `slot-list.ts`: */
export const OLDER = 1 // int32
export const NEWER = 2 // int32

/** By `remembered-ids.ts`: */
export const PAGE = 3 // int32
export const NUMBER = 2 // float64
export const SINCE = 6 // uint32
export const BATCH = 14 // uint16
export const INDEX = 15 // uint16
export const PART = 16 // uint16
export const IS_FINAL = 35 // uint8
