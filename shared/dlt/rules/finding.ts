import type { Level, RuleCode } from './rule-table.ts'
import type { DltRules } from './rules.ts'

/** A rule that is broken, and what that means under the rules that apply. */
export interface Finding {
  code: RuleCode
  level: Exclude<Level, 'off'>
  /** Says where, and what to do. */
  message: string
}

/** The first code and the sentences of all findings that refuse; null when none does. */
export function refusalAmong(findings: readonly Finding[]): { code: RuleCode; message: string } | null {
  const refusals = findings.filter(({ level }) => level === 'refuse')
  if (refusals.length === 0) return null
  return { code: refusals[0]!.code, message: refusals.map(({ message }) => message).join('; ') }
}

/** The finding as a list of one; none when the rule is off. */
export function finding(code: RuleCode, rules: DltRules, message: string): Finding[] {
  const level = rules.levels[code]
  return level === 'off' ? [] : [{ code, level, message }]
}
