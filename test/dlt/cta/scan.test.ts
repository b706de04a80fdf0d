import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPhones } from '../../../shared/dlt/cta/phones.ts'
import { mayHoldCta, scanCtas } from '../../../shared/dlt/cta/scan.ts'
import { findUrls } from '../../../shared/dlt/cta/urls.ts'

/** `url https://…`, and `url? paid.in` for what is only possible. */
const found = (text: string) =>
  scanCtas(text).map(({ kind, text, isCertain }) => `${kind}${isCertain ? '' : '?'} ${text}`)

describe('a text that is not worth looking at', () => {
  const pieces = fc.constantFrom(
    ...[
      '.',
      '@',
      ':',
      '+',
      '-',
      ' ',
      '/',
      'www',
      'com',
      'in',
      'call',
      'Rs',
      '18',
      '00',
      '60',
      '1800',
      '91',
      '98',
    ],
    ...['7', '0', '4567', '12345', 'acme', 'अ', '#'],
  )
  it('holds nothing', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('')
        if (!mayHoldCta(text)) expect([...findUrls(text), ...findPhones(text)]).toEqual([])
      }),
      { numRuns: 5_000 },
    )
  })

  it.each(['Asha Rao', '23-11-2026', '1,25,000.50', 'Rs.500', 'ORD-1234567'])('is %j', (text) => {
    expect(mayHoldCta(text)).toBe(false)
  })
})

describe('scanCtas', () => {
  it.each<[string, string[]]>([
    ['Pay at https://acme.in/p?id=1&x=%20 today.', ['url https://acme.in/p?id=1&x=%20']],
    ['Pay at HTTP://ACME.IN.', ['url HTTP://ACME.IN']],
    ['See www.acme.co.in, or (www.acme.com)', ['url www.acme.co.in', 'url www.acme.com']],
    ['acme.com/offers?x=1', ['url acme.com/offers?x=1']],
    ['acme.com.', ['url acme.com']],
    ['shop.acme.co.in/x', ['url shop.acme.co.in/x']],
    ['bit.ly/3xYz', ['url bit.ly/3xYz']],
    ['t.me/acme', ['url t.me/acme']],
    ['ACME.COM', ['url ACME.COM']],
    ['आपका लिंक https://acme.in/अ', ['url https://acme.in/']],
    ['http://10.0.0.1/x', ['url http://10.0.0.1/x']],
    ['Amount paid.in case', ['url? paid.in']],
  ])('finds URLs: %j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['Write to care@acme.co.in.', ['email care@acme.co.in']],
    ['a.b+c@acme.in,d@acme.in', ['email a.b+c@acme.in', 'email d@acme.in']],
    ['https://acme.in/?mail=a@acme.in', ['url https://acme.in/?mail=a@acme.in']],
  ])('finds e-mail addresses: %j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['+919876543210', ['phone +919876543210']],
    ['+91 98765 43210', ['phone +91 98765 43210']],
    ['+91-9876543210', ['phone +91-9876543210']],
    ['91 98765 43210', ['phone 91 98765 43210']],
    ['+1 202 555 0123', ['phone +1 202 555 0123']],
    ['98765 43210', ['phone 98765 43210']],
    ['987-654-3210', ['phone 987-654-3210']],
    ['022-23456789', ['phone 022-23456789']],
    ['0484 2345678', ['phone 0484 2345678']],
    ['18001234567', ['phone 18001234567']],
    ['1800-123-4567', ['phone 1800-123-4567']],
    ['1860 123 1234', ['phone 1860 123 1234']],
    ['Call 9876543210 now', ['phone 9876543210']],
    ['Mob.9876543210', ['phone 9876543210']],
    ['WhatsApp us on 9876543210', ['phone 9876543210']],
  ])('finds telephone numbers that are written as such: %j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['9876543210', ['phone? 9876543210']],
    ['Order 9876543210', ['phone? 9876543210']],
    ['919876543210', ['phone? 919876543210']],
    ['02223456789', ['phone? 02223456789']],
    ['18001234', ['phone? 18001234']],
    ['9876 543210', ['phone? 9876 543210']],
    ['1401234567', ['phone? 1401234567']],
    ['12 98765 43210', ['phone? 98765 43210']],
  ])('calls possible what has only the digits of a number: %j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it.each([
    '1,250.00',
    'Rs.500',
    'Rs.9876543210',
    'Rs 9876543210.50',
    '₹9876543210',
    '9876543210.50',
    '9876543210,50',
    '1,9876543210',
    '05-02-2026',
    '2026-02-05',
    '05/02/2026 10:30',
    '05.02.2026',
    '10:30 AM',
    '9876543210123',
    '50100234567890',
    '4111 1111 1111 1111',
    '9876 5432 1098',
    '482913',
    'AB9876543210',
    '9876543210X',
    '#9876543210',
    'INV/9876543210/26',
    '5123456789',
    '12-345-678',
    'Mr. A.K. Rao',
    'Dr.Rao',
    'Thanks.In case',
    'St. Mary',
    'No.5',
    'e.g. this',
    'a.m.',
    '3.5 kg',
    'v2.0',
    'name@okaxis',
    '@acme',
    'a @ b.in5',
    'Acme & Sons Pvt. Ltd.',
    'and/or',
    '10.5.26',
    'www.',
    'https://',
    'graph 12',
    '...',
    '',
  ])('takes %j for no CTA', (text) => {
    expect(found(text)).toEqual([])
  })

  it('says where each stands, in order, none within another', () => {
    const text = 'Call 1800-123-4567, see acme.com/x or mail a@acme.com'
    expect(scanCtas(text).map(({ text: cta, index }) => [cta, index])).toEqual([
      ['1800-123-4567', 5],
      ['acme.com/x', 24],
      ['a@acme.com', 43],
    ])
    const unit = fc.constantFrom(
      'www.',
      'https://',
      'acme.com',
      '@',
      '.',
      '/',
      ' ',
      '98765',
      '43210',
      '+91',
      '-',
      'in',
      'é',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (mixed) => {
        let end = 0
        for (const { text: cta, index } of scanCtas(mixed)) {
          expect(mixed.slice(index, index + cta.length)).toBe(cta)
          expect(index).toBeGreaterThanOrEqual(end)
          end = index + cta.length
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(['www.', 'http://', 'a.', 'a@', '@', 'com.', 'a.com', '1', '1-', '98765 43210 ', '+', '.in', '1.'])(
    'answers 1 MB of %j at once',
    { timeout: 30_000 },
    (repeated) => {
      const text = repeated.repeat(Math.floor(1_000_000 / repeated.length))
      expect(scanCtas(text).every(({ index }) => index < text.length)).toBe(true)
    },
  )
})
