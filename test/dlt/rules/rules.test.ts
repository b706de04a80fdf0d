import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DltRuleOverrides, mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { RULES, RULES_VERSION } from '../../../shared/dlt/rules/rule-table.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'

describe('the table of rules', () => {
  it('names for every rule a source that docs/facts.md holds, or the Unicode standard', () => {
    const facts = new Set(
      [...readFileSync('docs/facts.md', 'utf8').matchAll(/^\*\*([A-Z]\d+)/gm)].map((match) => match[1]!),
    )
    const unsourced = Object.entries(RULES).flatMap(([code, { source }]) => {
      const cited = source.match(/\b[A-Z]\d+\b/g) ?? []
      const isKnown =
        cited.length > 0 ? cited.every((entry) => facts.has(entry)) : source.startsWith('Unicode')
      return isKnown ? [] : [`${code}: ${source}`]
    })
    expect(unsourced).toEqual([])
  })

  it('is where the default levels come from', () => {
    expect(DEFAULT_RULES.version).toBe(RULES_VERSION)
    expect(Object.keys(DEFAULT_RULES.levels)).toEqual(Object.keys(RULES))
    expect(DEFAULT_RULES.levels).toMatchObject({
      template_forbidden_character: 'refuse',
      template_adjacent_variables: 'warn',
      template_many_variables: 'warn',
      template_little_fixed_text: 'warn',
      header_affix: 'refuse',
      header_alphabetic_promotional: 'warn',
      consent_missing: 'warn',
      value_url: 'refuse',
      value_phone_possible: 'warn',
    })
  })
})

describe('overrides of a tenant or route', () => {
  it('change levels and limits and leave the rest', () => {
    const rules = mergeRules(DEFAULT_RULES, {
      levels: { value_url: 'warn', consent_missing: 'off' },
      variables: { text: { maxChars: 40 } },
      maxVariables: 6,
    })
    expect(rules).toEqual({
      ...DEFAULT_RULES,
      levels: { ...DEFAULT_RULES.levels, value_url: 'warn', consent_missing: 'off' },
      variables: { ...DEFAULT_RULES.variables, text: { minChars: 1, maxChars: 40 } },
      maxVariables: 6,
    })
  })

  it('apply in order, the route after the tenant', () => {
    const tenant: DltRuleOverrides = { maxVariables: 5, newlines: 'lf', levels: { value_url: 'warn' } }
    const route: DltRuleOverrides = { newlines: 'crlf', levels: { value_url: 'refuse' } }
    const rules = mergeRules(DEFAULT_RULES, tenant, route)
    expect(rules).toMatchObject({ maxVariables: 5, newlines: 'crlf', levels: { value_url: 'refuse' } })
  })

  it('apply a reading before their own limits, over those of before', () => {
    const rules = mergeRules(
      DEFAULT_RULES,
      { variables: { alphanumeric: { also: '@' } } },
      { reading: 'vi', variables: { alphanumeric: { maxChars: 35 } } },
    )
    expect(rules.variables.alphanumeric).toEqual({ minChars: 1, maxChars: 35, also: ' _/.' })
  })

  it('with nothing in them change nothing, undefined included', () => {
    const nothing = { maxVariables: undefined, levels: undefined, variables: { text: undefined } }
    expect(mergeRules(DEFAULT_RULES, {}, nothing)).toEqual(DEFAULT_RULES)
  })

  it('leave the rules they are merged into as they were', () => {
    const before = structuredClone(DEFAULT_RULES)
    mergeRules(DEFAULT_RULES, { levels: { value_url: 'off' }, variables: { text: { maxChars: 1 } } })
    expect(DEFAULT_RULES).toEqual(before)
  })

  it.each<[unknown, string]>([
    [{ levels: { template_mismatch: 'warn' } }, 'a rule that cannot be overridden'],
    [{ levels: { value_urls: 'warn' } }, 'a rule that does not exist'],
    [{ levels: { value_url: 'ignore' } }, 'a level that does not exist'],
    [{ variables: { text: { maxChars: 0 } } }, 'a variable without room'],
    [{ variables: { numeric: { also: 'é' } } }, 'characters beyond ASCII'],
    [{ variables: { url: { also: '.' } } }, 'characters for a type that has a form'],
    [{ reading: 'airtel' }, 'a reading nobody has described'],
    [{ promotionalHours: { fromMinute: 0, toMinute: 1_500 } }, 'a day of 25 hours'],
    [{ minFixedShare: 30 }, 'a share above 1'],
    [{ newline: 'lf' }, 'a misspelt key'],
  ])('%j are refused: %s', (overrides, _) => {
    expect(DltRuleOverrides.safeParse(overrides).success).toBe(false)
  })

  it('as a route would store them are taken', () => {
    const stored = {
      reading: 'jio',
      levels: { value_phone_possible: 'refuse' },
      variables: { numeric: { also: ',', decimalPoint: true }, text: { minChars: 0 } },
      promotionalHours: { fromMinute: 540, toMinute: 1_260 },
      newlines: 'space',
    }
    expect(DltRuleOverrides.parse(stored)).toEqual(stored)
  })
})
