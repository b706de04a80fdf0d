const COMMA = 0x2c
const LINE_FEED = 0x0a
const DIGIT_0 = 0x30
/** Integers below 2^31 divide fast: longer ones are written in two halves. */
const HALF = 1e9
const HALF_DIGITS = 9

/** Lines of integers, written as bytes: for millions of them a string would be made and thrown away for each. */
export class AsciiLines {
  readonly #bytes: Uint8Array
  #length = 0

  /** `maxBytes` is what all lines together may take. */
  constructor(maxBytes: number) {
    this.#bytes = new Uint8Array(maxBytes)
  }

  /** An integer from 0 to 2^53, and a comma. */
  field(value: number): void {
    this.#integer(value)
    this.#bytes[this.#length++] = COMMA
  }

  /** An integer, and the end of the line. */
  lastField(value: number): void {
    this.#integer(value)
    this.#bytes[this.#length++] = LINE_FEED
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #integer(value: number): void {
    if (value < HALF) return this.#digits(value | 0, 1)
    const high = Math.floor(value / HALF)
    this.#digits(high, 1)
    this.#digits(value - high * HALF, HALF_DIGITS)
  }

  #digits(value: number, atLeast: number): void {
    let count = atLeast
    for (let limit = 10 ** atLeast; value >= limit; limit *= 10) count++
    let rest = value | 0
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const tenth = (rest / 10) | 0
      this.#bytes[at] = DIGIT_0 + rest - tenth * 10
      rest = tenth
    }
    this.#length += count
  }
}
