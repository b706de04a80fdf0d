import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultInValue } from '../../../shared/dlt/check-value.ts'
import { fill } from '../../../shared/dlt/fill.ts'
import { matchTemplate } from '../../../shared/dlt/match/match.ts'
import { NEWLINE_FORMS, withNewlines } from '../../../shared/dlt/newlines.ts'
import { mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'
import type { Template } from '../../../shared/dlt/template.ts'
import { aTemplate, mutationsOf, templateText, valuesFor } from './match.factory.ts'
import { naiveMatch } from './naive-matcher.ts'

/** Short variables keep the naive matcher's exponent small; both readings of numbers, and empty values. */
const shortRules = fc
  .record({
    minChars: fc.constantFrom(1, 1, 0),
    maxChars: fc.integer({ min: 1, max: 4 }),
    decimalPoint: fc.boolean(),
  })
  .map(({ minChars, maxChars, decimalPoint }) =>
    mergeRules(DEFAULT_RULES, {
      variables: {
        text: { minChars, maxChars },
        numeric: { minChars, maxChars, decimalPoint },
        alphanumeric: { minChars, maxChars: Math.max(1, maxChars - 1) },
      },
    }),
  )

/** Templates with texts that match or nearly do. */
const cases = fc
  .tuple(templateText, shortRules)
  .map(([text, rules]) => ({ rules, template: aTemplate(text, { rules }) }))
  .chain(({ rules, template }) =>
    valuesFor(template)
      .chain((values) => mutationsOf(textOf(template, values)))
      .map((text) => ({ template, text, decimalPoint: rules.variables.numeric.decimalPoint })),
  )

function textOf(template: Template, values: string[]): string {
  const filled = fill(template, values)
  if (!filled.ok) throw new Error(filled.message)
  return filled.text
}

describe('matchTemplate', () => {
  it('matches whatever fill makes, with values that make it again', () => {
    const filled = templateText
      .map((text) => aTemplate(text))
      .chain((template) => valuesFor(template).map((values) => ({ template, values })))
    fc.assert(
      fc.property(filled, ({ template, values }) => {
        const text = textOf(template, values)
        const result = matchTemplate(template, text)
        expect(result).toMatchObject({ match: true })
        expect(result.match && fill(template, result.values)).toEqual({ ok: true, text })
      }),
      { numRuns: 2_000 },
    )
  })

  it('agrees with the naive matcher on texts that match or nearly do, position and values included', () => {
    fc.assert(
      fc.property(cases, ({ template, text, decimalPoint }) => {
        const result = matchTemplate(template, text)
        const { match } = result
        expect(match ? { match, values: result.values } : { match, position: result.position }).toEqual(
          naiveMatch(template, text, decimalPoint),
        )
      }),
      { numRuns: 20_000 },
    )
  }, 60_000)

  it.each([
    [3, '{#var#}b{#var#}b{#var#}{#var#}{#var#}a{#var#}a{#var#}a', 'cbcbaaaabbcaabcbacc'],
    [3, '{#var#}a{#var#}{#var#}a{#var#}{#var#}b{#var#}b{#var#}a', 'acaccaacbacabbcacaaab'],
    [2, '{#var#}b{#var#}{#var#}{#var#}a{#var#}a{#var#}b', 'cbbbaaccaabbbbcccbcab'],
  ])(
    'agrees where a piece known from further on lies just outside what can be reached: %d, %s',
    (maxChars, text, against) => {
      const rules = mergeRules(DEFAULT_RULES, { variables: { text: { maxChars } } })
      const template = aTemplate(text, { rules })
      const naive = naiveMatch(template, against, false)
      expect(naive.match).toBe(false)
      expect(matchTemplate(template, against)).toMatchObject(naive)
    },
  )

  it('finds values that their variables take, and says of a mismatch what stands at its position', () => {
    fc.assert(
      fc.property(cases, ({ template, text }) => {
        const result = matchTemplate(template, text)
        if (result.match) {
          const { variables } = template
          expect(result.values.map((value, i) => faultInValue(value, variables[i]!))).toEqual(
            variables.map(() => null),
          )
          expect(template.fixed.map((fixed, i) => fixed + (result.values[i] ?? '')).join('')).toBe(text)
          return
        }
        const { position, character, found, expected } = result
        expect(found?.character ?? '').toBe(
          String.fromCodePoint(...[text.codePointAt(position) ?? []].flat()),
        )
        expect([...text.slice(0, position)].length + 1).toBe(character)
        if (expected) expect(expected).not.toEqual(found)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each(NEWLINE_FORMS)('matches what was filled in the newline form %s', (newlines) => {
    const template = aTemplate('a\r\n{#var#}\nb\r{#var#}')
    const filled = fill(withNewlines(template, newlines), ['x\ny', 'z'])
    expect(filled.ok && matchTemplate(template, filled.text, { newlines })).toEqual({
      match: true,
      values: ['x\ny', 'z'],
    })
  })
})
