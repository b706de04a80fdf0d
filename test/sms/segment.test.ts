import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { gsmUnits } from '../../shared/sms/gsm7.ts'
import { type ReferenceBits, type Segmented, segment, unicodeCharacters } from '../../shared/sms/segment.ts'
import { encodeText } from '../../shared/sms/udh.ts'
import { anyText, gsmText } from './arbitraries.ts'
import { vectors } from './vectors.ts'

function segmented(text: string, bits: ReferenceBits = 8): Segmented {
  const result = segment(text, bits)
  if (!result.ok) throw new Error(`refused: ${result.code}`)
  return result
}

const sendable = vectors.vectors.filter((vector) => vector.text !== undefined)

describe('segment', () => {
  it.each(sendable)('counts and cuts "$name"', (vector) => {
    const { encoding, dataCoding, units, parts } = segmented(vector.text!)
    expect({ encoding, dataCoding, units, segments: parts.length }).toEqual({
      encoding: vector.encoding,
      dataCoding: vector.data_coding,
      units: vector.units,
      segments: vector.segments,
    })
    const octets = encodeText(vector.text!, dataCoding).toString('hex')
    expect(octets.startsWith(vector.first_octets_hex!)).toBe(true)
    if (typeof vector.split === 'string') {
      const [count, length] = vector.split.split(' x ').map(Number)
      expect(parts.map((part) => part.length)).toEqual(Array(count).fill(length))
    } else {
      expect(parts).toEqual(vector.split!.map((part) => part.text))
    }
  })

  it.each(sendable)('counts "$name" with 16-bit references', (vector) => {
    const result = segment(vector.text!, 16)
    const expected = vector.segments_with_16bit_reference!
    if (expected > 255) expect(result).toMatchObject({ ok: false, code: 'too_many_parts' })
    else expect(result).toMatchObject({ ok: true, parts: { length: expected } })
  })

  it('refuses half a surrogate pair and says where it stands', () => {
    const vector = vectors.vectors.find((candidate) => candidate.name === 'lone surrogate')!
    const text: string = JSON.parse(`"${vector.text_escaped}"`)
    expect(segment(text, 8)).toEqual({
      ok: false,
      code: 'lone_surrogate',
      message: expect.stringContaining('character 2 is half a surrogate pair (U+D800)'),
    })
    expect(segment('पत्र \udc00', 8)).toMatchObject({ ok: false, code: 'lone_surrogate' })
  })

  it.each([
    { alphabet: 'GSM', character: 'E', perPart: { 8: 153, 16: 152 } },
    { alphabet: 'UCS-2', character: 'अ', perPart: { 8: 67, 16: 66 } },
  ])('takes 255 parts of $alphabet and refuses 256', ({ character, perPart }) => {
    for (const bits of [8, 16] as const) {
      const full = character.repeat(255 * perPart[bits])
      expect(segmented(full, bits).parts).toHaveLength(255)
      expect(segment(full + character, bits)).toEqual({
        ok: false,
        code: 'too_many_parts',
        message: 'the text takes 256 segments, one message can have 255: shorten it',
      })
    }
  })
})

describe.each([
  { name: 'GSM texts', text: gsmText(700) },
  { name: 'texts of any script', text: anyText(400) },
])('segment, for $name', ({ text: arbitrary }) => {
  it.each([8, 16] as const)(
    'loses nothing, keeps every limit and cuts no pair (%d-bit references)',
    (bits) => {
      fc.assert(
        fc.property(arbitrary, (text) => {
          const { encoding, units, parts } = segmented(text, bits)
          const unitsOf = (part: string) => (encoding === 'GSM7' ? gsmUnits(part) : part.length)
          const single = encoding === 'GSM7' ? 160 : 70
          const concatenated = (encoding === 'GSM7' ? 153 : 67) - (bits === 16 ? 1 : 0)

          expect(parts.join('')).toBe(text)
          expect(units).toBe(parts.reduce((sum, part) => sum + unitsOf(part), 0))
          expect(parts.length === 1).toBe(units <= single)
          for (const part of parts) {
            expect(part.isWellFormed()).toBe(true)
            expect(unitsOf(part)).toBeLessThanOrEqual(parts.length === 1 ? single : concatenated)
          }
          // Greedy: a part ends early only when the next character, a pair, would not fit.
          for (const part of parts.slice(0, -1))
            expect(unitsOf(part)).toBeGreaterThanOrEqual(concatenated - 1)
        }),
      )
    },
  )
})

describe('segment, beside sms-segments-calculator', () => {
  it('agrees on GSM texts', () => {
    fc.assert(
      fc.property(gsmText(400), (text) => {
        const oracle = new SegmentedMessage(text)
        const { encoding, parts } = segmented(text)
        expect(oracle.encodingName).toBe('GSM-7')
        expect({ encoding, segments: parts.length }).toEqual({
          encoding: 'GSM7',
          segments: oracle.segmentsCount,
        })
      }),
      { numRuns: 60 },
    )
  })

  it('agrees on Unicode texts without marks and joiners, which it keeps together as graphemes', () => {
    const plain = fc.string({
      unit: fc.constantFrom('अ', '—', '₹', 'ç', 'a', '€', '😀'),
      maxLength: 250,
      size: 'max',
    })
    fc.assert(
      fc.property(plain, (text) => {
        fc.pre(gsmUnits(text) < 0)
        expect(segmented(text).parts).toHaveLength(new SegmentedMessage(text).segmentsCount)
      }),
      { numRuns: 60 },
    )
  })
})

describe('segment, unlike sms-segments-calculator', () => {
  it('cuts between a letter and its mark: handsets join parts before they draw them, and a segment is saved', () => {
    const text = 'क्'.repeat(67)
    expect(segmented(text).parts.map((part) => part.length)).toEqual([67, 67])
    expect(new SegmentedMessage(text).segmentsCount).toBe(3)
  })
})

describe('unicodeCharacters', () => {
  it('names each character that forces Unicode, with its place', () => {
    expect(unicodeCharacters('Hi — it’s 😀 ₹5')).toEqual([
      { character: '—', codePoint: 'U+2014', index: 3 },
      { character: '’', codePoint: 'U+2019', index: 7 },
      { character: '😀', codePoint: 'U+1F600', index: 10 },
      { character: '₹', codePoint: 'U+20B9', index: 13 },
    ])
  })

  it('finds none exactly when the text is GSM', () => {
    fc.assert(
      fc.property(anyText(50), (text) => {
        expect(unicodeCharacters(text).length === 0).toBe(gsmUnits(text) >= 0)
      }),
    )
  })
})
