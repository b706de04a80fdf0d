import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segment } from '../../shared/sms/segment.ts'
import { concatUdh, encodeText, referenceNumber } from '../../shared/sms/udh.ts'
import { anyText, gsmText } from './arbitraries.ts'
import { vectors } from './vectors.ts'

describe('concatUdh', () => {
  it.each(vectors.udh_vectors)('writes part $part of $total, reference $reference, as $udh', (vector) => {
    const bits = vector.udh.startsWith('06') ? 16 : 8
    const udh = concatUdh(vector.reference, vector.total, vector.part, bits)
    expect(udh.toString('hex')).toBe(vector.udh)
  })

  it.each([
    { what: 'a reference beyond 8 bits', args: [256, 2, 1, 8] },
    { what: 'a reference beyond 16 bits', args: [65_536, 2, 1, 16] },
    { what: 'part 0', args: [1, 2, 0, 8] },
    { what: 'a part after the last', args: [1, 2, 3, 8] },
    { what: '256 parts', args: [1, 256, 1, 8] },
  ] as const)('refuses $what', ({ args: [reference, total, part, bits] }) => {
    expect(() => concatUdh(reference, total, part, bits)).toThrow(RangeError)
  })

  it.each([8, 16] as const)(
    'fits beside its text into the 140 octets of a short message (%d bits)',
    (bits) => {
      fc.assert(
        fc.property(fc.oneof(gsmText(700), anyText(400)), (text) => {
          const result = segment(text, bits)
          if (!result.ok || result.parts.length === 1) return
          for (const part of result.parts) {
            const header = concatUdh(1, result.parts.length, 1, bits).length
            const octets = encodeText(part, result.dataCoding).length
            // On the air septets are packed, the header padded to a septet boundary (3GPP TS 23.040 §9.2.3.24).
            const onAir = result.dataCoding === 8 ? header + octets : Math.ceil((header * 8) / 7) + octets
            expect(onAir).toBeLessThanOrEqual(result.dataCoding === 8 ? 140 : 160)
          }
        }),
      )
    },
  )
})

describe('referenceNumber', () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => `91${9_800_000_000 + i}`)

  it('is the same for the same message, whoever asks', () => {
    expect(referenceNumber('01JD3T', '919876543210', 8)).toBe(referenceNumber('01JD3T', '919876543210', 8))
  })

  it('stays what it is from release to release: two may run side by side during a deployment', () => {
    expect(referenceNumber('01JD3T', '919876543210', 16)).toBe(60_189)
  })

  it.each([8, 16] as const)('fits into %d bits', (bits) => {
    for (const number of numbers) {
      const reference = referenceNumber('campaign', number, bits)
      expect(Number.isInteger(reference) && reference >= 0 && reference < 2 ** bits).toBe(true)
    }
  })

  it('spreads neighbouring numbers evenly over all references', () => {
    const counts = new Array<number>(256).fill(0)
    for (const number of numbers) counts[referenceNumber('campaign', number, 8)]!++
    const mean = numbers.length / 256
    const chiSquare = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0)
    // 255 degrees of freedom: 99.9 % of fair draws stay below 330.
    expect(chiSquare).toBeLessThan(330)
  })

  it('differs between campaigns for all but about one in 256 recipients', () => {
    const clashes = numbers.filter(
      (number) => referenceNumber('a', number, 8) === referenceNumber('b', number, 8),
    )
    expect(clashes.length / numbers.length).toBeLessThan(2 / 256)
  })
})
