import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packBatches } from '../../aws/pack-batches.ts'

const MIB = 1024 * 1024
const bytesOf = (bodies: readonly { body: string }[]) =>
  bodies.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0)

describe('bodies packed into requests', () => {
  it('keep their order and lose none, at most ten and one MiB to a request', () => {
    const Body = fc.nat(400_000).map((length) => 'ह'.repeat(length))
    fc.assert(
      fc.property(fc.array(Body, { maxLength: 40 }), (bodies) => {
        const batches = packBatches(bodies)
        expect(batches.flat().map(({ index }) => index)).toEqual(bodies.map((_, index) => index))
        expect(batches.every((batch) => batch.length <= 10)).toBe(true)
        expect(batches.every((batch) => batch.length === 1 || bytesOf(batch) <= MIB)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('fill a request before they open the next', () => {
    expect(packBatches(Array(25).fill('x')).map((batch) => batch.length)).toEqual([10, 10, 5])
  })

  it('leave a body over the limit alone in its request, for SQS to refuse', () => {
    const batches = packBatches(['a', 'x'.repeat(MIB + 1), 'b'])
    expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1])
  })
})
