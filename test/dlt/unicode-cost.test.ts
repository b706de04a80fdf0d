import { describe, expect, it } from 'vitest'
import { gsmReplacement } from '../../shared/dlt/gsm-replacement.ts'
import { unicodeCost } from '../../shared/dlt/unicode-cost.ts'
import { gsmUnits } from '../../shared/sms/gsm7.ts'
import { vectors } from '../sms/vectors.ts'
import { aTemplate } from './match/match.factory.ts'

const costOf = (template: string, ...values: string[]) => unicodeCost(aTemplate(template), values, 8)

describe('unicodeCost', () => {
  it('says of a GSM message that it costs nothing more', () => {
    expect(costOf('Dear {#var#}, pay Rs.{#var#}', 'Asha', '500')).toEqual({
      characters: [],
      segments: 1,
      suggestedValues: ['Asha', '500'],
      suggestedSegments: 1,
    })
  })

  it('names each character, where it stands and what would say the same, with the segments saved', () => {
    const template = `Dear {#var#}, ${'x'.repeat(100)}`
    expect(costOf(template, 'D’Souza — 5')).toEqual({
      characters: [
        {
          character: '’',
          codePoint: 'U+2019',
          name: 'right single quotation mark',
          index: 6,
          variable: 1,
          replacement: "'",
        },
        { character: '—', codePoint: 'U+2014', name: 'em dash', index: 13, variable: 1, replacement: '-' },
      ],
      segments: 2,
      suggestedValues: ["D'Souza - 5"],
      suggestedSegments: 1,
    })
  })

  it('suggests nothing for fixed text, which must stay as it is registered', () => {
    const cost = costOf('It’s due, {#var#}', 'D’Souza')
    expect(cost.characters.map(({ variable, replacement }) => [variable, replacement])).toEqual([
      [null, null],
      [1, "'"],
    ])
    expect(cost).toMatchObject({ suggestedValues: ['D’Souza'], suggestedSegments: cost.segments })
  })

  it('suggests nothing where a character of a value says what GSM cannot', () => {
    expect(costOf('Dear {#var#} {#var#}', 'आशा', '₹500')).toMatchObject({
      suggestedValues: ['आशा', '₹500'],
      characters: [
        { replacement: null },
        { replacement: null },
        { replacement: null },
        { replacement: 'Rs.' },
      ],
    })
  })

  it('leaves a value that would be too long or of another type with its replacement', () => {
    const full = `${'x'.repeat(29)}…`
    expect(costOf('Dear {#var#}', full)).toMatchObject({
      suggestedValues: [full],
      characters: [{ character: '…', replacement: null }],
    })
  })

  it('finds what the segmenter finds in the texts that people believe to be GSM', () => {
    for (const character of vectors.not_gsm_but_often_believed) {
      expect(costOf('x{#var#}', character).characters).toMatchObject([{ character, index: 1 }])
    }
  })
})

describe('gsmReplacement', () => {
  it.each([
    ['’', "'"],
    ['“', '"'],
    ['–', '-'],
    ['…', '...'],
    ['\u00a0', ' '],
    ['\t', ' '],
    ['\u200b', ''],
    ['₹', 'Rs.'],
    ['Ａ', 'A'],
    ['～', '~'],
  ])('says %j as %j', (character, replacement) => {
    expect(gsmReplacement(character.codePointAt(0)!)).toBe(replacement)
  })

  it.each(['á', 'ç', '½', '™', 'अ', '\u200d', 'а', '😀'])(
    'has nothing for %j, which says more',
    (character) => {
      expect(gsmReplacement(character.codePointAt(0)!)).toBeNull()
    },
  )

  it('replaces only what is not GSM 03.38, and only by what is', () => {
    for (let point = 0; point < 0x1_0000; point++) {
      const replacement = gsmReplacement(point)
      if (replacement === null) continue
      expect([point, gsmUnits(String.fromCharCode(point))]).toEqual([point, -1])
      expect([point, gsmUnits(replacement) >= 0]).toEqual([point, true])
    }
  })
})
