import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../../shared/dlt/reasons/catalogue.ts'
import { explainer } from '../../../shared/dlt/reasons/explain.ts'

const explain = explainer()

describe('a code', () => {
  it('is explained whole', () => {
    expect(explain('err:634')).toEqual({
      code: 'err:634',
      reason: 'header_not_linked',
      sentence: expect.stringContaining('not registered for this sender header'),
      fix: { who: 'sender', where: 'template' },
      resend: 'after_fix',
      dlt: true,
      known: true,
      source: expect.any(String),
    })
  })

  it.each([
    ['err:633', 'template_mismatch'],
    ['err:0633', 'template_mismatch'],
    ['err:5307', 'template_mismatch'],
    ['err:429', 'template_mismatch'],
    ['err:120', 'template_mismatch'],
    ['err:TEMPLATE-NOT-MATCHED', 'template_mismatch'],
    ['err:EC_INVALID_PROMO_TIME', 'promo_hours'],
    ['err:006', 'subscriber_absent'],
    ['stat:UNDELIV', 'undelivered'],
    ['stat:undeliv', 'undelivered'],
    ['stat:EXPIRED', 'expired'],
    ['stat:DND_REJECTED', 'dnd'],
    ['stat:ABSENT-SUB', 'subscriber_absent'],
    ['stat:NDNC REJECTED', 'dnd'],
    ['smpp:69', 'dlt_fields_wrong'],
    ['smpp:11', 'number_invalid'],
    ['smpp:20', 'gateway_busy'],
    ['not_sent', 'not_sent'],
    ['list', 'suppression_list'],
  ])('%s is %s', (code, reason) => {
    expect(explain(code)).toMatchObject({ code, reason, known: true })
  })

  it.each([
    'UNDELIV',
    'DELETED',
    'SKIPPED',
    'FAILED',
    'NACK',
    'DNDNUMBER',
    'BWLISTS',
    'BLACKLIST',
    'REJECTED',
  ])('stat:%s, a word of receipts that ends a message, is known', (word) => {
    expect(explain(`stat:${word}`).known).toBe(true)
  })

  it('is the same with any number of leading zeros', () => {
    fc.assert(
      fc.property(fc.nat(9_999), fc.nat(5), (code, zeros) => {
        expect(explain(`err:${'0'.repeat(zeros)}${code}`).reason).toBe(explain(`err:${code}`).reason)
      }),
    )
  })

  it('nobody knows is shown raw, with who to ask', () => {
    fc.assert(
      fc.property(fc.constantFrom('err', 'stat'), fc.string({ minLength: 1 }), (kind, value) => {
        const { known, reason, sentence, resend } = explain(`${kind}:${value}`)
        if (known) return
        expect(reason).toBe('unknown_code')
        expect(sentence).toContain(value)
        expect(sentence).toMatch(/not in the catalogue: ask the gateway/)
        expect(resend).toBe('no')
      }),
    )
    expect(explain('err:99999').known).toBe(false)
    expect(explain('smpp:abc').sentence).toBe('abc is no command_status.')
    expect(explain('something_new').sentence).toBe('something_new, which is not in the catalogue.')
  })
})

describe('a dialect', () => {
  const kaleyra = explainer({ dialect: 'kaleyra' })
  const routeMobile = explainer({ dialect: 'route-mobile' })

  it.each([
    ['err:023', 'unknown_code', 'template_mismatch', 'unknown_code'],
    ['err:027', 'subscriber_absent', 'template_blacklisted', 'expired'],
    ['err:408', 'header_blacklisted', 'header_blacklisted', 'dnd'],
    ['err:411', 'template_blacklisted', 'template_blacklisted', 'duplicate'],
    ['err:633', 'template_mismatch', 'template_mismatch', 'template_mismatch'],
    ['smpp:1032', 'unknown_code', 'dnd_or_blacklisted', 'dnd'],
    ['smpp:1025', 'unknown_code', 'dnd_or_blacklisted', 'no_credit'],
    ['smpp:1911', 'unknown_code', 'dnd_or_blacklisted', 'unknown_code'],
    ['smpp:69', 'dlt_fields_wrong', 'dlt_fields_wrong', 'dlt_fields_wrong'],
  ])('reads %s its own way, and all else as everybody does', (code, general, atKaleyra, atRouteMobile) => {
    expect([explain, kaleyra, routeMobile].map((of) => of(code).reason)).toEqual([
      general,
      atKaleyra,
      atRouteMobile,
    ])
  })

  it('speaks of a vendor status in the words of the reason; without one it is only shown', () => {
    expect(routeMobile('smpp:1030').sentence).toBe(REASONS.long_message_refused.sentence)
    expect(explain('smpp:1030').sentence).toMatch(/0x00000406, which only its vendor defines/)
  })
})

describe('an override', () => {
  it('may replace the sentence alone', () => {
    const { sentence, ...rest } = explainer({ overrides: { 'err:633': { sentence: 'Ours.' } } })('err:633')
    expect(sentence).toBe('Ours.')
    expect(rest).toMatchObject({ reason: 'template_mismatch', resend: 'after_fix', known: true })
  })

  it('may name another reason, which brings all that it says', () => {
    const { dlt, resend, fix, sentence } = explainer({ overrides: { 'err:633': { reason: 'dnd' } } })(
      'err:633',
    )
    expect({ dlt, resend, fix, sentence }).toEqual({
      dlt: REASONS.dnd.dlt,
      resend: 'no',
      fix: REASONS.dnd.fix,
      sentence: REASONS.dnd.sentence,
    })
  })

  it('may change one half of who fixes it where', () => {
    const of = explainer({ overrides: { 'err:633': { fix: { who: 'gateway' } } } })
    expect(of('err:633').fix).toEqual({ who: 'gateway', where: 'template' })
  })

  it('makes a code known that no table has, in any spelling of it', () => {
    const of = explainer({ overrides: { 'err:9999': { sentence: 'Maintenance.' } } })
    expect(of('err:09999')).toMatchObject({ known: true, sentence: 'Maintenance.' })
    expect(of('err:9998').known).toBe(false)
  })
})
