/** What a message pays for characters outside GSM 03.38, and what could be written instead. */
import { gsmUnits } from '../sms/gsm7.ts'
import { type ReferenceBits, segment, unicodeCharacters } from '../sms/segment.ts'
import { type NamedCharacter, nameCharacter } from './characters.ts'
import { faultInValue } from './check-value.ts'
import { gsmReplacement } from './gsm-replacement.ts'
import type { Template } from './template.ts'

export interface CostlyCharacter extends NamedCharacter {
  /** In the message, in UTF-16 code units from 0. */
  index: number
  /** The variable whose value holds it, from 1; null in the fixed text. */
  variable: number | null
  /** What says the same in GSM 03.38; null where nothing does, and in fixed text, which must stay as registered. */
  replacement: string | null
}

export interface UnicodeCost {
  /** Every character that keeps the message out of GSM 03.38, in order; empty for a GSM message. */
  characters: CostlyCharacter[]
  segments: number
  /** The values with the replacements made, if that brings the message into GSM 03.38; else the values as they are. */
  suggestedValues: string[]
  /** Segments with them. */
  suggestedSegments: number
}

/**
 * The cost of one message that `fill` accepts; for previews and samples, not per row.
 * @throws RangeError when the message cannot be cut into segments: ask `segment` first.
 */
export function unicodeCost(
  template: Template,
  values: readonly string[],
  referenceBits: ReferenceBits,
): UnicodeCost {
  const replaced = withReplacements(template, values)
  const suggestedValues = gsmUnits(messageOf(template, replaced)) === -1 ? [...values] : replaced
  const characters: CostlyCharacter[] = []
  let index = 0
  const collect = (text: string, variable: number | null, mayReplace: boolean): void => {
    for (const found of unicodeCharacters(text)) {
      const point = found.character.codePointAt(0)!
      const replacement = mayReplace ? gsmReplacement(point) : null
      characters.push({ ...nameCharacter(point), index: index + found.index, variable, replacement })
    }
    index += text.length
  }
  template.fixed.forEach((text, i) => {
    collect(text, null, false)
    if (i < values.length) collect(values[i]!, i + 1, replaced[i] !== values[i])
  })
  return {
    characters,
    segments: segmentsOf(template, values, referenceBits),
    suggestedValues,
    suggestedSegments: segmentsOf(template, suggestedValues, referenceBits),
  }
}

/** Each value with everything replaced that GSM 03.38 lacks and something says the same of, where its variable takes that. */
export function withReplacements(template: Template, values: readonly string[]): string[] {
  return values.map((value, i) => {
    const text = inGsm(value)
    // Three dots for an ellipsis may be two characters too many, and a type may not take them.
    return faultInValue(text, template.variables[i]!) === null ? text : value
  })
}

const inGsm = (text: string): string =>
  Array.from(text, (character) => gsmReplacement(character.codePointAt(0)!) ?? character).join('')

const messageOf = ({ fixed }: Template, values: readonly string[]): string =>
  fixed.map((text, i) => text + (values[i] ?? '')).join('')

function segmentsOf(template: Template, values: readonly string[], referenceBits: ReferenceBits): number {
  const segmented = segment(messageOf(template, values), referenceBits)
  if (!segmented.ok) throw new RangeError(segmented.message)
  return segmented.parts.length
}
