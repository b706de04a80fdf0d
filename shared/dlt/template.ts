/**
 * A DLT template: the text as the portal approved it, cut once at its variables so that filling it is concatenation.
 * Operators compare the fixed text octet by octet (facts B1), so nothing here trims, folds or normalises.
 */
export { type Filled, type FillRefusal, fill } from './fill.ts'

/** `text` is the untyped `{#var#}`; the others are the tags mandatory for new templates since January 2026. */
export type VariableType = 'text' | 'numeric' | 'alphanumeric' | 'url' | 'urlott' | 'cbn' | 'email'

export interface Variable {
  type: VariableType
  /** Longest value the operator's scrubber lets pass, in characters (code points). */
  maxChars: number
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
  code: 'template_empty' | 'variable_unknown' | 'variable_unclosed' | 'variable_unopened' | 'variable_syntax'
  /** Where in the text, in UTF-16 code units from 0. */
  index: number
  message: string
}

const OPEN = '{#'
const CLOSE = '#}'

/** Names of tags, case sensitive. Vi and Jio write the short forms into their exports. */
const TYPES: ReadonlyMap<string, VariableType> = new Map([
  ['var', 'text'],
  ['numeric', 'numeric'],
  ['number', 'numeric'],
  ['num', 'numeric'],
  ['alphanumeric', 'alphanumeric'],
  ['alp', 'alphanumeric'],
  ['url', 'url'],
  ['urg', 'url'],
  ['urlott', 'urlott'],
  ['uro', 'urlott'],
  ['cbn', 'cbn'],
  ['email', 'email'],
])

/** Operators' scrubbers let no more pass (facts A7). */
const MAX_CHARS = 30
const MAX_CHARS_ALPHANUMERIC = 40

/** Reads a template text. `{#var#}` and the typed tags become variables, everything else is fixed text. */
export function parseTemplate(text: string): Template | TemplateRefusal {
  if (text === '') return refuse('template_empty', 0, 'the template text is empty')
  const fixed: string[] = []
  const variables: Variable[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf(OPEN, at)
    const before = text.slice(at, open === -1 ? undefined : open)
    const fault = faultInFixedText(before, at)
    if (fault) return fault
    fixed.push(before)
    if (open === -1) return { ok: true, text, fixed, variables }

    const close = text.indexOf(CLOSE, open + OPEN.length)
    if (close === -1) {
      return refuse('variable_unclosed', open, `the variable opened at ${place(open)} has no closing #}`)
    }
    const name = text.slice(open + OPEN.length, close)
    const type = TYPES.get(name)
    if (!type) return unknownVariable(name, open)
    variables.push({ type, maxChars: type === 'alphanumeric' ? MAX_CHARS_ALPHANUMERIC : MAX_CHARS })
    at = close + CLOSE.length
  }
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
  const advice = TYPES.has(meant)
    ? `write {#${meant}#}, in lower case, without digits or spaces; repeat it for every variable`
    : 'known are {#var#}, {#numeric#}, {#alphanumeric#}, {#url#}, {#urlott#}, {#cbn#} and {#email#}'
  return refuse('variable_unknown', index, `{#${name}#} at ${place(index)} is not a DLT variable: ${advice}`)
}

const place = (index: number): string => `character ${index + 1}`

function refuse(code: TemplateRefusal['code'], index: number, message: string): TemplateRefusal {
  return { ok: false, code, index, message }
}
