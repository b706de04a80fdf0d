import { describe, expect, it } from 'vitest'
import type { Category } from '../../../shared/contracts/records.ts'
import { type DltRuleOverrides, mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { checkRegistration, type Registration } from '../../../shared/dlt/rules/registration.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'
import { checkHeader, dndCategoryOf } from '../../../shared/dlt/rules/sender-header.ts'
import { aTemplate } from '../match/match.factory.ts'

const aRegistration = (changes: Partial<Registration> = {}): Registration => ({
  templateId: '1107161191448698079',
  header: 'ACMEIN',
  category: 'service_implicit',
  template: aTemplate('Dear {#var#}, your order has been shipped. - Acme Stores'),
  consentId: null,
  ...changes,
})

const findings = (changes: Partial<Registration>, overrides: DltRuleOverrides = {}) =>
  checkRegistration(aRegistration(changes), mergeRules(DEFAULT_RULES, overrides))
const codes = (changes: Partial<Registration>, overrides: DltRuleOverrides = {}) =>
  findings(changes, overrides).map(({ code, level }) => `${level} ${code}`)

describe('a registration', () => {
  it('of the usual kind has no findings', () => {
    expect(findings({})).toEqual([])
  })

  it('lists refusals before warnings', () => {
    const template = aTemplate(
      'Dear {#var#}{#var#}, your <order> has been shipped. - Acme Stores of Bengaluru',
    )
    expect(codes({ template })).toEqual([
      'refuse template_forbidden_character',
      'warn template_adjacent_variables',
    ])
  })

  it.each(['1107161191448698079', '110100001483', '1001096933494158'])('takes the id %s', (templateId) => {
    expect(codes({ templateId })).toEqual([])
  })

  it.each([
    ['11071611914', 'refuse id_form'],
    ['11071611914486980790', 'refuse id_form'],
    ['1107 1611 9144 8698', 'refuse id_form'],
    ['', 'refuse id_form'],
    ['१२३४५६७८९०१२३', 'refuse id_form'],
    ['1.10717E+18', 'refuse id_excel'],
    ['1,10717e+18', 'refuse id_excel'],
    ['1107161191448690000', 'warn id_rounded'],
  ])('of id %j: %s', (templateId, code) => {
    expect(codes({ templateId })).toEqual([code])
  })

  it('of promotional traffic wants a consent template, of service explicit too since 2025', () => {
    const promotional = { header: '123456', category: 'promotional' } as const
    expect(codes(promotional)).toEqual(['warn consent_missing'])
    expect(codes({ category: 'service_explicit' })).toEqual(['warn consent_missing'])
    expect(codes({ ...promotional, consentId: '1107161191448698080' })).toEqual([])
    expect(codes({ ...promotional, consentId: '123' })).toEqual(['refuse id_form'])
    expect(codes(promotional, { levels: { consent_missing: 'refuse' } })).toEqual(['refuse consent_missing'])
  })
})

describe('a header', () => {
  it.each<[string, Category, string[]]>([
    ['ACMEIN', 'service_implicit', []],
    ['AcmeIn', 'transactional', []],
    ['MAIK', 'service_implicit', ['warn header_length']],
    ['123456', 'promotional', []],
    ['ACMEIN', 'promotional', ['warn header_alphabetic_promotional']],
    ['ACMEIN', 'service_explicit', []],
    ['123456', 'service_implicit', ['warn header_numeric_other']],
    ['VM-ACMEIN', 'service_implicit', ['refuse header_affix']],
    ['ACMEIN-S', 'service_implicit', ['refuse header_affix']],
    ['ACME1', 'service_implicit', ['refuse header_alphanumeric']],
    ['AB', 'service_implicit', ['refuse header_form']],
    ['ACMEINDIA', 'service_implicit', ['refuse header_form']],
    ['12345', 'promotional', ['refuse header_form']],
    ['ACME N', 'service_implicit', ['refuse header_form']],
    ['АCMEIN', 'service_implicit', ['refuse header_form']],
  ])('%s for %s: %j', (header, category, expected) => {
    expect(codes({ header, category, consentId: '1107161191448698080' })).toEqual(expected)
  })

  it('of letters and digits passes where a route says so', () => {
    expect(codes({ header: 'ACME1' }, { levels: { header_alphanumeric: 'warn' } })).toEqual([
      'warn header_alphanumeric',
    ])
  })

  it('with prefix and suffix is said without', () => {
    const [found] = checkHeader('VM-ACMEIN-S', 'service_implicit', DEFAULT_RULES)
    expect(found!.message).toBe(
      'header "VM-ACMEIN-S" has a prefix or suffix, which the operator adds itself: write ACMEIN',
    )
  })

  it('of digits says by the first what subscribers opt out of', () => {
    const digits = ['012345', '123456', '312345', '812345', '912345', 'ACMEIN']
    expect(digits.map(dndCategoryOf)).toEqual([
      'others',
      'banking, insurance, finance',
      'education',
      'food',
      null,
      null,
    ])
  })
})

describe('the text of a template', () => {
  const LONG = 'your order has been shipped and arrives tomorrow before noon. Thank you for shopping. - Acme'

  it.each<[string, string[]]>([
    [`Dear {#var#}, ${LONG}`, []],
    ['{#var#}', ['refuse template_variables_only']],
    ['{#var#} - {#var#}.', ['refuse template_variables_only']],
    [`Dear <{#var#}, ${LONG}`, ['refuse template_forbidden_character']],
    [`Dear {#var#},  ${LONG}`, ['warn template_double_space']],
    [`Dear {#var#}{#var#}, ${LONG}`, ['warn template_adjacent_variables']],
    [`Dear {#var#} {#var#}, ${LONG}`, ['warn template_adjacent_variables']],
    [`Dear {#var#}, {#var#}: ${LONG}`, ['warn template_adjacent_variables']],
    [`Dear {#var#} a {#var#} b {#var#}, ${LONG}`, []],
    [`Dear {#var#} a {#var#} b {#var#} c {#var#}, ${LONG}`, ['warn template_many_variables']],
    ['Your OTP is {#var#}', ['warn template_little_fixed_text']],
    ['Your OTP code {#var#}', []],
    [LONG, ['warn template_service_fixed']],
  ])('%j: %j', (text, expected) => {
    expect(codes({ template: aTemplate(text) })).toEqual(expected)
  })

  it('of a promotion may be fixed', () => {
    const changes = { template: aTemplate(LONG), header: '123456', category: 'promotional' } as const
    expect(codes({ ...changes, consentId: '1107161191448698080' })).toEqual([])
  })

  it('is counted in characters, from the text as it was given', () => {
    const [found] = findings({ template: aTemplate(`🙏 {#var#} v  ${LONG}`) })
    expect(found!.message).toMatch(/^the template has 2 spaces in a row at character 12:/)
  })

  it('may have more variables and less fixed text where the rules say so', () => {
    const template = aTemplate('Your OTP is {#var#}')
    expect(codes({ template }, { minFixedShare: 0.2 })).toEqual([])
    expect(codes({ template: aTemplate(`{#var#} a {#var#} ${LONG}`) }, { maxVariables: 1 })).toEqual([
      'warn template_many_variables',
    ])
  })
})
