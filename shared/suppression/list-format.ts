/**
 * The numbers of a list as an object of the store: a version, how many there are, and each one's distance from the one
 * before it, all as varints (seven bits an octet, low ones first, the high bit says that more follow). Five million
 * Indian numbers take ten megabytes.
 */
import { DakgharError } from '../errors.ts'

const VERSION = 1
/** A varint of an integer up to 2^53. */
const MAX_VARINT_OCTETS = 8
const MORE = 0x80
/** Integers below this are written and read with the machine's own arithmetic. */
const SMALL = 2 ** 31

/** Thrown when an object is not a list that {@link encodeNumbers} wrote. */
export class ListDamaged extends DakgharError {
  constructor(what: string) {
    super('suppression_list_damaged', `The numbers of a suppression list cannot be read: ${what}.`)
  }
}

/** Numbers ascending, each once. Sorts in place. */
export function sortedDistinct(numbers: Float64Array): Float64Array {
  numbers.sort()
  let kept = 0
  for (const number of numbers) {
    if (kept === 0 || numbers[kept - 1] !== number) numbers[kept++] = number
  }
  return numbers.subarray(0, kept)
}

/** Of numbers that ascend, each once: exact integers of up to 15 digits. */
export function encodeNumbers(numbers: Float64Array): Uint8Array {
  const octets = new Uint8Array(MAX_VARINT_OCTETS * (numbers.length + 2))
  let length = 0
  const write = (value: number): void => {
    let rest = value
    for (; rest >= SMALL; rest = Math.floor(rest / MORE)) octets[length++] = (rest % MORE) | MORE
    for (; rest >= MORE; rest >>= 7) octets[length++] = (rest & 0x7f) | MORE
    octets[length++] = rest
  }
  write(VERSION)
  write(numbers.length)
  let before = 0
  for (const number of numbers) {
    write(number - before)
    before = number
  }
  return octets.slice(0, length)
}

/** The numbers, ascending. @throws ListDamaged */
export function decodeNumbers(octets: Uint8Array): Float64Array {
  let at = 0
  const read = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= MORE) {
      const octet = octets[at++]
      if (octet === undefined) throw new ListDamaged('it ends in the middle')
      value += (octet & 0x7f) * scale
      if (octet < MORE) return value
    }
  }
  const version = read()
  if (version !== VERSION) throw new ListDamaged(`its version is ${version}, this program reads ${VERSION}`)
  const count = read()
  if (count > octets.length) throw new ListDamaged(`it claims ${count} numbers in ${octets.length} octets`)
  const numbers = new Float64Array(count)
  let number = 0
  for (let n = 0; n < count; n++) {
    number += read()
    numbers[n] = number
  }
  if (at < octets.length) throw new ListDamaged(`${octets.length - at} octets follow its end`)
  return numbers
}

/** Whether a number is among others that ascend. */
export function isAmong(numbers: Float64Array, number: number): boolean {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < number) low = middle + 1
    else high = middle
  }
  return numbers[low] === number
}
