/**
 * What DLT asks of a message, as data: the levels of the table's rules, and limits. No operator's contract was read and
 * operators differ, so both have defaults that a tenant or a route may override (`overrides.ts`). Everything in
 * this folder takes the merged rules as an argument.
 */
import type { LaunchTerms } from '../../contracts/dispatch.ts'
import type { NewlineForm } from '../newlines.ts'
import type { VariableType } from '../variable-types.ts'
import { type Level, RULES, RULES_VERSION, type RuleCode } from './rule-table.ts'

export interface VariableRule {
  minChars: number
  /** Longest value the operator's scrubber lets pass, in characters (code points). */
  maxChars: number
}

/** Types that are a set of characters; `also` is what the reading of an operator adds to it. */
export interface CharactersRule extends VariableRule {
  also: string
}

export interface NumericRule extends CharactersRule {
  /** Whether one point with digits on both sides may stand in the number. */
  decimalPoint: boolean
}

export type VariableRules = Record<Exclude<VariableType, 'numeric' | 'alphanumeric'>, VariableRule> & {
  numeric: NumericRule
  alphanumeric: CharactersRule
}

export interface DltRules {
  version: string
  levels: Readonly<Record<RuleCode, Level>>
  variables: Readonly<VariableRules>
  /** How many variables pass without a warning. */
  maxVariables: number
  /** Of the longest message a template allows, how much must be fixed text, 0 to 1. */
  minFixedShare: number
  promotionalHours: NonNullable<LaunchTerms['hours']>
  /** How the operator holds the line ends of a template (facts B4). */
  newlines: NewlineForm
}

const UP_TO_30 = { minChars: 1, maxChars: 30 } as const

/** The strict reading of everything (facts A7): what passes it passes at every operator. */
export const DEFAULT_RULES: DltRules = {
  version: RULES_VERSION,
  levels: Object.fromEntries(Object.entries(RULES).map(([code, { level }]) => [code, level])) as Record<
    RuleCode,
    Level
  >,
  variables: {
    text: UP_TO_30,
    numeric: { ...UP_TO_30, also: '', decimalPoint: false },
    alphanumeric: { minChars: 1, maxChars: 40, also: '' },
    url: UP_TO_30,
    urlott: UP_TO_30,
    cbn: UP_TO_30,
    email: UP_TO_30,
  },
  maxVariables: 3,
  minFixedShare: 0.3,
  // 10:00 to 21:00 in Asia/Kolkata. Operators refuse the rest with error 651; older documents still name 9:00 (facts A1).
  promotionalHours: { fromMinute: 600, toMinute: 1_260 },
  newlines: 'exact',
}
