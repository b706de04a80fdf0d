/** Where a text leaves a template, and what would bring it back. */
import { type NamedCharacter, nameCharacter } from '../characters.ts'
import { DEAD, isCharacterSet, nextState } from '../value-form.ts'
import { bestEdit, type Edit } from './edit.ts'
import { describePlace, suggestionFor } from './mismatch-words.ts'
import { type Points, standsAt } from './occurrences.ts'
import { type LongestPrefix, longestPrefix } from './prefix-lengths.ts'
import type { Pattern } from './reach.ts'
import { includes, type Runs } from './runs.ts'

/**
 * `fixed_text`: another character than the template's. `text_ends`, `text_goes_on`: one is longer than the other.
 * `value_character`, `value_too_long`: a variable cannot take what the text has where its value would have to go on;
 * `value_empty`: the text goes on behind the variable as the template does, and there is no value.
 */
export type MismatchReason =
  | 'fixed_text'
  | 'text_ends'
  | 'text_goes_on'
  | 'value_character'
  | 'value_too_long'
  | 'value_empty'

export interface Mismatch {
  match: false
  reason: MismatchReason
  /** In the text, in UTF-16 code units from 0. */
  position: number
  /** The same place in characters from 1. */
  character: number
  /** The template's own character there; null where the template ends, and where only a value can go on. */
  expected: NamedCharacter | null
  /** Where only a value can go on: what the variable takes, "digits only"; else null. */
  takes: string | null
  /** Null where the text ends. */
  found: NamedCharacter | null
  /** The variable at fault, from 1. */
  variable: number | null
  message: string
  /** What to do to the text, with the template's own characters. */
  suggestion: string
}

/** The same before it is put into words. */
export interface Place {
  reason: MismatchReason
  /** In characters of the text from 0. */
  at: number
  /** How far the template was followed: fixed text and characters into it; `matched` is null within the value behind. */
  fixed: number
  matched: number | null
  /** Index of the variable at fault. */
  variable: number | null
  edit: Edit | null
}

/** Says where, of all that `reach` found, the text leaves the template; `matchTemplate` states the rule. */
export function mismatchOf(pattern: Pattern, points: Points, starts: readonly Runs[]): Mismatch {
  const place = furthestPlace(pattern, points, starts)
  const { reason, at, fixed, matched, variable } = place
  const expected = matched === null ? undefined : pattern.fixed[fixed]![matched]
  return {
    match: false,
    reason,
    position: utf16Length(points.subarray(0, at)),
    character: at + 1,
    expected: expected === undefined ? null : nameCharacter(expected),
    takes: matched === null ? pattern.variables[fixed]!.form.says : null,
    found: at < points.length ? nameCharacter(points[at]!) : null,
    variable: variable === null ? null : variable + 1,
    message: describePlace(place, pattern, points),
    suggestion: suggestionFor(place, pattern, points),
  }
}

function furthestPlace(pattern: Pattern, points: Points, starts: readonly Runs[]): Place {
  const fixed = starts.length - 1
  const longest = longestPrefix(pattern.fixed[fixed]!, points, starts[fixed]!)
  const isWhole = longest.length === pattern.fixed[fixed]!.length
  if (isWhole && fixed < pattern.variables.length) return placeInValue(pattern, points, fixed, longest.at)
  return placeInFixedText(pattern, points, starts, longest)
}

/** The fixed text breaks off, or it is the last and the text goes on behind it. */
function placeInFixedText(
  pattern: Pattern,
  points: Points,
  starts: readonly Runs[],
  longest: LongestPrefix,
): Place {
  const fixed = starts.length - 1
  const matched = longest.length
  const empty = matched === 0 && fixed > 0 ? placeOfEmptyValue(pattern, points, starts, fixed - 1) : null
  if (empty) return empty
  const text = pattern.fixed[fixed]!
  const isLast = fixed === pattern.variables.length
  let at = -1
  let edit: Edit | null = null
  for (const start of longest.at) {
    const other = bestEdit(text, matched, points, start + matched, isLast)
    if (at >= 0 && (other?.weight ?? 0) < (edit?.weight ?? 0)) continue
    at = start + matched
    edit = other
  }
  const place = { at, fixed, matched, edit }
  const atVariable = matched === 0 && fixed > 0 && !includes(starts[fixed]!, at + 1)
  if (at < points.length && atVariable && !(edit && edit.take > 0)) {
    const variable = fixed - 1
    return { ...place, variable, reason: faultAfterValue(pattern, variable, points[at]!) }
  }
  const reason = at === points.length ? 'text_ends' : matched === text.length ? 'text_goes_on' : 'fixed_text'
  return { ...place, variable: null, reason }
}

/** The furthest place where the fixed texts on both sides of a variable stand whole, with nothing between them. */
function placeOfEmptyValue(
  pattern: Pattern,
  points: Points,
  starts: readonly Runs[],
  variable: number,
): Place | null {
  const before = pattern.fixed[variable]!
  const behind = pattern.fixed[variable + 1]!
  const runs = starts[variable]!
  if (behind.length === 0) return null
  for (let run = runs.length - 2; run >= 0; run -= 2) {
    for (let start = runs[run + 1]!; start >= runs[run]!; start--) {
      const at = start + before.length
      if (!standsAt(behind, points, at) || !standsAt(before, points, start)) continue
      return { reason: 'value_empty', at, fixed: variable, matched: null, variable, edit: null }
    }
  }
  return null
}

/** Why a value that is whole cannot go on with `point`. */
function faultAfterValue(pattern: Pattern, variable: number, point: number): MismatchReason {
  const { form } = pattern.variables[variable]!
  const isAllowed = isCharacterSet(form) && nextState(form, 0, point) !== DEAD
  return isAllowed ? 'value_too_long' : 'value_character'
}

/** No value fits behind any of the places where the fixed text before the variable stands whole. */
function placeInValue(pattern: Pattern, points: Points, fixed: number, standsAt: readonly number[]): Place {
  const { form, maxChars } = pattern.variables[fixed]!
  let furthest = -1
  let isFull = false
  for (const place of standsAt) {
    const start = place + pattern.fixed[fixed]!.length
    let at = start
    let state = 0
    while (at < points.length && at - start < maxChars) {
      state = nextState(form, state, points[at]!)
      if (state === DEAD) break
      at++
    }
    if (at < furthest) continue
    furthest = at
    isFull = at - start === maxChars
  }
  const reason = furthest === points.length ? 'text_ends' : isFull ? 'value_too_long' : 'value_character'
  return { reason, at: furthest, fixed, matched: null, variable: fixed, edit: null }
}

function utf16Length(points: Points): number {
  let length = points.length
  for (const point of points) if (point > 0xffff) length++
  return length
}
