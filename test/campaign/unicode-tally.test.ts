import { describe, expect, it } from 'vitest'
import { messageComposer } from '../../shared/campaign/plan-message.ts'
import { UnicodeTally } from '../../shared/campaign/unicode-tally.ts'
import { aTemplate, numberAt } from '../plan/plan.factory.ts'

function tallied(text: string, rows: readonly (readonly string[])[]) {
  const template = aTemplate(text)
  const compose = messageComposer(template, 8, Number.POSITIVE_INFINITY)
  const tally = new UnicodeTally(template, 8)
  for (const [n, values] of rows.entries()) {
    const composed = compose(values)
    if (!composed.ok) throw new Error(composed.message)
    if (composed.message.dataCoding !== 8) continue
    tally.add({ line: n + 2, msisdn: numberAt(n), message: composed.message })
  }
  return tally.numbers()
}

const LONG = `Dear {#var#}, ${'your order is on its way. '.repeat(4)}`

describe('what Unicode costs a campaign', () => {
  it('names the commonest characters by rows, with what says the same', () => {
    const { values, template } = tallied(LONG, [['Asha’s’'], ['Ravi’s'], ['मीना'], ['plain']])
    expect(template).toEqual([])
    expect(values[0]).toEqual({
      ...{ character: '’', codePoint: 'U+2019', name: 'right single quotation mark' },
      ...{ rows: 2, replacement: "'" },
    })
    expect(values.slice(1)).toContainEqual({
      character: 'म',
      codePoint: 'U+092E',
      name: null,
      rows: 1,
      replacement: null,
    })
  })

  it('counts the rows that replacements would save segments of, and shows the first with them', () => {
    const { avoidable, suggestions } = tallied(LONG, [['Asha’s'], ['मीना’s'], ['Ravi’s']])
    expect(avoidable).toEqual({ rows: 2, segments: 2 })
    expect(suggestions).toEqual([
      { line: 2, values: ['Asha’s'], suggestedValues: ["Asha's"], segments: 2, suggestedSegments: 1 },
      { line: 4, values: ['Ravi’s'], suggestedValues: ["Ravi's"], segments: 2, suggestedSegments: 1 },
    ])
  })

  it('leaves values alone where the template itself is Unicode, and says so', () => {
    const { values, template, avoidable } = tallied('Dear {#var#} – thank you', [['Asha’s']])
    expect(template.map(({ codePoint }) => codePoint)).toEqual(['U+2013'])
    expect([values, avoidable]).toEqual([[], { rows: 0, segments: 0 }])
  })

  it('suggests no value that its variable does not take', () => {
    const { avoidable, suggestions } = tallied(LONG, [[`${'x'.repeat(29)}…`]])
    expect([avoidable.rows, suggestions]).toEqual([0, []])
  })
})
