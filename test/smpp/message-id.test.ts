import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alternateKeys, idKey } from '../../shared/smpp/message-id.ts'

const { rules } = JSON.parse(readFileSync(new URL('vectors/receipts.json', import.meta.url), 'utf8')) as {
  rules: { hex_decimal_correlation: [hex: string, decimal: string][] }
}

describe('idKey', () => {
  it.each([
    ['0123456789', '123456789'],
    ['ABCDEF', 'abcdef'],
    ['0', '0'],
    ['0000', '0'],
    ['', ''],
    ['74E02EE1-4e2f-4a6e-a78b-4b247d756a22', '74e02ee1-4e2f-4a6e-a78b-4b247d756a22'],
    ['0x1A2B3C4D', '1a2b3c4d'],
    [' 42\0\0', '42'],
    ['145100315320224957', '145100315320224957'],
  ])('writes %j as %j', (id, key) => expect(idKey(id)).toBe(key))

  it('is the same for every padding and case of an id, and stays itself', () => {
    const id = fc.stringMatching(/^[0-9a-zA-Z-]{1,40}$/).filter((text) => !/^0*x/i.test(text))
    fc.assert(
      fc.property(id, fc.nat(8), (text, zeros) => {
        const key = idKey(text)
        expect(idKey('0'.repeat(zeros) + text.toUpperCase())).toBe(key)
        expect(idKey(key)).toBe(key)
      }),
    )
  })
})

describe('alternateKeys', () => {
  it.each(rules.hex_decimal_correlation)(
    'finds %s in a response by %s in a receipt, and back',
    (hex, dec) => {
      expect(alternateKeys(dec, 'dec')).toEqual([idKey(hex)])
      expect(alternateKeys(hex, 'hex')).toEqual([idKey(dec)])
      expect(alternateKeys(dec, 'auto')).toContain(idKey(hex))
      expect(alternateKeys(hex, 'auto')).toContain(idKey(dec))
    },
  )

  it('converts nothing on a route whose ids are alike', () => {
    expect(alternateKeys('1503228523', 'raw')).toEqual([])
  })

  it('reads 0x as notation', () => {
    expect(alternateKeys('0x1A2B3C4D', 'hex')).toEqual(['439041101'])
  })

  it('converts no id that is not a number of at most 64 bit', () => {
    expect(alternateKeys('18446744073709551615', 'dec')).toEqual(['ffffffffffffffff'])
    expect(alternateKeys('18446744073709551616', 'dec')).toEqual([])
    expect(alternateKeys('10000000000000000', 'hex')).toEqual([]) // 17 hexadecimal digits
    expect(alternateKeys('DA86D4610CE0C0D23B0165A278EC0C43', 'auto')).toEqual([])
    expect(alternateKeys('gcm_msg_abc123', 'auto')).toEqual([])
    expect(alternateKeys('', 'auto')).toEqual([])
  })

  it('offers no key that is the id itself', () => {
    expect(alternateKeys('7', 'auto')).toEqual([])
  })
})
