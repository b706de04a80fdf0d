import { faultInValue, type ValueFault, type ValuePlace } from './check-value.ts'
import type { Template } from './template.ts'

export interface FillRefusal {
  ok: false
  code: 'value_count' | ValueFault['code']
  /** Which variable, counted from 1. */
  variable: number
  message: string
  /** The first offending character of the value, where one is at fault. */
  at?: ValuePlace
}

export type Filled = { ok: true; text: string } | FillRefusal

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
    const fault = faultInValue(value, variables[i]!)
    if (fault) return refuse(fault, i + 1)
    text += value + fixed[i + 1]!
  }
  return { ok: true, text }
}

function wrongCount(wanted: number, got: number): FillRefusal {
  return {
    ok: false,
    code: 'value_count',
    variable: Math.min(wanted, got) + 1,
    message: `the template has ${wanted} variables, the row gives ${got} values`,
  }
}

function refuse({ code, says, at }: ValueFault, variable: number): FillRefusal {
  const refusal: FillRefusal = {
    ok: false,
    code,
    variable,
    message: `the value of variable ${variable} ${says}`,
  }
  return at === null ? refusal : { ...refusal, at }
}
