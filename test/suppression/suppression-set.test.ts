import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SuppressionSet } from '../../shared/suppression/suppression-set.ts'

const near = fc.integer({ min: 916_000_000_000, max: 916_000_000_200 })
const any = fc.oneof(near, fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }))

describe('SuppressionSet', () => {
  it('agrees with a Set', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 300 }), fc.array(any, { maxLength: 50 }), (numbers, asked) => {
        const model = new Set(numbers)
        const set = new SuppressionSet(Float64Array.from(numbers))
        for (const number of [...numbers, ...asked]) expect(set.has(number)).toBe(model.has(number))
      }),
    )
  })

  it('holds nothing when it is given nothing', () => {
    expect(new SuppressionSet(new Float64Array()).has(919_876_543_210)).toBe(false)
  })

  it('tells the numbers of a full block from those between them', () => {
    const even = Float64Array.from({ length: 100_000 }, (_, n) => 919_800_000_000 + 2 * n)
    const set = new SuppressionSet(even)
    const answers = Array.from({ length: 200_000 }, (_, n) => set.has(919_800_000_000 + n))
    expect(answers.every((held, n) => held === (n % 2 === 0))).toBe(true)
  })
})
