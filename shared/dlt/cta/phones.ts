/**
 * Telephone numbers in running text. Digits are in most values: amounts, dates, orders. A number is certain when it is
 * written as only numbers to call are, in groups, with +91 or behind "call"; digits that merely have the length and
 * beginning of one are possible.
 */
import type { Cta } from './scan.ts'

interface Group {
  digits: string
  index: number
  /** What joins it to the group before: a space, a dash, or nothing when they are apart. */
  joiner: string
}

/** Groups of one number; the longest forms are 1800 12 34 567 and +91 98765 43210. */
const MOST_GROUPS = 4

export function findPhones(text: string): Cta[] {
  const found: Cta[] = []
  const groups = digitGroups(text)
  for (let i = 0; i < groups.length; ) {
    const phone = phoneAt(text, groups, i)
    if (phone !== null) found.push(phone.cta)
    i += phone?.groups ?? 1
  }
  return found
}

function digitGroups(text: string): Group[] {
  const groups: Group[] = []
  let end = -1
  for (const { index, 0: digits } of text.matchAll(/\d+/g)) {
    const between = index - end === 1 ? text[end]! : ''
    groups.push({ digits, index, joiner: end >= 0 && (between === ' ' || between === '-') ? between : '' })
    end = index + digits.length
  }
  return groups
}

/** The number that begins with group `i`, as long as possible. */
function phoneAt(text: string, groups: readonly Group[], i: number): { cta: Cta; groups: number } | null {
  const first = groups[i]!
  const hasPlus = text[first.index - 1] === '+'
  if (isPartOfOther(text[first.index - 1]) || isAmount(text, first.index)) return null
  for (let count = joined(groups, i); count > 0; count--) {
    const last = groups[i + count - 1]!
    const end = last.index + last.digits.length
    if (isPartOfOther(text[end]) || isFraction(text, end)) continue
    const form = formOf(groups.slice(i, i + count), hasPlus)
    if (form === null) continue
    const index = hasPlus ? first.index - 1 : first.index
    const isWithin = first.joiner !== '' || (groups[i + count]?.joiner ?? '') !== ''
    const isCertain = (form === 'certain' && !isWithin) || isAfterCall(text, index)
    return { cta: { kind: 'phone', text: text.slice(index, end), index, isCertain }, groups: count }
  }
  return null
}

/** How many groups from `i` on hang together, as far as a number may have. */
function joined(groups: readonly Group[], i: number): number {
  let count = 1
  while (count < MOST_GROUPS && (groups[i + count]?.joiner ?? '') !== '') count++
  return count
}

/** Facts A8: which numbers can be whitelisted, and how people write them. */
function formOf(groups: readonly Group[], hasPlus: boolean): 'certain' | 'possible' | null {
  const digits = groups.map((group) => group.digits).join('')
  const lengths = groups.map((group) => group.digits.length).join('-')
  if (hasPlus) return digits.length >= 8 && digits.length <= 15 ? 'certain' : null
  if (/^18[06]0/.test(digits) && digits.length >= 8 && digits.length <= 11 && groups[0]!.digits.length >= 4) {
    return digits.length >= 10 || groups.length > 2 ? 'certain' : 'possible'
  }
  if (groups.length === 1) {
    return /^(?:[6-9]\d{9}|0[1-9]\d{9}|91[6-9]\d{9}|1[46]0\d{7})$/.test(digits) ? 'possible' : null
  }
  if (/^0[1-9]\d{9}$/.test(digits)) return /^[345]-/.test(lengths) ? 'certain' : null
  if (/^(?:91)?[6-9]\d{9}$/.test(digits)) {
    if (/^(?:2-)?(?:5-5|10|3-3-4|4-3-3|3-4-3)$/.test(lengths)) return 'certain'
    return /^(?:4-6|6-4)$/.test(lengths) ? 'possible' : null
  }
  return null
}

/** Letters, and the marks of order numbers and paths: what they touch is not a number to call. */
const isPartOfOther = (character: string | undefined): boolean =>
  character !== undefined && /^[\p{L}\p{N}_/#]$/u.test(character)

/** `,250` and `.50`, behind digits. */
const isFraction = (text: string, end: number): boolean => /^[.,]\d/.test(text.slice(end, end + 2))

/** Behind a currency, or behind the point or comma of a longer amount. */
const isAmount = (text: string, index: number): boolean =>
  /(?:(?:\brs|\binr)\.? ?|[\u20b9$] ?|\d[.,])$/i.test(text.slice(Math.max(0, index - 5), index))

/** A word that says a number to call follows, with at most two small words between. Looked for in a few characters. */
const CALL =
  /\b(?:call|dial|contact|helpline|phone|mobile|whatsapp|toll[ -]?free|care|mob|tel|ph)\b[^\p{L}\p{N}]{0,3}(?:(?:us|on|at|no|number)\b[^\p{L}\p{N}]{0,3}){0,2}$/iu

const isAfterCall = (text: string, index: number): boolean =>
  CALL.test(text.slice(Math.max(0, index - 30), index))
