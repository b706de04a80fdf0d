import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeNumbers,
  encodeNumbers,
  isAmong,
  sortedDistinct,
} from '../../shared/suppression/list-format.ts'

const number = fc.oneof(
  fc.integer({ min: 916_000_000_000, max: 919_999_999_999 }),
  fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }),
)

describe('the numbers of a list', () => {
  it('come back from their octets ascending, each once', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), (numbers) => {
        const back = decodeNumbers(encodeNumbers(sortedDistinct(Float64Array.from(numbers))))
        expect([...back]).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      }),
    )
  })

  it('take two octets each, as close together as five million in India are', () => {
    const numbers = Float64Array.from({ length: 50_000 }, (_, n) => 916_000_000_000 + n * 800 + (n % 7))
    expect(encodeNumbers(numbers).length).toBeLessThan(2 * numbers.length + 16)
  })

  it('are found by bisection, and others are not', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 50 }), number, (numbers, asked) => {
        const sorted = sortedDistinct(Float64Array.from(numbers))
        for (const held of numbers) expect(isAmong(sorted, held)).toBe(true)
        expect(isAmong(sorted, asked)).toBe(numbers.includes(asked))
      }),
    )
  })

  const octets = encodeNumbers(Float64Array.from([919_876_543_210, 919_876_543_211]))
  it.each([
    ['nothing', new Uint8Array(), 'ends in the middle'],
    ['half of it', octets.subarray(0, octets.length - 1), 'ends in the middle'],
    ['more than it', Uint8Array.from([...octets, 1]), '1 octets follow its end'],
    ['another version', Uint8Array.from([2, ...octets.subarray(1)]), 'version is 2'],
    ['a count beyond its size', Uint8Array.from([1, 0xff, 0xff, 3]), 'claims 65535 numbers in 4 octets'],
  ])('are refused when there is %s', (_what, damaged, why) => {
    expect(() => decodeNumbers(damaged)).toThrow(why)
  })
})
