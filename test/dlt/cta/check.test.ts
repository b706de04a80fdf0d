import { describe, expect, it } from 'vitest'
import { type CtaSetting, checkTemplateCtas, valueCtaScanner } from '../../../shared/dlt/cta/check.ts'
import { mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'
import { aTemplate } from '../match/match.factory.ts'

const aSetting = (changes: Partial<CtaSetting> = {}): CtaSetting => ({
  header: 'ACMEIN',
  whitelist: {
    urls: [
      { kind: 'static', url: 'https://acme.in/app' },
      { kind: 'dynamic', url: 'https://acme.in/track?' },
      { kind: 'short', url: 'https://acm.in/ACMEIN/' },
    ],
    numbers: ['18001234567'],
    emails: ['care@acme.in'],
  },
  rules: DEFAULT_RULES,
  ...changes,
})

const ofTemplate = (text: string, changes: Partial<CtaSetting> = {}) =>
  checkTemplateCtas(aTemplate(text), aSetting(changes)).map(({ code, level }) => `${level} ${code}`)

const ofValues = (text: string, values: string[], changes: Partial<CtaSetting> = {}) =>
  valueCtaScanner(
    aTemplate(text),
    aSetting(changes),
  )(values).map(({ code, level, variable }) => `${level} ${code} ${variable}`)

describe('the fixed text of a template', () => {
  it.each<[string, string[]]>([
    ['Dear {#var#}, hello', []],
    ['Get it: https://acme.in/app. Call 18001234567 or write to care@acme.in', []],
    ['Track https://acme.in/track?id={#var#}', []],
    ['Track https://acm.in/ACMEIN/{#var#} now', []],
    ['Get it: https://acme.in/app{#var#}', ['refuse cta_not_whitelisted']],
    ['Get it: https://acme.in/ios', ['refuse cta_not_whitelisted']],
    ['Call 18001234568', ['refuse cta_not_whitelisted']],
    ['Write to x@acme.in', ['refuse cta_not_whitelisted']],
    ['Use 9876543210', ['warn cta_not_whitelisted']],
  ])('%j: %j', (text, expected) => {
    expect(ofTemplate(text)).toEqual(expected)
  })

  it('is only warned of while the whitelist is not known, and by rule', () => {
    const text = 'Get it: https://other.in/app'
    expect(ofTemplate(text, { whitelist: null })).toEqual(['warn cta_whitelist_unknown'])
    const rules = mergeRules(DEFAULT_RULES, {
      levels: { cta_not_whitelisted: 'warn', cta_whitelist_unknown: 'off' },
    })
    expect(ofTemplate(text, { rules })).toEqual(['warn cta_not_whitelisted'])
    expect(ofTemplate(text, { rules, whitelist: null })).toEqual([])
  })
})

describe('the values of a row', () => {
  it.each<[string, string[]]>([
    ['Asha Rao', []],
    ['1,250.00', []],
    ['05-02-2026', []],
    ['9876543210123', []],
    ['Rs.500', []],
    ['https://acme.in/app', ['refuse value_url 1']],
    ['paid.in', ['warn value_url_possible 1']],
    ['+91 98765 43210', ['refuse value_phone 1']],
    ['9876543210', ['warn value_phone_possible 1']],
    ['care@acme.in', ['refuse value_email 1']],
  ])('in a plain variable: %j: %j', (value, expected) => {
    expect(ofValues('Dear {#var#}, hello', [value])).toEqual(expected)
  })

  it('with ten digits that may be an order number are refused where the rules say so', () => {
    const rules = mergeRules(DEFAULT_RULES, { levels: { value_phone_possible: 'refuse' } })
    expect(ofValues('Order {#var#}', ['9876543210'], { rules })).toEqual(['refuse value_phone_possible 1'])
  })

  it('are not taken for numbers to call in a variable that is typed numeric', () => {
    expect(ofValues('Order {#numeric#}', ['9876543210'])).toEqual([])
  })

  it('name the variable and say which one would let it pass', () => {
    const [finding] = valueCtaScanner(aTemplate('Hi {#var#} {#var#}'), aSetting())(['x', 'www.acme.in'])
    expect(finding).toEqual({
      code: 'value_url',
      level: 'refuse',
      variable: 2,
      message:
        'the value of variable 2 holds a URL, "www.acme.in": operators let it pass in {#url#}, not in {#var#}',
    })
  })

  it.each<[string, string[], string[]]>([
    ['At {#url#} now', ['https://acme.in/track?id=1'], []],
    ['At {#url#} now', ['https://acme.in/other'], ['refuse cta_not_whitelisted 1']],
    ['At {#urg#}{#uro#}.', ['https://acm.in/ACM', 'EIN/x7Yz'], []],
    ['At {#urg#}{#uro#}.', ['https://acm.in/OTH', 'ERS/x7Yz'], ['refuse cta_not_whitelisted 1']],
    ['At https://acm.in/ACMEIN/{#url#}.', ['x7Yz'], []],
    ['At https://acme.in/{#url#}.', ['x7Yz'], ['refuse cta_not_whitelisted 1']],
    ['Call {#cbn#}', ['18001234567'], []],
    ['Call {#cbn#}', ['9876543210'], ['refuse cta_not_whitelisted 1']],
    ['Write to {#email#}', ['care@acme.in'], []],
    ['Write to {#email#}', ['x@acme.in'], ['refuse cta_not_whitelisted 1']],
  ])('in a variable made for them are compared with the whitelist: %j %j', (template, values, expected) => {
    expect(ofValues(template, values)).toEqual(expected)
  })

  it('in a variable made for them pass with a warning while the whitelist is not known', () => {
    expect(ofValues('Call {#cbn#}', ['9876543210'], { whitelist: null })).toEqual([
      'warn cta_whitelist_unknown 1',
    ])
  })
})
