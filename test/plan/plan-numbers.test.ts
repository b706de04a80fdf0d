import { describe, expect, it } from 'vitest'
import { costPaise, formatRupees } from '../../shared/campaign/money.ts'
import { CheckTally, SpreadSample } from '../../shared/campaign/plan-numbers.ts'
import { CheckNumbers } from '../../shared/campaign/record.ts'
import { aMessage, numberAt } from './plan.factory.ts'

const refused = (line: number, code: string) => ({
  line,
  code,
  message: `${code} in a sentence`,
  fields: ['x'],
})

describe('CheckTally', () => {
  it('counts rows, segments, long and unicode messages, and reasons', () => {
    const tally = new CheckTally()
    tally.add({
      accepted: [
        { line: 2, msisdn: numberAt(0), message: aMessage('hello') },
        { line: 3, msisdn: numberAt(1), message: aMessage('नमस्ते '.repeat(20)) },
      ],
      refused: [refused(4, 'number_missing'), refused(5, 'number_invalid'), refused(6, 'number_invalid')],
      duplicates: [{ line: 7, firstLine: 2, msisdn: numberAt(0), fields: ['x'] }],
      suppressed: [{ line: 8, msisdn: numberAt(2), fields: ['x'] }],
    })
    const numbers = tally.numbers(12.5)
    expect(CheckNumbers.parse(numbers)).toEqual({
      rows: 7,
      accepted: 2,
      invalid: 3,
      duplicates: 1,
      suppressed: 1,
      segments: 4,
      unicode: 1,
      long: 1,
      reasons: { number_invalid: 2, number_missing: 1 },
      costPaise: 50,
      samples: [
        { to: numberAt(0), text: 'hello', segments: 1 },
        { to: numberAt(1), text: 'नमस्ते '.repeat(20), segments: 3 },
      ],
      firstInvalid: [
        { line: 4, code: 'number_missing', message: 'number_missing in a sentence' },
        { line: 5, code: 'number_invalid', message: 'number_invalid in a sentence' },
        { line: 6, code: 'number_invalid', message: 'number_invalid in a sentence' },
      ],
    })
  })

  it('keeps the first ten refused rows', () => {
    const tally = new CheckTally()
    const rows = Array.from({ length: 30 }, (_, n) => refused(n + 2, 'number_invalid'))
    tally.add({ accepted: [], refused: rows, duplicates: [], suppressed: [] })
    expect(tally.numbers(12).firstInvalid.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })
})

describe('SpreadSample', () => {
  it.each([
    [0, []],
    [3, [0, 1, 2]],
    [5, [0, 1, 2, 3, 4]],
    [9, [0, 2, 4, 6, 8]],
  ])('takes of %i items %j', (count, expected) => {
    const sample = new SpreadSample<number>(5)
    for (let n = 0; n < count; n++) sample.offer(n)
    expect(sample.take()).toEqual(expected)
  })

  it.each([50, 1_000, 123_456])('takes five of %i, spread from the first to near the last', (count) => {
    const sample = new SpreadSample<number>(5)
    for (let n = 0; n < count; n++) sample.offer(n)
    const taken = sample.take()
    expect(taken).toHaveLength(5)
    expect(taken[0]).toBe(0)
    expect(taken[4]!).toBeGreaterThan(count * 0.8)
    for (let i = 1; i < 5; i++) expect(taken[i]! - taken[i - 1]!).toBeGreaterThan(count * 0.1)
  })
})

describe('money', () => {
  it('rounds a cost to a hundredth of a paisa', () => {
    expect(costPaise(3, 0.1)).toBe(0.3)
    expect(costPaise(1_000_000, 12.345)).toBe(12_345_000)
  })

  it('writes rupees grouped as in India', () => {
    expect(formatRupees(123_456_789)).toBe('₹12,34,567.89')
  })
})
