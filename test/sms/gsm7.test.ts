import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGsm7, encodeGsm7, gsmUnits } from '../../shared/sms/gsm7.ts'
import { gsmCharacter } from './arbitraries.ts'
import { vectors } from './vectors.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

describe('GSM 03.38 tables', () => {
  it.each(vectors.gsm_default_alphabet.filter((row) => row.codepoint !== 'U+001B'))(
    'has $codepoint at $code',
    ({ code, char }) => {
      expect(hex(encodeGsm7(char))).toBe(code.slice(2))
      expect(decodeGsm7(Buffer.from(code.slice(2), 'hex'))).toBe(char)
      expect(gsmUnits(char)).toBe(1)
    },
  )

  it.each(vectors.gsm_extension_table)('has $codepoint behind an escape, as $code', ({ code, char }) => {
    expect(hex(encodeGsm7(char))).toBe(code.slice(2))
    expect(decodeGsm7(Buffer.from(code.slice(2), 'hex'))).toBe(char)
    expect(gsmUnits(char)).toBe(2)
  })

  it('has no character but those: 127 of one septet and 10 of two', () => {
    const costs = Array.from({ length: 0x1_0000 }, (_, code) => gsmUnits(String.fromCharCode(code)))
    expect(costs.filter((units) => units === 1)).toHaveLength(127)
    expect(costs.filter((units) => units === 2)).toHaveLength(10)
    expect(costs.filter((units) => units === -1)).toHaveLength(0x1_0000 - 137)
  })

  it.each(vectors.not_gsm_but_often_believed)('does not have %j', (character) => {
    expect(gsmUnits(character)).toBe(-1)
  })

  it('does not take the escape code for a character', () => {
    expect(gsmUnits('a\u001bb')).toBe(-1)
  })
})

describe('encodeGsm7', () => {
  it.each(vectors.octet_vectors)('writes $text as $gsm_unpacked_hex', ({ text, gsm_unpacked_hex }) => {
    expect(hex(encodeGsm7(text))).toBe(gsm_unpacked_hex)
  })

  it('refuses a character outside the alphabet instead of sending another one', () => {
    expect(() => encodeGsm7('₹500')).toThrow(RangeError)
  })

  it('is undone by decodeGsm7 and gives an octet per septet', () => {
    fc.assert(
      fc.property(fc.string({ unit: gsmCharacter }), (text) => {
        const octets = encodeGsm7(text)
        expect(octets.length).toBe(gsmUnits(text))
        expect(decodeGsm7(octets)).toBe(text)
      }),
    )
  })
})

describe('decodeGsm7', () => {
  it('reads an unknown escape as the character of the default alphabet', () => {
    expect(decodeGsm7(Buffer.from([0x1b, 0x41]))).toBe('A')
  })

  it('shows a second escape, and one at the end, as a space', () => {
    expect(decodeGsm7(Buffer.from([0x1b, 0x1b, 0x41]))).toBe(' A')
    expect(decodeGsm7(Buffer.from([0x41, 0x1b]))).toBe('A ')
  })

  it('marks octets that are no septets', () => {
    expect(decodeGsm7(Buffer.from([0x41, 0xe9, 0x1b, 0xff]))).toBe('A\ufffd\ufffd')
  })
})
