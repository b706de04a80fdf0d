/** A mismatch in sentences for whoever wrote the text. */
import { assertNever } from '../../errors.ts'
import { describeCharacter } from '../characters.ts'
import { tagOf } from '../variable-types.ts'
import type { Place } from './mismatch.ts'
import type { Points } from './occurrences.ts'
import type { Pattern } from './reach.ts'

const EXCERPT_CHARS = 20

export function describePlace(place: Place, pattern: Pattern, points: Points): string {
  const { at, reason } = place
  const where = `character ${at + 1}`
  const found = at < points.length ? describeCharacter(points[at]!) : 'nothing more'
  switch (reason) {
    case 'fixed_text':
      return `${where}: the template has ${describeCharacter(expectedPoint(place, pattern)!)}, the text ${found}`
    case 'text_ends':
      return `the text ends after ${at} characters, where ${whatGoesOn(place, pattern)}`
    case 'text_goes_on':
      return `the template ends before ${where}, where the text goes on with ${excerpt(points.subarray(at))}`
    case 'value_too_long':
      return (
        `${where}: ${variableIn(place, pattern)} has its ${limitOf(place, pattern)} characters, ` +
        `the text goes on with ${excerpt(points.subarray(at))}${orGoesOn(place, pattern)}`
      )
    case 'value_character':
      return (
        `${where}: the text has ${found}, ` +
        `where ${variableIn(place, pattern)} takes ${takes(place, pattern)}${orGoesOn(place, pattern)}`
      )
    case 'value_empty':
      return `${where}: ${variableIn(place, pattern)} is empty, and needs at least one character`
    default:
      return assertNever(reason)
  }
}

export function suggestionFor(place: Place, pattern: Pattern, points: Points): string {
  const { at, edit, fixed, matched, variable, reason } = place
  if (edit && matched !== null) {
    const text = pattern.fixed[fixed]!
    const put = quoted(text.subarray(matched, matched + edit.take))
    const drop = quoted(points.subarray(at, at + edit.drop))
    const as = text.length === 0 ? '' : `, as in ${wording(text, matched, edit.take)}`
    if (edit.drop === 0) return `insert ${put}${as}`
    return edit.take === 0 ? `remove ${drop}${as}` : `replace ${drop} by ${put}${as}`
  }
  if (variable !== null) {
    return reason === 'value_too_long'
      ? `shorten the value of variable ${variable + 1} to ${limitOf(place, pattern)} characters`
      : `give variable ${variable + 1} a value: ${takes(place, pattern)}`
  }
  if (reason === 'text_goes_on') return `end the text before ${excerpt(points.subarray(at))}`
  return `write it as the template has it: ${excerpt(pattern.fixed[fixed]!.subarray(matched!))}`
}

const expectedPoint = ({ fixed, matched }: Place, pattern: Pattern): number | undefined =>
  matched === null ? undefined : pattern.fixed[fixed]![matched]

function whatGoesOn(place: Place, pattern: Pattern): string {
  if (place.matched === null) return `${variableIn(place, pattern)} takes ${takes(place, pattern)}`
  return `the template goes on with ${excerpt(pattern.fixed[place.fixed]!.subarray(place.matched))}`
}

/** Behind a value the fixed text may begin as well as the value go on. */
function orGoesOn(place: Place, pattern: Pattern): string {
  if (place.matched === null) return ''
  return expectedPoint(place, pattern) === undefined
    ? ', and behind it the template ends'
    : `, and ${whatGoesOn(place, pattern)}`
}

function variableIn({ variable }: Place, pattern: Pattern): string {
  return `variable ${variable! + 1}, ${tagOf(pattern.variables[variable!]!.type)},`
}

const takes = ({ variable }: Place, pattern: Pattern): string => pattern.variables[variable!]!.form.says
const limitOf = ({ variable }: Place, pattern: Pattern): number => pattern.variables[variable!]!.maxChars

/** The words of the template around a place: from the last word before it. */
function wording(text: Points, matched: number, take: number): string {
  const before = Math.max(0, matched - EXCERPT_CHARS / 2)
  return excerpt(text.subarray(before), matched - before + take + EXCERPT_CHARS / 2)
}

function excerpt(points: Points, chars = EXCERPT_CHARS): string {
  const shown = String.fromCodePoint(...points.subarray(0, chars))
  return JSON.stringify(points.length > chars ? `${shown}…` : shown)
}

/** A few characters, by name when the eye could mistake them. */
function quoted(points: Points): string {
  const text = JSON.stringify(String.fromCodePoint(...points))
  const doubtful = [...points].filter((point) => point <= 0x20 || point >= 0x7f)
  if (doubtful.length === 0) return text
  return points.length === 1
    ? describeCharacter(points[0]!)
    : `${text} (${doubtful.map(codePointOf).join(' ')})`
}

const codePointOf = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
