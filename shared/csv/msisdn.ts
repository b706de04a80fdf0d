/**
 * Reads an Indian mobile number as people write it. The rule (India's National Numbering Plan): ten digits
 * that begin with 6 to 9, left after taking away +91, 91 (of 12 digits), 0 (of 11) or 0091 (of 14).
 */
import type { Msisdn } from '../ids.ts'

export interface MsisdnRefusal {
  ok: false
  code: 'number_missing' | 'number_invalid' | 'number_excel' | 'foreign_number'
  message: string
}

/** `value` is the number as one: exact, as E.164 allows at most 15 digits. */
export type MsisdnRead = { ok: true; msisdn: Msisdn; value: number } | MsisdnRefusal

const COUNTRY = '91'
const NATIONAL_DIGITS = 10
const COUNTRY_VALUE = 91e10
const DIGIT_0 = 0x30
const DIGIT_6 = 0x36

/** `919876543210` from any usual form of it, or why not. Runs for every row: plain digits take the short way. */
export function readMsisdn(text: string): MsisdnRead {
  return readPlain(text) ?? readWritten(text)
}

/** Ten or twelve ASCII digits and nothing else, as nearly every file has them; null for all other forms. */
function readPlain(text: string): MsisdnRead | null {
  if (text.length === NATIONAL_DIGITS) return mobileFrom(text, 0)
  if (text.length === 12 && text.startsWith(COUNTRY)) return mobileFrom(text, 2)
  return null
}

/** The mobile number whose ten national digits begin at `start`; null when they are none. */
function mobileFrom(text: string, start: number): MsisdnRead | null {
  if (text.charCodeAt(start) < DIGIT_6) return null
  let national = 0
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - DIGIT_0
    if (digit < 0 || digit > 9) return null
    national = national * 10 + digit
  }
  const msisdn = (start === 0 ? COUNTRY + text : text) as Msisdn
  return { ok: true, msisdn, value: COUNTRY_VALUE + national }
}

/** Spaces of all kinds, dots, brackets and dashes, the mathematical minus included. */
const SEPARATORS = /[\s.()\p{Pd}\u2212]/gu
/** BOM, zero-width spaces, direction marks: shown as nothing, pasted along with a number. */
const INVISIBLE = /\p{Cf}/gu
const NATIVE_DIGITS = /[^\0-\x7f]/gu
/** Excel's ways to say "this is text": a leading apostrophe, or the formula `="98…"`. */
const EXCEL_TEXT = /^(?:['’]|=?"(.*)"$)/
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d*)?e\+?\d+$/i
const WRITTEN = /^(\+|00)?(\d+)$/

function readWritten(text: string): MsisdnRead {
  const visible = text.replace(INVISIBLE, '').replace(NATIVE_DIGITS, asciiDigit).trim()
  const bare = visible.replace(EXCEL_TEXT, '$1').trim()
  if (bare === '') return refuse('number_missing', 'the number is missing')
  if (SCIENTIFIC.test(bare)) {
    return refuse(
      'number_excel',
      `${quote(text)} is how Excel shortens a long number, and digits are lost: ` +
        'format the column as text and export it again from the source',
    )
  }
  const written = WRITTEN.exec(bare.replace(SEPARATORS, ''))
  if (!written) return invalid(text, 'holds more than digits and separators')
  return readDigits(text, written[1] !== undefined, written[2]!)
}

function readDigits(text: string, international: boolean, digits: string): MsisdnRead {
  if (international && !digits.startsWith(COUNTRY)) {
    return digits.startsWith('0')
      ? invalid(text, 'has no country code that begins with 0')
      : refuse('foreign_number', `${quote(text)} is not a number of India (+91)`)
  }
  const national = nationalPart(international, digits)
  if (national === null) {
    const count = international ? digits.length - COUNTRY.length : digits.length
    return invalid(text, `has ${count} digits${international ? ' after +91' : ''}, a mobile number has 10`)
  }
  return mobileFrom(national, 0) ?? invalid(text, 'is no mobile number: those begin with 6, 7, 8 or 9')
}

/** The ten digits without their prefix; null when the length fits none of the forms. */
function nationalPart(international: boolean, digits: string): string | null {
  if (digits.length === 12 && digits.startsWith(COUNTRY)) return digits.slice(2)
  if (international) return null
  if (digits.length === NATIONAL_DIGITS) return digits
  if (digits.length === 11 && digits.startsWith('0')) return digits.slice(1)
  return null
}

/**
 * The ASCII digit a decimal digit of another script stands for; any other character as it is. Unicode keeps digits
 * (Nd) in runs from zero to nine, so a digit's value is its distance from the start of its run, modulo ten.
 */
function asciiDigit(character: string): string {
  if (!isDecimalDigit(character)) return character
  const point = character.codePointAt(0)!
  let start = point
  while (isDecimalDigit(String.fromCodePoint(start - 1))) start--
  return String((point - start) % 10)
}

const isDecimalDigit = (character: string): boolean => /^\p{Nd}$/u.test(character)

const LONGEST_QUOTE = 30
/** Invisible characters are written out: a direction mark would turn the rest of the sentence round. */
function quote(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
  return JSON.stringify(short).replace(
    INVISIBLE,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const invalid = (text: string, what: string): MsisdnRefusal =>
  refuse('number_invalid', `${quote(text)} ${what}`)

function refuse(code: MsisdnRefusal['code'], message: string): MsisdnRefusal {
  return { ok: false, code, message }
}
