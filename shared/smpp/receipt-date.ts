/**
 * Dates inside receipts. Appendix B of SMPP 3.4 says YYMMDDhhmm; gateways add seconds, four-digit years and ISO form,
 * and none says a zone (facts C1). They are for display: nothing is decided on them.
 */

/** A reading of calendar and clock, in whatever zone the gateway had in mind. */
export interface CalendarTime {
  year: number
  /** 1 to 12. */
  month: number
  day: number
  hour: number
  minute: number
  /** Null when the date was written without seconds. */
  second: number | null
}

const DIGITS = /^\d+$/
const ISO = /^(\d{4})[-/.](\d\d)[-/.](\d\d)[T\s]\s*(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?$/

/**
 * Reads 10 digits YYMMDDhhmm, 12 digits YYMMDDhhmmss or YYYYMMDDhhmm (the first that is a real date), 14 digits
 * YYYYMMDDhhmmss and ISO 8601. Null for anything else, and for dates no calendar has.
 */
export function parseReceiptDate(text: string): CalendarTime | null {
  if (text.length > 40) return null
  if (DIGITS.test(text)) return digitsTime(text)
  const iso = ISO.exec(text)
  if (!iso) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = iso.slice(1).map(Number)
  return calendarTime(year, month, day, hour, minute, iso[6] === undefined ? null : Number(iso[6]))
}

function digitsTime(text: string): CalendarTime | null {
  switch (text.length) {
    case 10:
      return timeAt(text, 2, 2_000)
    case 12:
      return timeAt(text, 2, 2_000) ?? timeAt(text, 4, 0)
    case 14:
      return timeAt(text, 4, 0)
    default:
      return null
  }
}

/** A year of so many digits, then pairs: month, day, hour, minute and, when there are two digits more, second. */
function timeAt(text: string, yearDigits: 2 | 4, century: number): CalendarTime | null {
  const pair = (n: number): number => numberAt(text, yearDigits + 2 * n, 2)
  const second = text.length === yearDigits + 10 ? pair(4) : null
  return calendarTime(century + numberAt(text, 0, yearDigits), pair(0), pair(1), pair(2), pair(3), second)
}

const ZERO = 0x30

function numberAt(digits: string, at: number, count: number): number {
  let number = 0
  for (let i = at; i < at + count; i++) number = 10 * number + digits.charCodeAt(i) - ZERO
  return number
}

function calendarTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number | null,
): CalendarTime | null {
  const real =
    year >= 1990 && day >= 1 && day <= daysIn(month, year) && hour < 24 && minute < 60 && (second ?? 0) < 60
  return real ? { year, month, day, hour, minute, second } : null
}

const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** 0 in a month there is not. */
function daysIn(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (DAYS[month] ?? 0)
}

const INDIA = 'Asia/Kolkata'
/** India has kept one offset since 1945. */
const INDIA_OFFSET_MS = 5.5 * 3_600_000

/**
 * The moment a receipt's date means when read in `timeZone` (IANA name); null when the date cannot be read.
 * A reading that a change to summer time skips or repeats gives one of the candidates.
 *
 * @throws RangeError on a zone that does not exist.
 */
export function receiptDateMs(text: string, timeZone: string): number | null {
  const time = parseReceiptDate(text)
  if (!time) return null
  const asUtc = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second ?? 0)
  const guess = asUtc - offsetMs(asUtc, timeZone)
  return asUtc - offsetMs(guess, timeZone)
}

function offsetMs(utc: number, timeZone: string): number {
  if (timeZone === INDIA) return INDIA_OFFSET_MS
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(utc)
  const field = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((p) => p.type === type)?.value)
  const local = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  )
  return local - utc
}
