import type { Template } from './template.ts'

export interface FillRefusal {
  ok: false
  code: 'value_count' | 'value_empty' | 'value_too_long' | 'value_control_character'
  /** Which variable, counted from 1. */
  variable: number
  message: string
}

export type Filled = { ok: true; text: string } | FillRefusal

/**
 * C0 but TAB, LF, VT, FF and CR: nothing a handset shows, and often the trace of a binary file. U+FFFE and U+FFFF are
 * no characters at all (Unicode §23.7), and SQS takes no body that holds one.
 */
const CONTROL_CHARACTER = /[\0-\x08\x0e-\x1f\ufffe\uffff]/

/**
 * The template with its variables replaced, one value for each, in order. Values go in as they are: braces, `$&` and
 * `{#var#}` inside a value mean nothing. Runs for every row of an upload.
 */
export function fill(template: Template, values: readonly string[]): Filled {
  const { fixed, variables } = template
  if (values.length !== variables.length) return wrongCount(variables.length, values.length)
  let text = fixed[0]!
  for (let i = 0; i < variables.length; i++) {
    const value = values[i]!
    const refusal = faultOf(value, i + 1, variables[i]!.maxChars)
    if (refusal) return refusal
    text += value + fixed[i + 1]!
  }
  return { ok: true, text }
}

function faultOf(value: string, variable: number, maxChars: number): FillRefusal | null {
  if (value === '') {
    // Operators ask for at least one character in a variable (facts B5).
    return refuse('value_empty', variable, 'is empty, and a variable needs at least one character')
  }
  if (value.length > maxChars) {
    const chars = countCharacters(value)
    if (chars > maxChars) {
      return refuse('value_too_long', variable, `has ${chars} characters, operators let ${maxChars} pass`)
    }
  }
  const control = CONTROL_CHARACTER.exec(value)
  if (!control) return null
  const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return refuse(
    'value_control_character',
    variable,
    `holds the control character U+${code} as character ${control.index + 1}: remove it`,
  )
}

function countCharacters(value: string): number {
  let count = 0
  for (const _ of value) count++
  return count
}

function wrongCount(wanted: number, got: number): FillRefusal {
  return {
    ok: false,
    code: 'value_count',
    variable: Math.min(wanted, got) + 1,
    message: `the template has ${wanted} variables, the row gives ${got} values`,
  }
}

function refuse(code: FillRefusal['code'], variable: number, what: string): FillRefusal {
  return { ok: false, code, variable, message: `the value of variable ${variable} ${what}` }
}
