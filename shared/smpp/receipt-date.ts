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

const ISO = /^(\d{4})[-/.](\d\d)[-/.](\d\d)[T\s]\s*(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?$/

/**
 * Reads 10 digits YYMMDDhhmm, 12 digits YYMMDDhhmmss or YYYYMMDDhhmm (the first that is a real date), 14 digits
 * YYYYMMDDhhmmss and ISO 8601. Null for anything else, and for dates no calendar has.
 */
export function parseReceiptDate(text: string): CalendarTime | null {
  if (text.length > 40) return null
  const iso = ISO.exec(text)
  if (iso) return calendarTime(iso.slice(1))
  if (!/^\d+$/.test(text)) return null
  switch (text.length) {
    case 10:
      return calendarTime(pairs(`20${text}`))
    case 12:
      return calendarTime(pairs(`20${text}`)) ?? calendarTime(pairs(text))
    case 14:
      return calendarTime(pairs(text))
    default:
      return null
  }
}

/** YYYYMMDDhhmm[ss] → its six fields. */
const pairs = (digits: string): string[] => [
  digits.slice(0, 4),
  ...[4, 6, 8, 10, 12].map((at) => digits.slice(at, at + 2)),
]

function calendarTime(fields: readonly (string | undefined)[]): CalendarTime | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = fields.map(Number)
  const second = fields[5] ? Number(fields[5]) : null
  const daysInMonth = month >= 1 && month <= 12 ? new Date(Date.UTC(year, month, 0)).getUTCDate() : 0
  const real =
    year >= 1990 && day >= 1 && day <= daysInMonth && hour < 24 && minute < 60 && (second ?? 0) < 60
  return real ? { year, month, day, hour, minute, second } : null
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
