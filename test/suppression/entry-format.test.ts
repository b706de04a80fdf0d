import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Msisdn } from '../../shared/ids.ts'
import type { SuppressionEntry } from '../../shared/suppression/entry.ts'
import {
  decodeEntries,
  encodeEntries,
  joinPacked,
  packEntries,
} from '../../shared/suppression/entry-format.ts'
import { anEntry } from './suppression.factory.ts'

const entry = fc.record({
  number: fc.oneof(
    fc.integer({ min: 916_000_000_000, max: 919_999_999_999 }),
    fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }),
  ),
  state: fc.constantFrom<SuppressionEntry['state']>('suppressed', 'allowed'),
  at: fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
})
const entries = fc
  .uniqueArray(entry, { maxLength: 100, selector: ({ number }) => number })
  .map((all) => all.map(({ number, ...said }) => anEntry({ ...said, msisdn: Msisdn.parse(`${number}`) })))

describe('single entries', () => {
  it('come back from their octets, in the order of their numbers, however they were packed', () => {
    fc.assert(
      fc.property(entries, fc.nat({ max: 100 }), (all, cut) => {
        const packed = joinPacked([packEntries(all.slice(0, cut)), packEntries(all.slice(cut))])
        const { suppressed, allowed, allowedAt } = decodeEntries(encodeEntries(packed))
        const sorted = all.toSorted((a, b) => Number(a.msisdn) - Number(b.msisdn))
        const [gone, back] = [
          sorted.filter(({ state }) => state === 'suppressed'),
          sorted.filter(({ state }) => state === 'allowed'),
        ]
        expect([...suppressed]).toEqual(gone.map(({ msisdn }) => Number(msisdn)))
        expect([...allowed]).toEqual(back.map(({ msisdn }) => Number(msisdn)))
        expect([...allowedAt]).toEqual(back.map(({ at }) => at))
      }),
    )
  })

  it('take three octets each when they are suppressed, as close together as a million in India are', () => {
    const numbers = Float64Array.from({ length: 50_000 }, (_, n) => 916_000_000_000 + n * 4_000 + (n % 7))
    const none = new Float64Array()
    const octets = encodeEntries({ suppressed: numbers, allowed: none, allowedAt: none })
    expect(octets.length).toBeLessThan(3 * numbers.length)
  })

  const octets = encodeEntries(packEntries([anEntry()]))
  it.each([
    ['nothing', new Uint8Array(), 'ends in the middle'],
    ['half of it', octets.subarray(0, octets.length - 1), 'ends in the middle'],
    ['more than it', Uint8Array.from([...octets, 1]), '1 octets follow its end'],
    ['another version', Uint8Array.from([2, ...octets.subarray(1)]), 'version is 2'],
    ['a count beyond its size', Uint8Array.from([1, 0xff, 0xff, 3, 1]), 'claims 65536 numbers in 5 octets'],
  ])('are refused when there is %s', (_what, damaged, why) => {
    expect(() => decodeEntries(damaged)).toThrow(why)
  })
})
