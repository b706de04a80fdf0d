/**
 * Sending hours of promotional traffic (TRAI TCCCPR; operators answer error 651 outside them). The hours themselves
 * are data in the launch terms; here is only the arithmetic, in Asia/Kolkata, which has no summer time.
 */
import type { LaunchTerms } from '../contracts/dispatch.ts'
import type { EpochMs } from '../ids.ts'

/** Minutes of the day in Asia/Kolkata; `fromMinute` is inside, `toMinute` is not. Null means round the clock. */
export type SendingHours = LaunchTerms['hours']

/** Operators judge by arrival, so traffic stops this long before the hours end. */
export const HOURS_GUARD_MS = 60_000

const IST_OFFSET_MS = 5.5 * 3_600_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Whether a message that leaves at `now` still arrives inside the hours. */
export function insideSendingHours(hours: SendingHours, now: EpochMs, guardMs = HOURS_GUARD_MS): boolean {
  return hours === null || msInto(hours, now) < lengthMs(hours) - guardMs
}

/** The first moment at or after `now` at which sending is allowed. */
export function nextOpening(hours: SendingHours, now: EpochMs, guardMs = HOURS_GUARD_MS): EpochMs {
  if (hours === null || insideSendingHours(hours, now, guardMs)) return now
  return now + DAY_MS - msInto(hours, now)
}

/** When the hours that are open at `now` end; null round the clock. What bounds validity_period on the wire. */
export function closingOf(hours: SendingHours, now: EpochMs): EpochMs | null {
  return hours === null ? null : now - msInto(hours, now) + lengthMs(hours)
}

/** Milliseconds since the hours last began, less than a day. */
function msInto(hours: NonNullable<SendingHours>, now: EpochMs): number {
  const ofDay = (now + IST_OFFSET_MS) % DAY_MS
  return (ofDay - hours.fromMinute * MINUTE_MS + DAY_MS) % DAY_MS
}

/** Hours that end before they begin run past midnight. */
function lengthMs(hours: NonNullable<SendingHours>): number {
  const minutes = hours.toMinute - hours.fromMinute
  return (minutes > 0 ? minutes : minutes + 24 * 60) * MINUTE_MS
}
