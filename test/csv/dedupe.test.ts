import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberTable } from '../../shared/csv/dedupe.ts'

/** Adds the numbers, first wins, as a file's lines from 1; answers the first line of each. */
function lines(table: NumberTable, numbers: readonly number[]): number[] {
  return numbers.map((number, n) => {
    const slot = table.slotOf(number)
    const first = table.lineAt(slot)
    if (first === 0) table.add(slot, number, n + 1)
    return first === 0 ? n + 1 : first
  })
}

describe('NumberTable', () => {
  it('remembers the first line of every number, as a Map would', () => {
    const number = fc.oneof(
      fc.integer({ min: 916_000_000_000, max: 916_000_000_050 }),
      fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }),
    )
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), (numbers) => {
        const map = new Map<number, number>()
        const expected = numbers.map((value, n) => {
          if (!map.has(value)) map.set(value, n + 1)
          return map.get(value)!
        })
        const table = new NumberTable()
        expect(lines(table, numbers)).toEqual(expected)
        expect(table.size).toBe(map.size)
        expect([...map.keys()]).toEqual(Array.from({ length: table.size }, (_, n) => table.numberAt(n)))
      }),
    )
  })

  it('keeps lines and order while it grows', () => {
    const numbers = Array.from({ length: 100_000 }, (_, n) => 919_000_000_000 + ((n * 7_919) % 100_003))
    const table = new NumberTable()
    lines(table, numbers)
    expect(lines(table, numbers)).toEqual(numbers.map((_, n) => n + 1))
    expect(table.size).toBe(numbers.length)
    expect(table.numberAt(99_999)).toBe(numbers[99_999])
  })
})
