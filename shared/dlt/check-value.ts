/** Whether a value may stand in a variable: its length, and the characters and form of its type. */
import { describeCharacter, type NamedCharacter, nameCharacter } from './characters.ts'
import type { DltRules } from './rules/rules.ts'
import type { Variable } from './template.ts'
import { DEAD, nextState } from './value-form.ts'
import { formOf } from './value-forms.ts'
import { tagOf, type VariableType } from './variable-types.ts'

export interface ValueFault {
  code: 'value_empty' | 'value_too_long' | 'value_control_character' | 'value_character' | 'value_incomplete'
  /** Goes on from "the value …". */
  says: string
  /** The first character that cannot stand where it stands; null when no one character is at fault. */
  at: ValuePlace | null
}

export interface ValuePlace extends NamedCharacter {
  /** In UTF-16 code units from 0. */
  index: number
  /** In characters from 1. */
  position: number
}

/** Building an automaton costs more than a template has variables, and the matcher knows equal forms by identity. */
const known = new WeakMap<DltRules, Map<string, Variable>>()

/** The variable of this type under these rules; see `formOf` for `continuesUrl`. */
export function variableOf(type: VariableType, rules: DltRules, continuesUrl = false): Variable {
  const ofRules = known.get(rules) ?? new Map<string, Variable>()
  known.set(rules, ofRules)
  const key = `${type} ${continuesUrl}`
  let variable = ofRules.get(key)
  if (!variable) {
    const { minChars, maxChars } = rules.variables[type]
    variable = { type, minChars, maxChars, form: formOf(type, rules.variables, continuesUrl) }
    ofRules.set(key, variable)
  }
  return variable
}

/** Why `value` cannot stand in a variable of this type; null when it can. */
export function checkValue(type: VariableType, value: string, rules: DltRules): ValueFault | null {
  return faultInValue(value, variableOf(type, rules))
}

const CONTROL_CHARACTER = /[\0-\x08\x0e-\x1f\ufffe\uffff]/

/** {@link checkValue} for a variable of a template. Runs for every value of an upload. */
export function faultInValue(value: string, variable: Variable): ValueFault | null {
  const { type, minChars, maxChars } = variable
  if (value.length < minChars) {
    // Operators ask for at least one character in a variable (facts B5).
    return fault('value_empty', 'is empty, and a variable needs at least one character')
  }
  if (value.length > maxChars) {
    const chars = countCharacters(value)
    if (chars > maxChars) {
      return fault('value_too_long', `has ${chars} characters, operators let ${maxChars} pass`)
    }
  }
  // The untyped variable is in nearly every template, and an expression is faster than the automaton that says the same.
  if (type === 'text') return CONTROL_CHARACTER.test(value) ? controlCharacter(value) : null
  return faultInForm(value, variable)
}

function faultInForm(value: string, { type, form }: Variable): ValueFault | null {
  let state = 0
  for (let index = 0; index < value.length; index++) {
    const point = value.codePointAt(index)!
    state = nextState(form, state, point)
    if (state === DEAD) return unexpectedCharacter(value, index, type, form.says)
    if (point > 0xffff) index++
  }
  if (form.accepting[state] === 1 || value === '') return null
  return fault('value_incomplete', `ends too soon: ${tagOf(type)} takes ${form.says}`)
}

function unexpectedCharacter(value: string, index: number, type: VariableType, takes: string): ValueFault {
  const at = placeIn(value, index)
  if (CONTROL_CHARACTER.test(at.character)) return controlCharacter(value)
  const found = describeCharacter(value.codePointAt(index)!)
  return {
    code: 'value_character',
    says: `holds ${found} as character ${at.position}: ${tagOf(type)} takes ${takes}`,
    at,
  }
}

function controlCharacter(value: string): ValueFault {
  const at = placeIn(value, value.search(CONTROL_CHARACTER))
  return {
    code: 'value_control_character',
    says: `holds the control character ${at.codePoint} as character ${at.position}: remove it`,
    at,
  }
}

function placeIn(value: string, index: number): ValuePlace {
  const named = nameCharacter(value.codePointAt(index)!)
  return { ...named, index, position: countCharacters(value.slice(0, index)) + 1 }
}

function countCharacters(value: string): number {
  let count = 0
  for (const _ of value) count++
  return count
}

const fault = (code: ValueFault['code'], says: string): ValueFault => ({ code, says, at: null })
