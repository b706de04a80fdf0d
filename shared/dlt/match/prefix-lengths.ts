import type { Points } from './occurrences.ts'
import type { Runs } from './runs.ts'

export interface LongestPrefix {
  /** Characters of the fixed text that stand in the text. */
  length: number
  /** Every place where so many of them stand, ascending. */
  at: number[]
}

/**
 * How far `fixed` can be followed at most when it begins at one of `starts`, and at which of them. Linear: what is known
 * to agree is not compared again (the Z algorithm).
 */
export function longestPrefix(fixed: Points, points: Points, starts: Runs): LongestPrefix {
  const own = agreements(fixed)
  const best: LongestPrefix = { length: -1, at: [] }
  // [left, right) of the text is known to agree with the beginning of `fixed`.
  let left = 0
  let right = 0
  for (let run = 0; run < starts.length; run += 2) {
    for (let start = starts[run]!; start <= starts[run + 1]!; start++) {
      let length = start < right ? Math.min(right - start, own[start - left]!) : 0
      if (start + length >= right) {
        while (length < fixed.length && points[start + length] === fixed[length]) length++
        left = start
        right = start + length
      }
      if (length > best.length) {
        best.length = length
        best.at.length = 0
      }
      if (length === best.length) best.at.push(start)
    }
  }
  return best
}

/** By position in `fixed`: how many characters from there agree with its beginning. */
function agreements(fixed: Points): Int32Array {
  const lengths = new Int32Array(fixed.length)
  if (fixed.length > 0) lengths[0] = fixed.length
  let left = 0
  let right = 0
  for (let start = 1; start < fixed.length; start++) {
    let length = start < right ? Math.min(right - start, lengths[start - left]!) : 0
    if (start + length >= right) {
      while (start + length < fixed.length && fixed[start + length] === fixed[length]) length++
      left = start
      right = start + length
    }
    lengths[start] = length
  }
  return lengths
}
