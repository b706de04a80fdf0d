import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IdMode, idKey, readings, receiptKeys } from '../../shared/smpp/message-id.ts'

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

describe('readings', () => {
  const keys = (id: string, mode: IdMode) => readings(id, mode).map(({ form, key }) => `${form} ${key}`)

  it.each(rules.hex_decimal_correlation)(
    'finds %s in a response by %s in a receipt, and back',
    (hex, dec) => {
      expect(keys(dec, 'dec')).toEqual([`raw ${dec}`, `dec ${idKey(hex)}`])
      expect(keys(hex, 'hex')).toEqual([`raw ${idKey(hex)}`, `hex ${dec}`])
      expect(keys(dec, 'auto')).toContain(`dec ${idKey(hex)}`)
      expect(keys(hex, 'auto')).toContain(`hex ${dec}`)
    },
  )

  it('has three for an id of digits where nothing is known: 1000 may be 1000, 3e8 or 4096', () => {
    expect(keys('1000', 'auto')).toEqual(['raw 1000', 'dec 3e8', 'hex 4096'])
    expect(keys('0000001000', 'auto')).toEqual(['raw 1000', 'dec 3e8', 'hex 4096'])
  })

  it('converts nothing on a route whose ids are alike', () => {
    expect(keys('1503228523', 'raw')).toEqual(['raw 1503228523'])
  })

  it('takes what is written with 0x for hexadecimal, never for decimal', () => {
    expect(keys('0x1A2B3C4D', 'hex')).toEqual(['raw 1a2b3c4d', 'hex 439041101'])
    expect(keys('0x1000', 'auto')).toEqual(['raw 1000', 'hex 4096'])
  })

  it('converts no id that is not a number of at most 64 bit', () => {
    expect(keys('18446744073709551615', 'dec')).toContain('dec ffffffffffffffff')
    for (const [id, mode] of [
      ['18446744073709551616', 'dec'],
      ['10000000000000000', 'hex'], // 17 hexadecimal digits
      ['406220210000000000042', 'auto'],
      ['DA86D4610CE0C0D23B0165A278EC0C43', 'auto'],
      ['74e02ee1-4e2f-4a6e-a78b-4b247d756a22', 'auto'],
      ['gcm_msg_abc123', 'auto'],
      ['', 'auto'],
    ] as const)
      expect(readings(id, mode)).toEqual([{ form: 'raw', key: idKey(id) }])
  })

  it('has one for an id that is the same in every notation', () => {
    for (const id of ['7', '007', '0', '0000']) expect(readings(id, 'auto')).toHaveLength(1)
  })

  it('converts every number of 64 bit as BigInt does, short or long', () => {
    fc.assert(
      fc.property(fc.bigInt(10n, 2n ** 64n - 1n), (value) => {
        expect(keys(value.toString(), 'dec')).toContain(`dec ${value.toString(16)}`)
        expect(keys(`0x${value.toString(16)}`, 'hex')).toContain(`hex ${value}`)
      }),
    )
  })
})

describe('receiptKeys', () => {
  it.each(['raw', 'hex', 'dec', 'auto'] as const)(
    'of a response are those whose readings name it (%s)',
    (mode) => {
      fc.assert(
        fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.boolean(), fc.nat(4), (value, isHex, zeros) => {
          const response = '0'.repeat(zeros) + value.toString(isHex ? 16 : 10).toUpperCase()
          for (const key of receiptKeys(response, mode)) {
            expect(readings(key, mode).map((reading) => reading.key)).toContain(idKey(response))
          }
          expect(receiptKeys(response, mode)).toContain(idKey(response))
          if (mode === 'dec' && isHex) expect(receiptKeys(response, mode)).toContain(value.toString())
        }),
      )
    },
  )
})
