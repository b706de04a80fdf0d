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

/** The least digits of a number to call (facts A8: toll-free). */
const LEAST_DIGITS = 8

/** Whether it is worth looking: few values of an upload hold a dot, an @ or eight digits. Runs for every value. */
export function mayHoldCta(text: string): boolean {
  if (text.length < 4) return false
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2e || code === 0x40 || code === 0x3a) return true
    if (code >= 0x30 && code <= 0x39 && ++digits >= LEAST_DIGITS) return true
  }
  return false
}
