import { describe, expect, it } from 'vitest'
import type { Cta } from '../../../shared/dlt/cta/scan.ts'
import { CtaWhitelist, isWhitelisted } from '../../../shared/dlt/cta/whitelist.ts'

const whitelist: CtaWhitelist = {
  urls: [
    { kind: 'static', url: 'https://www.acme.in/Offers' },
    { kind: 'static', url: 'www.acme.co.in' },
    { kind: 'dynamic', url: 'https://acme.in/track?' },
    { kind: 'short', url: 'https://acm.in/ACMEIN/' },
  ],
  numbers: ['9876543210', '022-23456789', '18001234567'],
  emails: ['Care@acme.in'],
}

const answerFor = (kind: Cta['kind'], text: string, goesOn = false, header = 'ACMEIN') =>
  isWhitelisted({ kind, text, goesOn }, whitelist, header)

describe('isWhitelisted', () => {
  it.each<[Cta['kind'], string]>([
    ['url', 'https://www.acme.in/Offers'],
    ['url', 'https://WWW.Acme.in/Offers'],
    ['url', 'www.acme.co.in'],
    ['url', 'https://acme.in/track?id=1&x=2'],
    ['url', 'https://acme.in/track?'],
    ['url', 'https://acm.in/ACMEIN/x7Yz'],
    ['phone', '+91 98765 43210'],
    ['phone', '919876543210'],
    ['phone', '09876543210'],
    ['phone', '02223456789'],
    ['phone', '1800-123-4567'],
    ['email', 'care@ACME.in'],
  ])('lets the %s %s pass', (kind, text) => {
    expect(answerFor(kind, text)).toMatchObject({ ok: true })
  })

  it.each<[Cta['kind'], string, RegExp]>([
    ['url', 'https://other.in/x', /nothing of other\.in is/],
    ['url', 'https://m.acme.in/track?id=1', /nothing of m\.acme\.in is/],
    ['url', 'https://www.acme.in/offers', /has another path/],
    ['url', 'https://www.acme.in/Offers?x=1', /has another path/],
    ['url', 'http://www.acme.in/Offers', /is registered with https:\/\//],
    ['url', 'https://acme.in/track/7?id=1', /is dynamic only behind its question mark/],
    ['url', 'https://acm.in/acmein/x', /takes one segment behind it/],
    ['url', 'https://acm.in/ACMEIN/', /takes one segment behind it/],
    ['url', 'https://acm.in/ACMEIN/x/y', /takes one segment behind it/],
    ['url', 'http://10.0.0.1/x', /is an IP address/],
    ['url', 'http://10.0.0.1:8080/x', /is an IP address/],
    ['phone', '9876543211', /^is not whitelisted$/],
    ['email', 'care@acme.com', /^is not whitelisted$/],
  ])('refuses the %s %s', (kind, text, reason) => {
    expect(answerFor(kind, text)).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  })

  it('lets a short link pass only under the header it belongs to, with case', () => {
    expect(answerFor('url', 'https://acm.in/ACMEIN/x', false, 'OTHERS')).toEqual({
      ok: false,
      reason:
        'is not whitelisted: https://acm.in/ACMEIN/ is for header ACMEIN, this message leaves under OTHERS',
    })
    expect(answerFor('url', 'https://acm.in/ACMEIN/x', false, 'Acmein')).toMatchObject({ ok: false })
  })

  it('lets a variable follow a dynamic or short URL, and no static one', () => {
    expect(answerFor('url', 'https://acme.in/track?id=', true)).toMatchObject({ ok: true })
    expect(answerFor('url', 'https://acm.in/ACMEIN/', true)).toMatchObject({ ok: true })
    expect(answerFor('url', 'https://www.acme.in/Offers', true)).toEqual({
      ok: false,
      reason: 'is not whitelisted: https://www.acme.in/Offers is static, and a variable follows',
    })
    expect(answerFor('url', 'https://acme.in/tra', true)).toMatchObject({ ok: false })
  })

  it('says which entry lets it pass', () => {
    expect(answerFor('url', 'https://acme.in/track?id=1')).toEqual({
      ok: true,
      entry: 'https://acme.in/track?',
    })
  })
})

describe('CtaWhitelist', () => {
  it('takes what portals register', () => {
    expect(CtaWhitelist.parse(whitelist)).toEqual(whitelist)
  })

  it.each([
    { kind: 'static', url: 'acme.in' },
    { kind: 'static', url: 'https://acme.in/track?' },
    { kind: 'static', url: 'https://10.0.0.1/x' },
    { kind: 'static', url: 'https://acme.in/a b' },
    { kind: 'dynamic', url: 'https://acme.in/track' },
    { kind: 'dynamic', url: 'https://acme.in/a?b?' },
    { kind: 'short', url: 'https://acm.in/' },
    { kind: 'short', url: 'http://acm.in/ACMEIN/' },
    { kind: 'short', url: 'https://acm.in/123456/' },
    { kind: 'other', url: 'https://acme.in' },
  ])('refuses %j', (entry) => {
    expect(CtaWhitelist.safeParse({ urls: [entry], numbers: [], emails: [] }).success).toBe(false)
  })

  it('refuses numbers and addresses that are none', () => {
    expect(CtaWhitelist.safeParse({ urls: [], numbers: ['12'], emails: [] }).success).toBe(false)
    expect(CtaWhitelist.safeParse({ urls: [], numbers: [], emails: ['acme.in'] }).success).toBe(false)
  })
})
