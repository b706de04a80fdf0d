/** What characters outside GSM 03.38 cost a campaign: 70 characters a segment instead of 160. */
import { z } from 'zod'
import type { AcceptedRow } from '../csv/recipients.ts'
import { type NamedCharacter, nameCharacter } from '../dlt/characters.ts'
import { fill } from '../dlt/fill.ts'
import { gsmReplacement } from '../dlt/gsm-replacement.ts'
import type { Template } from '../dlt/template.ts'
import { withReplacements } from '../dlt/unicode-cost.ts'
import { gsmCost, gsmUnits } from '../sms/gsm7.ts'
import { type ReferenceBits, segment, unicodeCharacters } from '../sms/segment.ts'
import type { ComposedMessage } from './plan-message.ts'

const CHARACTERS = 10
const SUGGESTIONS = 5

const Character = z.object({
  character: z.string(),
  /** `U+2019` */
  codePoint: z.string(),
  /** For those that are easily taken for others; null for the rest. */
  name: z.string().nullable(),
})

export const UnicodeNumbers = z.object({
  /** In the fixed text, where nothing can be done: every message is Unicode then, and values are not looked at. */
  template: z.array(Character).max(CHARACTERS),
  /** The commonest in values. */
  values: z
    .array(
      Character.extend({
        rows: z.number().int(),
        /** What says the same in GSM 03.38, perhaps nothing; null where nothing does. */
        replacement: z.string().nullable(),
      }),
    )
    .max(CHARACTERS),
  /** Rows that the replacements would bring into GSM 03.38, and the segments this would save. */
  avoidable: z.object({ rows: z.number().int(), segments: z.number().int() }),
  /** The first of them, with values that say the same. */
  suggestions: z
    .array(
      z.object({
        line: z.number().int(),
        values: z.array(z.string()),
        suggestedValues: z.array(z.string()),
        segments: z.number().int(),
        suggestedSegments: z.number().int(),
      }),
    )
    .max(SUGGESTIONS),
})
export type UnicodeNumbers = z.infer<typeof UnicodeNumbers>

interface Seen {
  rows: number
  lastLine: number
}

/** Counts over the rows of one check; the same rows give the same numbers. */
export class UnicodeTally {
  readonly #template: Template
  readonly #referenceBits: ReferenceBits
  readonly #ofTemplate: NamedCharacter[]
  readonly #seen = new Map<number, Seen>()
  readonly #avoidable = { rows: 0, segments: 0 }
  readonly #suggestions: UnicodeNumbers['suggestions'] = []

  constructor(template: Template, referenceBits: ReferenceBits) {
    this.#template = template
    this.#referenceBits = referenceBits
    const found = unicodeCharacters(template.fixed.join('')).map(({ character }) => character)
    this.#ofTemplate = [...new Set(found)].map((character) => nameCharacter(character.codePointAt(0)!))
  }

  /** Of an accepted row whose message is Unicode. */
  add({ line, message }: AcceptedRow<ComposedMessage>): void {
    const { values } = message
    if (this.#ofTemplate.length > 0) return
    let isAvoidable = true
    for (const value of values) {
      for (let i = 0; i < value.length; i++) {
        if (gsmCost(value.charCodeAt(i)) > 0) continue
        const point = value.codePointAt(i)!
        if (point > 0xffff) i++
        this.#see(point, line)
        isAvoidable &&= gsmReplacement(point) !== null
      }
    }
    if (isAvoidable) this.#avoid(line, message)
  }

  numbers(): UnicodeNumbers {
    const commonest = [...this.#seen].sort(([a, one], [b, other]) => other.rows - one.rows || a - b)
    return {
      template: this.#ofTemplate.slice(0, CHARACTERS),
      values: commonest.slice(0, CHARACTERS).map(([point, { rows }]) => ({
        ...nameCharacter(point),
        ...{ rows, replacement: gsmReplacement(point) },
      })),
      avoidable: this.#avoidable,
      suggestions: this.#suggestions,
    }
  }

  #see(point: number, line: number): void {
    const seen = this.#seen.get(point)
    if (seen === undefined) this.#seen.set(point, { rows: 1, lastLine: line })
    else if (seen.lastLine !== line) {
      seen.rows++
      seen.lastLine = line
    }
  }

  #avoid(line: number, { values, segments }: ComposedMessage): void {
    const suggestedValues = withReplacements(this.#template, values)
    const filled = fill(this.#template, suggestedValues)
    // A replacement that the variable does not take is not made: then the message stays what it is.
    if (!filled.ok || gsmUnits(filled.text) === -1) return
    const suggested = segment(filled.text, this.#referenceBits)
    if (!suggested.ok) return
    const suggestedSegments = suggested.parts.length
    this.#avoidable.rows++
    this.#avoidable.segments += segments - suggestedSegments
    if (this.#suggestions.length === SUGGESTIONS) return
    this.#suggestions.push({ line, values: [...values], suggestedValues, segments, suggestedSegments })
  }
}
