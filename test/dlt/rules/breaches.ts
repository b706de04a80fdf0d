/** One breach of every rule of the table, as the check meets it. `docs/dlt.md` shows them beside rule and source. */
import { type Category, laneOf } from '../../../shared/contracts/records.ts'
import { valueCtaScanner } from '../../../shared/dlt/cta/check.ts'
import type { CtaWhitelist } from '../../../shared/dlt/cta/whitelist.ts'
import { fill } from '../../../shared/dlt/fill.ts'
import { matchTemplate } from '../../../shared/dlt/match/match.ts'
import { checkRegistration, type Registration } from '../../../shared/dlt/rules/registration.ts'
import type { RuleCode } from '../../../shared/dlt/rules/rule-table.ts'
import type { DltRules } from '../../../shared/dlt/rules/rules.ts'
import { insideSendingHours } from '../../../shared/dlt/sending-hours.ts'
import { parseTemplate, type Template } from '../../../shared/dlt/template.ts'

export interface Breach {
  /** What somebody tried, for the document. */
  example: string
  /** The codes it is answered with under these rules. */
  codes(rules: DltRules): string[]
}

const ID = '1107161234567890123'
const TEXT = 'Dear {#var#}, your order is ready to be fetched.'
/** 2026-09-01, 21:00 in India. */
const NINE_PM = Date.UTC(2026, 8, 1, 15, 30)

function read(text: string, rules: DltRules): Template {
  const template = parseTemplate(text, { rules })
  if (!template.ok) throw new Error(template.message)
  return template
}

const registering = (
  fields: Partial<Omit<Registration, 'template'>> & { text?: string },
  example: string,
): Breach => ({
  example,
  codes: (rules) => {
    const { text = TEXT, ...rest } = fields
    const registration = {
      templateId: ID,
      header: 'ACMEIN',
      category: 'service_implicit',
      consentId: null,
    } as const
    const template = read(text, rules)
    return checkRegistration({ ...registration, ...rest, template }, rules).map(({ code }) => code)
  },
})
const text = (text: string): Breach => registering({ text }, text)
const header = (name: string, category: Category = 'service_implicit'): Breach =>
  registering({ header: name, category }, `${name} for ${category}`)
const id = (templateId: string): Breach => registering({ templateId }, templateId)

const filling = (template: string, value: string, example = value): Breach => ({
  example: `${example} in ${template}`,
  codes: (rules) => {
    const filled = fill(read(template, rules), [value])
    return filled.ok ? [] : [filled.code]
  },
})

const value = (value: string, template = '{#var#}', whitelist: CtaWhitelist | null = null): Breach => ({
  example: `${value} in ${template}`,
  codes: (rules) =>
    valueCtaScanner(read(`See ${template} now`, rules), { header: 'ACMEIN', whitelist, rules })([value]).map(
      ({ code }) => code,
    ),
})

export const BREACHES: Readonly<Record<RuleCode, Breach>> = {
  template_form: {
    example: 'Dear {#Var#}',
    codes: () => {
      const template = parseTemplate('Dear {#Var#}')
      return template.ok ? [] : ['template_form']
    },
  },
  template_variables_only: text('{#var#} {#var#}'),
  template_forbidden_character: text('Dear {#var#}, your order <42> is ready to be fetched.'),
  template_double_space: text('Dear {#var#},  your order is ready to be fetched.'),
  template_adjacent_variables: text('Dear {#var#} {#var#}, your order is ready to be fetched at the shop.'),
  template_many_variables: text(
    `${'{#numeric#} orders, '.repeat(4)}${'all of them are ready to be fetched '.repeat(3)}`,
  ),
  template_little_fixed_text: text('Hi {#var#}'),
  template_service_fixed: text('Your order is ready.'),

  header_affix: header('VM-ACMEIN-S'),
  header_form: header('AC'),
  header_alphanumeric: header('ACME12'),
  header_length: header('ACME'),
  header_alphabetic_promotional: header('ACMEIN', 'promotional'),
  header_numeric_other: header('612345'),

  id_form: id('11071612'),
  id_excel: id('1.10716E+18'),
  id_rounded: id('1107161234567890000'),

  category_lane: {
    example: 'service explicit in another lane than promotional',
    codes: () => (laneOf('service_explicit') === 'promotional' ? ['category_lane'] : []),
  },
  promotional_hours: {
    example: 'a promotional message at 21:00',
    codes: ({ promotionalHours }) =>
      insideSendingHours(promotionalHours, NINE_PM) ? [] : ['promotional_hours'],
  },
  consent_missing: registering(
    { category: 'promotional', header: '612345' },
    'promotional without a consent template',
  ),

  value_empty: filling('{#var#}', '', 'an empty value'),
  value_too_long: filling('{#var#}', 'x'.repeat(31), '31 characters'),
  value_control_character: filling('{#var#}', 'Asha\u0007', 'a control character'),
  value_character: filling('{#numeric#}', '42a'),
  value_incomplete: filling('{#email#}', 'care@'),
  value_url: value('https://acme.example'),
  value_url_possible: value('paid.in'),
  value_email: value('care@acme.example'),
  value_phone: value('1800 123 4567'),
  value_phone_possible: value('9812345678'),

  cta_not_whitelisted: value('https://acme.example', '{#url#}', { urls: [], numbers: [], emails: [] }),
  cta_whitelist_unknown: value('https://acme.example', '{#url#}'),

  template_mismatch: {
    example: `Dear Asha, you’re next against Dear {#var#}, you're next`,
    codes: (rules) => {
      const template = read("Dear {#var#}, you're next", rules)
      return matchTemplate(template, 'Dear Asha, you’re next').match ? [] : ['template_mismatch']
    },
  },
}
