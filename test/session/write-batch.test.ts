import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WriteBatch } from '../../bind-worker/session/write-batch.ts'

const writes = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: 30_000, max: 90_000 }).map((n) => new Uint8Array(n).fill(n)) },
  ),
  { maxLength: 60 },
)

test('a write batch gives every octet once, in order, whenever it is taken', () => {
  fc.assert(
    fc.property(writes, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (pushed, takeAfter) => {
      const batch = new WriteBatch()
      const taken: Buffer[] = []
      for (const [i, octets] of pushed.entries()) {
        batch.push(Buffer.from(octets))
        if (takeAfter[i]) taken.push(...batch.take())
      }
      taken.push(...batch.take())
      expect(batch.octets).toBe(0)
      // toEqual walks octet by octet; equals() is what makes this affordable.
      expect(Buffer.concat(taken).equals(Buffer.concat(pushed))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('a write batch is not changed by what its caller does with the Buffer afterwards', () => {
  const batch = new WriteBatch()
  const octets = Buffer.from('before')
  batch.push(octets)
  octets.write('after!')
  const taken = batch.take()
  batch.push(Buffer.from('next'))
  expect(Buffer.concat(taken).toString()).toBe('before')
})

test('small writes leave together', () => {
  const batch = new WriteBatch()
  for (let i = 0; i < 100; i++) batch.push(Buffer.alloc(200))
  expect(batch.take()).toHaveLength(1)
})
