/**
 * A DLT template: the text as the portal approved it, cut once at its variables so that filling it is concatenation.
 * Operators compare the fixed text octet by octet (facts B1), so nothing here trims, folds or normalises.
 */
import { variableOf } from './check-value.ts'
import { DEFAULT_RULES, type DltRules, type VariableRule } from './rules/rules.ts'
import type { ValueForm } from './value-form.ts'
import { TYPE_OF_TAG, tagOf, type VariableType } from './variable-types.ts'

export { type Filled, type FillRefusal, fill } from './fill.ts'

export interface Variable extends VariableRule {
  type: VariableType
  /** Which values it takes. */
  form: ValueForm
}

export interface Template {
  ok: true
  text: string
  /** The text around the variables, in order: always one more than there are variables, some may be ''. */
  fixed: string[]
  variables: Variable[]
}

export interface TemplateRefusal {
  ok: false
  code:
    | 'template_empty'
    | 'variable_unknown'
    | 'variable_unclosed'
    | 'variable_unopened'
    | 'variable_syntax'
    | 'variable_type_count'
    | 'variable_type_conflict'
  /** Where in the text, in UTF-16 code units from 0. */
  index: number
  message: string
}

export interface TemplateOptions {
  /** Limits of the variables and the characters they take; the strict reading unless a tenant or route has another. */
  rules?: DltRules
  /**
   * For portals that keep `{#var#}` in the text and register the types beside it (facts A7): one for each variable,
   * null where the text's own tag stands.
   */
  types?: readonly (VariableType | null)[]
}

const OPEN = '{#'
const CLOSE = '#}'

/** Reads a template text. `{#var#}` and the typed tags become variables, everything else is fixed text. */
export function parseTemplate(text: string, options: TemplateOptions = {}): Template | TemplateRefusal {
  if (text === '') return refuse('template_empty', 0, 'the template text is empty')
  const { rules = DEFAULT_RULES, types } = options
  const fixed: string[] = []
  const variables: Variable[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf(OPEN, at)
    const before = text.slice(at, open === -1 ? undefined : open)
    const fault = faultInFixedText(before, at)
    if (fault) return fault
    fixed.push(before)
    if (open === -1) break

    const close = text.indexOf(CLOSE, open + OPEN.length)
    if (close === -1) {
      return refuse('variable_unclosed', open, `the variable opened at ${place(open)} has no closing #}`)
    }
    const name = text.slice(open + OPEN.length, close)
    const tagged = TYPE_OF_TAG.get(name)
    if (!tagged) return unknownVariable(name, open)
    const type = types?.[variables.length] ?? tagged
    if (tagged !== 'text' && type !== tagged) return typeConflict(name, type, variables.length + 1, open)
    variables.push(variableOf(type, rules, continuesUrl(before, variables.at(-1))))
    at = close + CLOSE.length
  }
  if (types && types.length !== variables.length) {
    return refuse(
      'variable_type_count',
      0,
      `the template has ${variables.length} variables, ${types.length} types are given`,
    )
  }
  return { ok: true, text, fixed, variables }
}

/**
 * Whether a variable goes on with a URL: the last word before it has begun one, or it follows a URL directly, as in
 * `{#urg#}{#uro#}`, two halves of one that is longer than a variable (facts A7).
 */
function continuesUrl(before: string, previous: Variable | undefined): boolean {
  if (before === '') return previous?.type === 'url' || previous?.type === 'urlott'
  let word = before.length
  while (word > 0 && before[word - 1]!.trim() !== '') word--
  return /https?:\/\/|www\./i.test(before.slice(word))
}

/** Mistakes that would otherwise travel to recipients as they stand. */
function faultInFixedText(fixed: string, offset: number): TemplateRefusal | null {
  const close = fixed.indexOf(CLOSE)
  if (close !== -1) {
    const index = offset + close
    return refuse('variable_unopened', index, `the #} at ${place(index)} closes no variable: write {#var#}`)
  }
  const bare = /#var\d*#/i.exec(fixed)
  if (!bare) return null
  const index = offset + bare.index
  return refuse('variable_syntax', index, `${bare[0]} at ${place(index)} is no variable: write {#var#}`)
}

function unknownVariable(name: string, index: number): TemplateRefusal {
  const meant = name.toLowerCase().replace(/[^a-z]/g, '')
  const advice = TYPE_OF_TAG.has(meant)
    ? `write {#${meant}#}, in lower case, without digits or spaces; repeat it for every variable`
    : 'known are {#var#}, {#numeric#}, {#alphanumeric#}, {#url#}, {#urlott#}, {#cbn#} and {#email#}'
  return refuse('variable_unknown', index, `{#${name}#} at ${place(index)} is not a DLT variable: ${advice}`)
}

function typeConflict(name: string, type: VariableType, variable: number, index: number): TemplateRefusal {
  return refuse(
    'variable_type_conflict',
    index,
    `variable ${variable} is {#${name}#} at ${place(index)}, and is said to be ${tagOf(type)}: ` +
      'only {#var#} may be given another type',
  )
}

const place = (index: number): string => `character ${index + 1}`

function refuse(code: TemplateRefusal['code'], index: number, message: string): TemplateRefusal {
  return { ok: false, code, index, message }
}
