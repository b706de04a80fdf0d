import fc from 'fast-check'
import { isValidPhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { readMsisdn } from '../../shared/csv/msisdn.ts'

const ASHA = '919876543210'
const accepted = (text: string) => {
  const read = readMsisdn(text)
  return read.ok ? read.msisdn : read.code
}

describe('readMsisdn', () => {
  it.each([
    '9876543210',
    '09876543210',
    '919876543210',
    '+919876543210',
    '00919876543210',
    '+91 98765 43210',
    '+91-98765-43210',
    '(+91) 98765 43210',
    '91 98765 43210',
    '098765.43210',
    '98765\u00a043210',
    '98765\u2009\u201343210',
    '98765\u221243210',
    "'9876543210",
    '\u20199876543210',
    "'+91 98765 43210",
    '="9876543210"',
    ' 9876543210\t',
    '\ufeff9876543210',
    '98765\u200b43210',
    '\u202a+919876543210\u202c',
  ])('reads %j', (text) => {
    expect(readMsisdn(text)).toEqual({ ok: true, msisdn: ASHA, value: Number(ASHA) })
  })

  it('does not take 91 away from a number of ten digits', () => {
    expect(accepted('9191987654')).toBe('919191987654')
    expect(accepted('919198765432')).toBe('919198765432')
  })

  it.each([
    ['12345', 'has 5 digits'],
    ['98765432101', 'has 11 digits'],
    ['0919876543218', 'has 13 digits'],
    ['+9109876543219', 'has 11 digits after +91'],
    ['5876543210', 'begin with 6, 7, 8 or 9'],
    ['915876543210', 'begin with 6, 7, 8 or 9'],
    ['+91 11 2345 6789', 'begin with 6, 7, 8 or 9'],
    ['\u202e0123456789', 'begin with 6, 7, 8 or 9'],
    ['+0 98765 43210', 'begins with 0'],
    ['9876543210/9123456780', 'more than digits'],
    ['98123\u000045678', 'more than digits'],
    ['98765+43210', 'more than digits'],
    ['tel:9876543210', 'more than digits'],
    ['n/a', 'more than digits'],
  ])('refuses %j: %s', (text, what) => {
    expect(readMsisdn(text)).toMatchObject({
      ok: false,
      code: 'number_invalid',
      message: expect.stringContaining(what),
    })
  })

  it.each(['', ' ', '\u200b', "'", '""'])('says that %j is missing', (text) => {
    expect(accepted(text)).toBe('number_missing')
  })

  it.each(['9.19877E+11', '9,19877E+11', '9.87654321E9', '919877e6', '+9.19877E+11'])(
    'says that %j lost its digits in Excel',
    (text) => expect(accepted(text)).toBe('number_excel'),
  )

  it.each(['+44 7911 123456', '0044 7911 123456', '+1 (415) 555-0132', '+9876543210'])(
    'says that %j is of another country',
    (text) => expect(accepted(text)).toBe('foreign_number'),
  )

  it('shortens what it quotes, and shows what would be invisible', () => {
    const read = readMsisdn(`\u202e${'x'.repeat(1_000)}`)
    expect(read.ok ? '' : read.message).toMatch(/^"\\u202ex{29}…" holds/)
  })

  it('maps the decimal digits of every script Intl knows', () => {
    for (const numberingSystem of Intl.supportedValuesOf('numberingSystem')) {
      const digits = new Intl.NumberFormat('en', { numberingSystem, useGrouping: false })
      const written = digits.format(9_876_543_210)
      if (/^\p{Nd}{10}$/u.test(written)) expect([written, accepted(written)]).toEqual([written, ASHA])
    }
    expect(accepted('९८७६५४३२१०')).toBe(ASHA)
    expect(accepted('9876५43210')).toBe(ASHA)
  })
})

/** Ways to write the ten digits that both we and libphonenumber must understand. */
const forms: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `0${digits}`,
  (digits) => `91${digits}`,
  (digits) => `+91${digits}`,
  (digits) => `0091${digits}`,
  (digits) => `+91 ${digits.slice(0, 5)}-${digits.slice(5)}`,
  (digits) => `(+91) ${digits.slice(0, 3)}.${digits.slice(3)}`,
]

describe('readMsisdn beside libphonenumber', () => {
  const tenDigits = fc.stringMatching(/^[0-9]{10}$/)

  it('accepts every number libphonenumber takes for an Indian mobile, and reads the same digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[6-9][0-9]{9}$/), fc.constantFrom(...forms), (digits, form) => {
        const theirs = parsePhoneNumberFromString(form(digits), 'IN')
        if (theirs?.country !== 'IN' || theirs.getType() !== 'MOBILE') return
        expect(accepted(form(digits))).toBe(theirs.number.slice(1))
      }),
      { numRuns: 2_000 },
    )
  })

  it('accepts exactly the ten digits that begin with 6 to 9, in every form', () => {
    fc.assert(
      fc.property(tenDigits, fc.constantFrom(...forms), (digits, form) => {
        expect(readMsisdn(form(digits)).ok).toBe(/^[6-9]/.test(digits))
      }),
    )
  })

  it('accepts nothing of which libphonenumber sees another country', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+[1-9][0-9]{6,13}$/), (text) => {
        if (isValidPhoneNumber(text) && !text.startsWith('+91')) expect(accepted(text)).toBe('foreign_number')
      }),
    )
  })
})
