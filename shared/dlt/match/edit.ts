import { gsmReplacement } from '../gsm-replacement.ts'
import { type Points, pointsOf, standsAt } from './occurrences.ts'

/** The small change to a text behind which it goes on as the template does. */
export interface Edit {
  /** Characters of the template to put in. */
  take: number
  /** Characters of the text to leave out. */
  drop: number
  /** How much it explains: characters that agree behind it, an end that is reached, less its cost. */
  weight: number
}

const MOST_EDITED = 3
const MOST_COMPARED = 16
/** How much of a text behind a place is looked at, with one more that tells whether the text ends there. */
export const LOOKED_AT_CHARS = MOST_EDITED + MOST_COMPARED + 1
/** Reaching the end of the whole text says more than reaching a variable, which takes nearly anything. */
const WEIGHT_OF_END = { text: 4, variable: 2 }
/** A typographic character for the plain one, as word processors put it, needs no agreement behind it. */
const WEIGHT_OF_TYPOGRAPHY = 4

/** The cheaper first: where two weigh the same, the first is taken. */
const SIZES = Array.from({ length: (MOST_EDITED + 1) ** 2 - 1 }, (_, i) => ({
  take: Math.trunc((i + 1) / (MOST_EDITED + 1)),
  drop: (i + 1) % (MOST_EDITED + 1),
})).sort((a, b) => costOf(a.take, a.drop, true) - costOf(b.take, b.drop, true))

/**
 * One character for another is the usual mistake (facts B2), but hardly a letter for a mark: then something is missing,
 * or too much.
 */
function costOf(take: number, drop: number, isLikeForLike: boolean): number {
  const replaces = take > 0 && drop > 0
  return Math.max(take, drop) + Math.abs(take - drop) / 2 + (replaces && !isLikeForLike ? 1 : 0)
}

/**
 * The edit that explains best why the text at `at` does not go on with `fixed` from `matched` on; null when none does.
 * `isLast`: behind `fixed` the template ends.
 */
export function bestEdit(
  fixed: Points,
  matched: number,
  points: Points,
  at: number,
  isLast: boolean,
): Edit | null {
  const isLikeForLike = isOfWord(fixed[matched]) === isOfWord(points[at])
  let best: Edit | null = null
  for (const { take, drop } of SIZES) {
    const template = matched + take
    const text = at + drop
    if (template > fixed.length || text > points.length) continue
    const agree = agreement(fixed, template, points, text)
    let weight = agree - costOf(take, drop, isLikeForLike)
    if (template + agree === fixed.length) {
      if (!isLast) weight += WEIGHT_OF_END.variable
      else if (text + agree === points.length) weight += WEIGHT_OF_END.text
    }
    if (drop === 1 && take > 0 && isTypographic(points[at]!, fixed, matched, take))
      weight += WEIGHT_OF_TYPOGRAPHY
    if (weight > (best?.weight ?? 0)) best = { take, drop, weight }
  }
  return best
}

function agreement(fixed: Points, from: number, points: Points, at: number): number {
  const most = Math.min(MOST_COMPARED, fixed.length - from, points.length - at)
  let agree = 0
  while (agree < most && fixed[from + agree] === points[at + agree]) agree++
  return agree
}

/** Whether `point` is how typographers write the `take` characters of `fixed` from `matched` on: … for three dots. */
function isTypographic(point: number, fixed: Points, matched: number, take: number): boolean {
  const plain = gsmReplacement(point)
  return plain !== null && plain.length === take && standsAt(pointsOf(plain), fixed, matched)
}

const isOfWord = (point: number | undefined): boolean =>
  point !== undefined && /[\p{L}\p{M}\p{N}]/u.test(String.fromCodePoint(point))
