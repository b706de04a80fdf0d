/**
 * Cuts a text into the segments it is sent and billed as. A text of GSM 03.38 characters counts septets, any other
 * UTF-16 code units; a text that does not fit one segment gives up room in each to the concatenation header.
 */
import { gsmCost, gsmUnits } from './gsm7.ts'

/** Width of the reference number in the concatenation header, see `concatUdh`. */
export type ReferenceBits = 8 | 16

/** SMPP data_coding (SMPP 3.4 §5.2.19): 0 SMSC default alphabet, here always GSM 03.38; 8 UCS-2. */
export type DataCoding = 0 | 8

export interface Segmented {
  ok: true
  encoding: 'GSM7' | 'UCS2'
  dataCoding: DataCoding
  /** Septets, escapes included, or UTF-16 code units; without headers. */
  units: number
  /** At least one, in order; joined they are the text. */
  parts: string[]
}

export interface SegmentRefusal {
  ok: false
  code: 'lone_surrogate' | 'too_many_parts'
  message: string
}

/** A short message holds 140 octets: 160 septets or 70 code units (3GPP TS 23.040 §9.2.3.24). */
const SINGLE = { gsm: 160, ucs2: 70 }
/** What is left beside a header of 6 octets (8-bit reference) or 7 (16-bit), septets aligned to a septet boundary. */
const PART = {
  8: { gsm: 153, ucs2: 67 },
  16: { gsm: 152, ucs2: 66 },
}

/** The header counts parts in one octet (3GPP TS 23.040 §9.2.3.24.1). */
export const MAX_PARTS = 255

/**
 * Segments of `text`. Cuts are greedy and fall between characters: never inside an escape pair or a surrogate pair,
 * so a part may end a unit short. An empty text is one empty segment.
 */
export function segment(text: string, referenceBits: ReferenceBits): Segmented | SegmentRefusal {
  const septets = gsmUnits(text)
  if (septets >= 0) {
    const parts = septets <= SINGLE.gsm ? [text] : cutGsm(text, PART[referenceBits].gsm)
    if (parts.length > MAX_PARTS) return tooManyParts(parts.length)
    return { ok: true, encoding: 'GSM7', dataCoding: 0, units: septets, parts }
  }
  if (!text.isWellFormed()) return loneSurrogate(text)
  const parts = text.length <= SINGLE.ucs2 ? [text] : cutUcs2(text, PART[referenceBits].ucs2)
  if (parts.length > MAX_PARTS) return tooManyParts(parts.length)
  return { ok: true, encoding: 'UCS2', dataCoding: 8, units: text.length, parts }
}

function cutGsm(text: string, limit: number): string[] {
  const parts: string[] = []
  let start = 0
  let units = 0
  for (let i = 0; i < text.length; i++) {
    const cost = gsmCost(text.charCodeAt(i))
    if (units + cost > limit) {
      parts.push(text.slice(start, i))
      start = i
      units = 0
    }
    units += cost
  }
  parts.push(text.slice(start))
  return parts
}

function cutUcs2(text: string, limit: number): string[] {
  const parts: string[] = []
  let start = 0
  while (text.length - start > limit) {
    const end = start + limit
    const cut = isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end
    parts.push(text.slice(start, cut))
    start = cut
  }
  parts.push(text.slice(start))
  return parts
}

const isHighSurrogate = (codeUnit: number): boolean => (codeUnit & 0xfc00) === 0xd800

function tooManyParts(count: number): SegmentRefusal {
  return {
    ok: false,
    code: 'too_many_parts',
    message: `the text takes ${count} segments, one message can have ${MAX_PARTS}: shorten it`,
  }
}

function loneSurrogate(text: string): SegmentRefusal {
  const index = text.search(/\p{Surrogate}/u)
  return {
    ok: false,
    code: 'lone_surrogate',
    message:
      `character ${index + 1} is half a surrogate pair (U+${hex(text.charCodeAt(index))}), ` +
      'usually an emoji cut in two: remove it or restore the whole character',
  }
}

export interface UnicodeCharacter {
  character: string
  /** As in Unicode's charts, `U+2019`: some of these look like an ordinary character, or like nothing. */
  codePoint: string
  /** Where it starts, in UTF-16 code units from 0. */
  index: number
}

/** Every character that keeps `text` out of GSM 03.38, in order; empty for a GSM text. For previews, not per row. */
export function unicodeCharacters(text: string): UnicodeCharacter[] {
  const found: UnicodeCharacter[] = []
  let index = 0
  for (const character of text) {
    const point = character.codePointAt(0)!
    if (point > 0xffff || gsmCost(point) === 0) found.push({ character, codePoint: `U+${hex(point)}`, index })
    index += character.length
  }
  return found
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0')
