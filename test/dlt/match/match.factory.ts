import fc from 'fast-check'
import { type MatchOptions, type MatchResult, matchTemplate } from '../../../shared/dlt/match/match.ts'
import type { Mismatch } from '../../../shared/dlt/match/mismatch.ts'
import { parseTemplate, type Template, type TemplateOptions } from '../../../shared/dlt/template.ts'

export function aTemplate(text: string, options: TemplateOptions = {}): Template {
  const parsed = parseTemplate(text, options)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed
}

export const matching = (template: string, text: string, options: MatchOptions = {}): MatchResult =>
  matchTemplate(aTemplate(template), text, options)

/** @throws Error when the text matches. */
export function mismatching(template: string, text: string, options: MatchOptions = {}): Mismatch {
  const result = matching(template, text, options)
  if (result.match) throw new Error(`${JSON.stringify(text)} matches ${JSON.stringify(template)}`)
  return result
}

/** Few different characters, so that fixed texts and values resemble each other: letters, a mark, a pair, a digit. */
const anyCharacter = fc.constantFrom('a', 'a', 'b', ' ', '.', '😀', '1', '2')
const ofCharacters = (maxLength: number) => fc.string({ unit: anyCharacter, maxLength })

/** The same short piece again and again, from few characters: where places that can be reached lie in many runs. */
const repetitive = fc
  .tuple(
    fc.constantFrom('var', 'alp'),
    fc.array(fc.constantFrom('', 'a', 'b', 'ab'), { minLength: 2, maxLength: 5 }),
    fc.constantFrom('', 'a', 'b'),
  )
  .map(([tag, pieces, first]) => first + pieces.map((fixed) => `{#${tag}#}${fixed}`).join(''))

const various = fc
  .tuple(
    ofCharacters(4),
    fc.array(fc.tuple(fc.constantFrom('var', 'num', 'alp'), ofCharacters(4)), { maxLength: 4 }),
  )
  .map(([first, rest]) => first + rest.map(([tag, fixed]) => `{#${tag}#}${fixed}`).join(''))
  .filter((text) => text !== '')

/** A template of few variables, as text. */
export const templateText = fc.oneof(repetitive, various)

const VALUE_CHARACTERS = { text: 'ab .😀12', numeric: '12', alphanumeric: 'ab12' }

/** Values that `fill` accepts for these variables, if they are of these three types. */
export const valuesFor = (template: Template) =>
  fc.tuple(
    ...template.variables.map(({ type, maxChars }) =>
      fc.string({
        unit: fc.constantFrom(...VALUE_CHARACTERS[type as keyof typeof VALUE_CHARACTERS]),
        minLength: 1,
        maxLength: maxChars,
      }),
    ),
  ) as fc.Arbitrary<string[]>

/** The text after a few characters were replaced, put in or left out. */
export const mutationsOf = (text: string): fc.Arbitrary<string> => {
  const characters = [...text]
  const edit = fc.record({
    at: fc.nat({ max: characters.length }),
    drop: fc.nat({ max: 2 }),
    put: ofCharacters(2),
  })
  return fc.array(edit, { minLength: 0, maxLength: 3 }).map((edits) => {
    const mutated = [...characters]
    for (const { at, drop, put } of edits) mutated.splice(at, drop, ...put)
    return mutated.join('')
  })
}
