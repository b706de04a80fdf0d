/** The values of a row → the message as it will stand in the plan. Runs for every row of an upload. */
import type { ValueFinding } from '../dlt/cta/check.ts'
import { fill, type Template } from '../dlt/template.ts'
import { gsmCost, gsmUnits } from '../sms/gsm7.ts'
import { type DataCoding, MAX_PARTS, type ReferenceBits, segment } from '../sms/segment.ts'

export interface ComposedMessage {
  dataCoding: DataCoding
  segments: number
  /** `"dc":0,"parts":["…"]}`: the end of the message's JSON, which does not depend on its place. */
  jsonEnd: string
  jsonEndBytes: number
  /** Of the variables, in order. */
  values: readonly string[]
  /** What operators may take offence at. */
  warnings: readonly ValueFinding[]
}

export interface ComposeRefusal {
  ok: false
  /** A code of `fill` or `segment`, or `message_too_long`. */
  code: string
  message: string
}

export type Compose = (values: readonly string[]) => { ok: true; message: ComposedMessage } | ComposeRefusal

/**
 * Fills the template, cuts the text into segments, writes them as JSON; refuses what takes more than `maxJsonBytes`,
 * the room in a line of the plan.
 */
export function messageComposer(
  template: Template,
  referenceBits: ReferenceBits,
  maxJsonBytes: number,
): Compose {
  const composePlain = plainComposer(template, referenceBits, maxJsonBytes)
  return (values) => {
    const plain = composePlain(values)
    if (plain !== null) return plain
    const filled = fill(template, values)
    if (!filled.ok) return { ok: false, code: filled.code, message: filled.message }
    const segmented = segment(filled.text, referenceBits)
    if (!segmented.ok) return { ok: false, code: segmented.code, message: segmented.message }
    const message = encoded(segmented.dataCoding, segmented.parts, values)
    return message.jsonEndBytes > maxJsonBytes
      ? tooLong(message.jsonEndBytes, maxJsonBytes)
      : { ok: true, message }
  }
}

/** The text of a message, joined from its parts: for samples, not for every row. */
export function textOf(message: ComposedMessage): string {
  const { parts } = JSON.parse(`{${message.jsonEnd}`) as { parts: string[] }
  return parts.join('')
}

/** 140 octets of septets (3GPP TS 23.040 §9.2.3.24). */
const SINGLE_SEPTETS = 160
const NONE: readonly ValueFinding[] = []
const START = '"dc":0,"parts":["'
const END = '"]}'

/**
 * The short way for common rows: plain values in a template of GSM characters. What its fixed text costs is known
 * beforehand, so only the values are looked at. A text of one segment is the template filled with its fixed text in
 * JSON; a longer one is cut by counting, if no character takes two septets. Answers null for every other row.
 */
function plainComposer(
  template: Template,
  referenceBits: ReferenceBits,
  maxJsonBytes: number,
): (values: readonly string[]) => { ok: true; message: ComposedMessage } | null {
  const fixedText = template.fixed.join('')
  const fixedSeptets = gsmUnits(fixedText)
  if (fixedSeptets === -1) return () => null
  const jsonTemplate = { ...template, fixed: template.fixed.map((text) => JSON.stringify(text).slice(1, -1)) }
  const frameBytes = Buffer.byteLength(START + jsonTemplate.fixed.join('') + END)
  jsonTemplate.fixed[0] = START + jsonTemplate.fixed[0]
  jsonTemplate.fixed[template.variables.length] += END
  const isCutByCounting = fixedSeptets === fixedText.length
  const partChars = longPartSeptets(referenceBits)

  return (values) => {
    let valueChars = 0
    for (const value of values) {
      if (!isPlain(value)) return null
      valueChars += value.length
    }
    const isSingle = fixedSeptets + valueChars <= SINGLE_SEPTETS
    if (!isSingle && !isCutByCounting) return null
    const filled = fill(isSingle ? jsonTemplate : template, values)
    if (!filled.ok) return null
    const message: ComposedMessage = isSingle
      ? {
          dataCoding: 0,
          segments: 1,
          jsonEnd: filled.text,
          jsonEndBytes: frameBytes + valueChars,
          values,
          warnings: NONE,
        }
      : encoded(0, cut(filled.text, partChars), values)
    return message.segments <= MAX_PARTS && message.jsonEndBytes <= maxJsonBytes
      ? { ok: true, message }
      : null
  }
}

/** What is left for text in each of several segments, beside the concatenation header. */
function longPartSeptets(referenceBits: ReferenceBits): number {
  const long = segment('x'.repeat(SINGLE_SEPTETS + 1), referenceBits)
  return long.ok ? long.parts[0]!.length : 0
}

function cut(text: string, chars: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length; at += chars) parts.push(text.slice(at, at + chars))
  return parts
}

function encoded(
  dataCoding: DataCoding,
  parts: readonly string[],
  values: readonly string[],
): ComposedMessage {
  const jsonEnd = `"dc":${dataCoding},"parts":${JSON.stringify(parts)}}`
  const jsonEndBytes = Buffer.byteLength(jsonEnd)
  return { dataCoding, segments: parts.length, jsonEnd, jsonEndBytes, values, warnings: NONE }
}

/** Characters that are one septet, one byte of UTF-8, and themselves in JSON. */
const PLAIN = Uint8Array.from({ length: 0x80 }, (_, code) =>
  gsmCost(code) === 1 && JSON.stringify(String.fromCharCode(code)).length === 3 ? 1 : 0,
)

function isPlain(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (PLAIN[value.charCodeAt(i)] !== 1) return false
  return true
}

function tooLong(bytes: number, most: number): ComposeRefusal {
  return {
    ok: false,
    code: 'message_too_long',
    message: `the message takes ${bytes} bytes in a queue message, there is room for ${most}: shorten it`,
  }
}
