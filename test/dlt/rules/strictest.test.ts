import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultInValue, variableOf } from '../../../shared/dlt/check-value.ts'
import { type DltRuleOverrides, mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'
import { strictest } from '../../../shared/dlt/rules/strictest.ts'

const reads = (overrides: DltRuleOverrides) => mergeRules(DEFAULT_RULES, overrides)

describe('the strictest of several rules', () => {
  it('takes the harsher level, the fewer variables, the hours that all have', () => {
    const rules = strictest(
      reads({
        levels: { value_url: 'off' },
        maxVariables: 5,
        promotionalHours: { fromMinute: 540, toMinute: 1_200 },
      }),
      [reads({ levels: { value_url_possible: 'refuse' }, minFixedShare: 0.5 })],
    )
    expect(rules).toMatchObject({
      ...{
        levels: { value_url: 'refuse', value_url_possible: 'refuse' },
        maxVariables: 3,
        minFixedShare: 0.5,
      },
      promotionalHours: { fromMinute: 600, toMinute: 1_200 },
    })
  })

  it.each([
    ['do not meet', { fromMinute: 1_300, toMinute: 1_380 }],
    ['run past midnight', { fromMinute: 1_260, toMinute: 600 }],
  ])('keeps the hours of the first when those of another %s', (_, promotionalHours) => {
    expect(strictest(DEFAULT_RULES, [reads({ promotionalHours })]).promotionalHours).toEqual(
      DEFAULT_RULES.promotionalHours,
    )
  })

  it('lets a value pass that all let pass, and no other', () => {
    const [jio, vi] = [
      reads({ reading: 'jio' }),
      reads({ reading: 'vi', variables: { text: { maxChars: 10 } } }),
    ]
    const both = strictest(jio, [vi])
    const value = fc.string({
      unit: fc.constantFrom('a', '7', ' ', '-', ':', '_', '/', '.', 'अ'),
      maxLength: 14,
    })
    fc.assert(
      fc.property(value, fc.constantFrom('text', 'numeric', 'alphanumeric'), (text, type) => {
        const passes = (rules: typeof both) => faultInValue(text, variableOf(type, rules)) === null
        expect(passes(both)).toBe(passes(jio) && passes(vi))
      }),
      { numRuns: 2_000 },
    )
  })
})
