/** The CTAs of a template and of the values that fill it, under the rules. */

import { type Finding, finding } from '../rules/finding.ts'
import type { RuleCode } from '../rules/rule-table.ts'
import type { DltRules } from '../rules/rules.ts'
import type { Template, Variable } from '../template.ts'
import { tagOf } from '../variable-types.ts'
import { type Cta, mayHoldCta, scanCtas } from './scan.ts'
import { type CtaWhitelist, isWhitelisted, type PlacedCta } from './whitelist.ts'

export interface CtaSetting {
  /** The sender header of the message; short URLs belong to one. */
  header: string
  /** What the portal has registered; null when nobody has said, which is not the same as nothing. */
  whitelist: CtaWhitelist | null
  rules: DltRules
}

/** CTAs in the fixed text. Possible ones count too: it is written once, so a look at a false alarm is cheap. */
export function checkTemplateCtas(template: Template, setting: CtaSetting): Finding[] {
  return template.fixed.flatMap((text, i) =>
    scanCtas(text).flatMap((cta) => {
      const goesOn = i < template.variables.length && cta.index + cta.text.length === text.length
      return whitelistFindings({ ...cta, goesOn }, setting, cta.isCertain)
    }),
  )
}

export interface ValueFinding extends Finding {
  /** From 1. */
  variable: number
}

/**
 * Looks at the values of one message after another: CTAs where none may stand, and in variables that are made for them
 * those that are not whitelisted. Runs for every row of an upload, on values that `fill` has accepted.
 */
export function valueCtaScanner(
  template: Template,
  setting: CtaSetting,
): (values: readonly string[]) => readonly ValueFinding[] {
  const plain = indexesOf(template, ({ type }) => type === 'text' || type === 'alphanumeric')
  const made = indexesOf(template, ({ type }) => isUrl(type) || type === 'cbn' || type === 'email')
  return (values) => {
    let found: ValueFinding[] = NOTHING
    for (const i of plain) {
      if (!mayHoldCta(values[i]!)) continue
      if (found === NOTHING) found = []
      for (const cta of scanCtas(values[i]!)) found.push(...misplaced(cta, template, i, setting))
    }
    for (const i of made) {
      const cta = ctaOf(template, values, i)
      if (cta === null) continue
      if (found === NOTHING) found = []
      for (const one of whitelistFindings(cta, setting, true)) found.push({ ...one, variable: i + 1 })
    }
    return found
  }
}

/** One for all the rows in which there is nothing. */
const NOTHING: ValueFinding[] = []

const indexesOf = (template: Template, isWanted: (variable: Variable) => boolean): number[] =>
  template.variables.flatMap((variable, i) => (isWanted(variable) ? [i] : []))

const RULE_OF: Readonly<Record<Cta['kind'], { certain: RuleCode; possible: RuleCode; tag: string }>> = {
  url: { certain: 'value_url', possible: 'value_url_possible', tag: '{#url#}' },
  phone: { certain: 'value_phone', possible: 'value_phone_possible', tag: '{#cbn#}' },
  email: { certain: 'value_email', possible: 'value_email', tag: '{#email#}' },
}

function misplaced(cta: Cta, template: Template, i: number, { rules }: CtaSetting): ValueFinding[] {
  const { certain, possible, tag } = RULE_OF[cta.kind]
  const holds = cta.isCertain ? 'holds' : 'holds what may be read as'
  const what = { url: 'a URL', phone: 'a telephone number', email: 'an e-mail address' }[cta.kind]
  const message =
    `the value of variable ${i + 1} ${holds} ${what}, ${JSON.stringify(cta.text)}: operators let it pass in ${tag}, ` +
    `not in ${tagOf(template.variables[i]!.type)}`
  return finding(cta.isCertain ? certain : possible, rules, message).map((one) => ({
    ...one,
    variable: i + 1,
  }))
}

function whitelistFindings(cta: PlacedCta, setting: CtaSetting, isCertain: boolean): Finding[] {
  const { header, whitelist, rules } = setting
  const name = JSON.stringify(cta.text)
  if (whitelist === null) {
    return finding(
      'cta_whitelist_unknown',
      rules,
      `${name} must be whitelisted; the whitelist is not known here`,
    )
  }
  const answer = isWhitelisted(cta, whitelist, header)
  if (answer.ok) return []
  const found = finding('cta_not_whitelisted', rules, `${name} ${answer.reason}`)
  return isCertain ? found : found.map((one) => ({ ...one, level: 'warn' as const }))
}

const isUrl = (type: Variable['type']): boolean => type === 'url' || type === 'urlott'

/**
 * The whole CTA of which variable `i` is the value, with what of it stands around the variable: fixed text, or more
 * variables of a URL. Null where it belongs to the one of a variable before.
 */
function ctaOf({ fixed, variables }: Template, values: readonly string[], i: number): PlacedCta | null {
  const { type } = variables[i]!
  if (type === 'cbn') return { kind: 'phone', text: values[i]! }
  if (type === 'email') return { kind: 'email', text: values[i]! }
  if (i > 0 && fixed[i] === '' && isUrl(variables[i - 1]!.type)) return null
  let text = lastWord(fixed[i]!) + values[i]!
  let last = i
  while (fixed[last + 1] === '' && last + 1 < variables.length && isUrl(variables[last + 1]!.type)) {
    text += values[++last]!
  }
  const url = scanCtas(text + firstWord(fixed[last + 1]!)).find((cta) => cta.kind === 'url')
  return { kind: 'url', text: url?.text ?? text }
}

function lastWord(text: string): string {
  let start = text.length
  while (start > 0 && text[start - 1]!.trim() !== '') start--
  return text.slice(start)
}

const firstWord = (text: string): string => /^\S*/.exec(text)![0]
