import { faultInValue } from '../check-value.ts'
import type { Template } from '../template.ts'

const SURROGATE = /[\ud800-\udfff]/

/**
 * The values of a text that can match in one way only, as nearly all do: each fixed text stands in one place within
 * reach of the one before it. Null for every other text, also for those that do not match.
 */
export function quickMatcher({ fixed, variables }: Template): (text: string) => string[] | null {
  const last = variables.length
  if (last === 0) return (text) => (text === fixed[0] ? [] : null)
  // Between variables that touch there is more than one place.
  if (fixed.slice(1, -1).includes('')) return () => null
  return (text) => {
    if (!text.startsWith(fixed[0]!) || !text.endsWith(fixed[last]!) || SURROGATE.test(text)) return null
    const values: string[] = []
    let at = fixed[0]!.length
    for (let i = 0; i < last; i++) {
      const end = i + 1 < last ? onlyPlace(text, at, i) : text.length - fixed[last]!.length
      if (end < at) return null
      const value = text.slice(at, end)
      if (faultInValue(value, variables[i]!) !== null) return null
      values.push(value)
      at = end + fixed[i + 1]!.length
    }
    return values
  }

  /** Where the fixed text behind variable `i` stands; -1 when that is nowhere, or in several places. */
  function onlyPlace(text: string, at: number, i: number): number {
    const { minChars, maxChars } = variables[i]!
    const piece = fixed[i + 1]!
    const reach = text.slice(at + minChars, at + maxChars + piece.length)
    const found = reach.indexOf(piece)
    return found === -1 || reach.includes(piece, found + 1) ? -1 : at + minChars + found
  }
}
