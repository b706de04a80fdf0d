/**
 * Numbers to be asked about for every row of an upload. They are sorted by hash bucket into one array, once; a question
 * looks up where its bucket begins and compares the few numbers in it, which share a cache line or two. That takes ten to
 * eleven bytes a number, where a Set takes forty.
 */
import { hashOfNumber } from '../csv/number-hash.ts'

/** Numbers in a bucket, on average; between half of it and all, as the count of buckets is a power of two. */
const BUCKET_NUMBERS = 4
const WORD_BITS = 32

/** A set of exact integers of up to 15 digits that never changes. */
export class SuppressionSet {
  readonly #mask: number
  /** Where each bucket begins in {@link #numbers}, and after the last one where that ends. */
  readonly #starts: Uint32Array
  readonly #numbers: Float64Array
  /** A bit for each hash that some number has: most that are asked about have none, and need not be looked for. */
  readonly #hashes: Uint32Array
  readonly #hashMask: number

  /** In any order; a number may be given more than once. */
  constructor(numbers: Float64Array) {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(1, numbers.length / BUCKET_NUMBERS)))
    this.#mask = buckets - 1
    this.#starts = new Uint32Array(buckets + 1)
    this.#numbers = new Float64Array(numbers.length)
    this.#hashes = new Uint32Array(buckets)
    this.#hashMask = buckets * WORD_BITS - 1
    this.#sort(numbers)
  }

  has(number: number): boolean {
    const hash = hashOfNumber(number)
    if (((this.#hashes[(hash & this.#hashMask) >>> 5]! >>> (hash & 31)) & 1) === 0) return false
    const bucket = hash & this.#mask
    const end = this.#starts[bucket + 1]!
    for (let at = this.#starts[bucket]!; at < end; at++) if (this.#numbers[at] === number) return true
    return false
  }

  /** A counting sort: bucket sizes, then ends, then each number goes before those of its bucket that came earlier. */
  #sort(numbers: Float64Array): void {
    for (const number of numbers) {
      const hash = hashOfNumber(number)
      this.#starts[hash & this.#mask]!++
      this.#hashes[(hash & this.#hashMask) >>> 5]! |= 1 << (hash & 31)
    }
    let end = 0
    for (let bucket = 0; bucket < this.#starts.length; bucket++) {
      end += this.#starts[bucket]!
      this.#starts[bucket] = end
    }
    for (const number of numbers) this.#numbers[--this.#starts[hashOfNumber(number) & this.#mask]!] = number
  }
}
