import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { categoryOf, headersOf, idOf, isApproved } from '../../../shared/dlt/portal/cell-values.ts'
import { plainText } from '../../../shared/dlt/portal/plain-text.ts'
import { ID } from './export.factory.ts'

describe('the text of a template', () => {
  it.each([
    ['a<br/>b<br>c<BR />d', 'a\nb\nc\nd'],
    ['a<br />\r\nb', 'a\nb'],
    ['a<br/><br/>b', 'a\n\nb'],
    ['a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['Terms &amp; Conditions', 'Terms & Conditions'],
    ['it&#39;s &quot;on&quot; &rsquo;&#x20B9;', 'it\'s "on" ’₹'],
    ['a&lt;br/&gt;b', 'a\nb'],
    ['&amp;amp;', '&amp;'],
    ['?a=1&copy=2&nosuch;', '?a=1&copy=2&nosuch;'],
    [' two  spaces ', ' two  spaces '],
    ['<b>', '<b>'],
  ])('%j is %j', (cell, text) => {
    expect(plainText(cell)).toBe(text)
  })

  it('is as it was registered, whatever it is, when the portal escapes it', () => {
    const registered = fc.string({
      unit: fc.constantFrom('a', '&', ';', ' ', '\n', '"', "'", '’', '{#var#}', 'amp', '#39'),
    })
    const escaped = (text: string) =>
      text
        .replaceAll('&', '&amp;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;')
        .replaceAll('\n', '<br/>')
    fc.assert(
      fc.property(registered, (text) => {
        expect(plainText(escaped(text))).toBe(text)
      }),
    )
  })
})

describe('the id', () => {
  it.each([ID, ` ${ID}\t`, `'${ID}`, `="${ID}"`, `\u00a0${ID}`])('is found in %j', (cell) => {
    expect(idOf(cell)).toBe(ID)
  })

  it('that a spreadsheet has shortened stays what it is', () => {
    expect(idOf('1.10716E+18')).toBe('1.10716E+18')
  })
})

describe('headers', () => {
  it.each([
    ['ACMEIN', ['ACMEIN']],
    ['', []],
    ['ACMEIN, ACMEOT', ['ACMEIN', 'ACMEOT']],
    ['ACMEIN|ACMEOT;ACMEIN', ['ACMEIN', 'ACMEOT']],
    ['["ACMEIN","612345"]', ['ACMEIN', '612345']],
    ['VM-ACMEIN-S', ['VM-ACMEIN-S']],
  ])('%j are %j', (cell, headers) => {
    expect(headersOf(cell)).toEqual(headers)
  })
})

describe('the category', () => {
  it.each([
    ['Transactional', 'transactional'],
    ['T', 'transactional'],
    ['Service Implicit', 'service_implicit'],
    ['SERVICE_IMPLICIT', 'service_implicit'],
    ['Service - Explicit', 'service_explicit'],
    ['si', 'service_implicit'],
    ['SE', 'service_explicit'],
    ['Promotional', 'promotional'],
    ['P', 'promotional'],
    ['Govt.', 'government'],
    ['Service', null],
    ['Banking', null],
    ['', null],
  ])('%j is %s', (cell, category) => {
    expect(categoryOf(cell)).toBe(category)
  })
})

describe('a status', () => {
  it.each(['Approved', 'APPROVED', ' approved ', 'Active', 'REGISTERED VIA AIRTEL', 'Verified by DLT'])(
    'of %j lets messages pass',
    (status) => expect(isApproved(status)).toBe(true),
  )

  it.each([
    '',
    'Pending',
    'Approval pending',
    'Inactive',
    'Rejected',
    'Blacklisted',
    'Not approved',
    'Unregistered',
  ])('of %j does not', (status) => expect(isApproved(status)).toBe(false))
})
