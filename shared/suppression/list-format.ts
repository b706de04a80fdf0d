/**
 * The numbers of a list as an object of the store: a version, how many there are, and each one's distance from the one
 * before it, all as varints. Five million Indian numbers take ten megabytes.
 */
import { DakgharError } from '../errors.ts'
import { varintReader, varintWriter } from './varints.ts'

const VERSION = 1

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
  const { write, written } = varintWriter(numbers.length + 2)
  write(VERSION)
  write(numbers.length)
  let before = 0
  for (const number of numbers) {
    write(number - before)
    before = number
  }
  return written()
}

/** The numbers, ascending. @throws ListDamaged */
export function decodeNumbers(octets: Uint8Array): Float64Array {
  const { read, octetsLeft } = varintReader(octets, (what) => new ListDamaged(what))
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
  if (octetsLeft() > 0) throw new ListDamaged(`${octetsLeft()} octets follow its end`)
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
