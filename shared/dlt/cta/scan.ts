/**
 * Calls to action: what a reader can click, dial or write to (facts A8). Found in time linear in the text: expressions
 * here match single runs of characters, and what a run is, is decided by walking it once.
 */
import { findPhones } from './phones.ts'
import { findUrls } from './urls.ts'

export interface Cta {
  kind: 'url' | 'phone' | 'email'
  text: string
  /** Where it begins, in UTF-16 code units from 0. */
  index: number
  /** False for what may as well be something else: ten digits that are an order number, "paid.in". */
  isCertain: boolean
}

/** Every CTA of `text`, in order, none inside another. */
export function scanCtas(text: string): Cta[] {
  if (!mayHoldCta(text)) return []
  const urls = findUrls(text)
  const taken = new Uint8Array(text.length)
  for (const { index, text: found } of urls) taken.fill(1, index, index + found.length)
  const phones = findPhones(text).filter(
    ({ index, text: found }) => !taken.subarray(index, index + found.length).includes(1),
  )
  return [...urls, ...phones].sort((a, b) => a.index - b.index)
}

/** `t.co` */
const SHORTEST = 4
/** The least digits of a number to call, and of one that neither has a plus nor is toll-free (facts A8). */
const LEAST_DIGITS = 8
const LEAST_USUAL_DIGITS = 10

/**
 * Whether it is worth looking. Runs for every value of an upload, of which most are names, amounts and dates: those are
 * told from what may be a CTA here, by their characters alone.
 */
export function mayHoldCta(text: string): boolean {
  if (text.length < SHORTEST) return false
  let digits = 0
  let hasPlus = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x30 && code <= 0x39) {
      if (++digits === LEAST_USUAL_DIGITS) return true
    } else if (code === 0x2e) {
      // A domain ends in letters; `www.` makes one of anything.
      if (isLetter(text.charCodeAt(i + 1)) || (text.charCodeAt(i - 1) | 0x20) === 0x77) return true
    } else if (code === 0x40 || code === 0x3a) return true
    else if (code === 0x2b) hasPlus = true
  }
  return digits >= LEAST_DIGITS && (hasPlus || /18[06]0/.test(text))
}

/** A to Z in either case; false for what is not there. */
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
