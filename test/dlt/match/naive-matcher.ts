/**
 * Matching as its definition reads: every assignment of values is tried, every place where one fails is kept, and the
 * best of them is chosen by the rule in the docstring of `matchTemplate`. Exponential, without anything in common with
 * the matcher but the template. For texts without characters that typographers put in place of others.
 */
import type { Template } from '../../../shared/dlt/template.ts'

/** By type of variable: whole values, and what values begin with. */
const VALUES: Record<string, { whole: RegExp; begun: RegExp }> = {
  text: { whole: /^[^\0-\x08\x0e-\x1f]*$/u, begun: /^[^\0-\x08\x0e-\x1f]*$/u },
  alphanumeric: { whole: /^[\p{L}\p{M}\p{Nd}]*$/u, begun: /^[\p{L}\p{M}\p{Nd}]*$/u },
  numeric: { whole: /^\d*$/, begun: /^\d*$/ },
  decimal: { whole: /^(\d+(\.\d+)?)?$/, begun: /^(\d+(\.\d*)?)?$/ },
}

interface Failure {
  /** Characters of the template followed, a variable counting two: one before its value, one behind. */
  progress: number
  at: number
  /** Fixed text left and text left, where fixed text broke off. */
  rest: { fixed: string[]; text: string[]; isLast: boolean } | null
}

export type NaiveResult = { match: true; values: string[] } | { match: false; position: number }

/** `decimalPoint`: whether numeric variables take one. */
export function naiveMatch(template: Template, text: string, decimalPoint: boolean): NaiveResult {
  const characters = [...text]
  const fixed = template.fixed.map((piece) => [...piece])
  const matches: string[][] = []
  const failures: Failure[] = []
  const emptyValues: { variable: number; at: number }[] = []

  const startsWith = (piece: string[], at: number): boolean =>
    piece.every((character, i) => characters[at + i] === character)

  const followFixed = (i: number, at: number, progress: number, values: string[]): void => {
    const piece = fixed[i]!
    const isLast = i === template.variables.length
    let matched = 0
    while (matched < piece.length && characters[at + matched] === piece[matched]) matched++
    const reached = at + matched
    if (matched === piece.length && !isLast) return followVariable(i, reached, progress + matched + 1, values)
    if (matched === piece.length && reached === characters.length) {
      matches.push(values)
      return
    }
    const rest = { fixed: piece.slice(matched), text: characters.slice(reached), isLast }
    failures.push({ progress: progress + matched, at: reached, rest })
  }

  const followVariable = (i: number, at: number, progress: number, values: string[]): void => {
    const { type, minChars, maxChars } = template.variables[i]!
    const { whole, begun } = VALUES[type === 'numeric' && decimalPoint ? 'decimal' : type]!
    const behind = fixed[i + 1]!
    if (minChars > 0 && behind.length > 0 && startsWith(behind, at)) emptyValues.push({ variable: i, at })
    let furthest = at
    for (let end = at; end <= Math.min(at + maxChars, characters.length); end++) {
      const value = characters.slice(at, end).join('')
      if (begun.test(value)) furthest = end
      if (end - at >= minChars && whole.test(value)) {
        followFixed(i + 1, end, progress + 1, [...values, value])
      }
    }
    failures.push({ progress, at: furthest, rest: null })
  }

  followFixed(0, 0, 0, [])
  if (matches.length > 0) return { match: true, values: matches.sort(longestLast)[0]! }
  const at = bestPlace(failures, emptyValues, fixed)
  return { match: false, position: characters.slice(0, at).join('').length }
}

/** The last value as long as possible, then the one before, and so on. */
function longestLast(a: string[], b: string[]): number {
  for (let i = a.length - 1; i >= 0; i--) {
    const difference = [...b[i]!].length - [...a[i]!].length
    if (difference !== 0) return difference
  }
  return 0
}

function bestPlace(
  failures: Failure[],
  emptyValues: { variable: number; at: number }[],
  fixed: string[][],
): number {
  const most = Math.max(...failures.map(({ progress }) => progress))
  const furthest = failures.filter(({ progress }) => progress === most)
  // Behind a variable, and nothing of the fixed text followed: the value may have been left out.
  const before = fixed.map((_, i) => fixed.slice(0, i).reduce((sum, piece) => sum + piece.length + 2, 0))
  const behind = before.indexOf(most)
  const leftOut = emptyValues.filter(({ variable }) => variable + 1 === behind).map(({ at }) => at)
  if (leftOut.length > 0) return Math.max(...leftOut)
  const weights = furthest.map(({ rest }) => (rest === null ? 0 : weightOf(rest)))
  const heaviest = Math.max(...weights)
  return Math.max(...furthest.filter((_, i) => weights[i] === heaviest).map(({ at }) => at))
}

/** How well the best of the small edits explains what is left of both; 0 when none does. */
function weightOf({ fixed, text, isLast }: NonNullable<Failure['rest']>): number {
  const isWord = (character = ''): boolean => /[\p{L}\p{M}\p{N}]/u.test(character)
  let best = 0
  for (let take = 0; take <= Math.min(3, fixed.length); take++) {
    for (let drop = 0; drop <= Math.min(3, text.length); drop++) {
      if (take + drop === 0) continue
      const left = fixed.slice(take)
      const right = text.slice(drop)
      let agree = 0
      while (agree < 16 && agree < left.length && left[agree] === right[agree]) agree++
      const end = agree < left.length ? 0 : !isLast ? 2 : agree === right.length ? 4 : 0
      const unlike = take > 0 && drop > 0 && isWord(fixed[0]) !== isWord(text[0]) ? 1 : 0
      best = Math.max(best, agree + end - unlike - Math.max(take, drop) - Math.abs(take - drop) / 2)
    }
  }
  return best
}
