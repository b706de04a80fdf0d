import { describe, expect, test } from 'vitest'
import { mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { type OverridableRule, RULES, type RuleCode } from '../../../shared/dlt/rules/rule-table.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'
import { BREACHES } from './breaches.ts'

const CODES = Object.keys(RULES) as RuleCode[]

describe('a breach of', () => {
  test.each(CODES)('%s is found', (code) => {
    expect(BREACHES[code].codes(DEFAULT_RULES)).toContain(code)
  })

  test.each(CODES.filter((code) => RULES[code].overridable))('%s is not when the rule is off', (code) => {
    const rules = mergeRules(DEFAULT_RULES, { levels: { [code as OverridableRule]: 'off' } })
    expect(BREACHES[code].codes(rules)).not.toContain(code)
  })
})
