/**
 * A text against a template, as an operator's scrubber compares them (facts B1): the fixed text character by character,
 * variables by type and length. A text matches when some assignment of values to variables makes it.
 */

import { type NewlineForm, withNewlines } from '../newlines.ts'
import type { Template, Variable } from '../template.ts'
import { DEAD, nextState } from '../value-form.ts'
import { LOOKED_AT_CHARS } from './edit.ts'
import { type Mismatch, mismatchOf } from './mismatch.ts'
import { type Points, pointsOf, standsAt } from './occurrences.ts'
import { quickMatcher } from './quick.ts'
import { type Pattern, patternOf, reach } from './reach.ts'
import { includes, type Runs } from './runs.ts'

export interface MatchOptions {
  /** How the operator holds the line ends of the template; as it stands unless the route says otherwise. */
  newlines?: NewlineForm
}

export type MatchResult = { match: true; values: string[] } | Mismatch

/**
 * Compares one text with a template; {@link templateMatcher} for many.
 *
 * Where several assignments match, values are those that begin as early as possible, from the last variable back.
 *
 * Where none does, the place reported is the furthest that any assignment reaches, furthest along the template: a
 * `{#var#}` may swallow thirty characters of whatever the text holds, so how far along the *text* an assignment gets
 * says nothing. Of the places equally far along the template it is the one from which the text goes on as the template
 * does when up to three characters on either side are replaced, added or left out; of those, the furthest in the text.
 * A value that was left out altogether is reported where it should stand.
 *
 * Time grows with the length of text and template, and with the number of variables only as far as places that can be
 * reached lie further apart than a variable is long. Of a text only as much is read as the template can match.
 */
export function matchTemplate(template: Template, text: string, options: MatchOptions = {}): MatchResult {
  return templateMatcher(template, options)(text)
}

/** {@link matchTemplate} for many texts: what depends on the template alone is done once. */
export function templateMatcher(
  template: Template,
  options: MatchOptions = {},
): (text: string) => MatchResult {
  const compared = withNewlines(template, options.newlines ?? 'exact')
  const quickly = quickMatcher(compared)
  const pattern = patternOf(compared)
  return (text) => {
    const found = quickly(text)
    if (found !== null) return { match: true, values: found }
    // What lies further behind all that can match does not change the answer.
    const points = pointsOf(text, pattern.maxChars + LOOKED_AT_CHARS)
    const starts = reach(pattern, points)
    const values = starts.length === pattern.fixed.length ? valuesOf(pattern, points, starts, text) : null
    return values === null ? mismatchOf(pattern, points, starts) : { match: true, values }
  }
}

/** The values, found from the end backwards among the places that can be reached; null when the end cannot be. */
function valuesOf(pattern: Pattern, points: Points, starts: readonly Runs[], text: string): string[] | null {
  const { fixed, variables } = pattern
  const hasPairs = points.length < text.length
  const mayStandAt = (i: number, at: number): boolean =>
    standsAt(fixed[i]!, points, at) && includes(starts[i]!, at)
  let end = points.length - fixed.at(-1)!.length
  if (!mayStandAt(variables.length, end)) return null
  const values: string[] = []
  for (let i = variables.length - 1; i >= 0; i--) {
    const variable = variables[i]!
    const before = fixed[i]!.length
    let start = Math.max(end - variable.maxChars, before)
    while (!mayStandAt(i, start - before) || !isValue(variable, points, start, end)) start++
    values.push(hasPairs ? String.fromCodePoint(...points.subarray(start, end)) : text.slice(start, end))
    end = start - before
  }
  return values.reverse()
}

/** Whether the characters from `start` to before `end`, no more than the variable's most, are a value of it. */
function isValue({ minChars, form }: Variable, points: Points, start: number, end: number): boolean {
  if (end - start < minChars) return false
  let state = 0
  for (let at = start; at < end; at++) {
    state = nextState(form, state, points[at]!)
    if (state === DEAD) return false
  }
  return start === end || form.accepting[state] === 1
}
