import { LEVELS, type Level, type RuleCode } from './rule-table.ts'
import type { CharactersRule, DltRules, VariableRule, VariableRules } from './rules.ts'

/**
 * Rules that whatever passes them passes each of these: for messages that may leave through any of several routes. The
 * first has the word where there is no stricter: in the form of line ends.
 */
export function strictest(first: DltRules, others: readonly DltRules[]): DltRules {
  return others.reduce(stricter, first)
}

function stricter(a: DltRules, b: DltRules): DltRules {
  return {
    ...a,
    levels: stricterLevels(a.levels, b.levels),
    variables: stricterVariables(a.variables, b.variables),
    maxVariables: Math.min(a.maxVariables, b.maxVariables),
    minFixedShare: Math.max(a.minFixedShare, b.minFixedShare),
    promotionalHours: hoursOfBoth(a.promotionalHours, b.promotionalHours),
  }
}

type Hours = DltRules['promotionalHours']

/** Hours that do not meet, or run past midnight, have no such stretch: then the first's hold. */
function hoursOfBoth(a: Hours, b: Hours): Hours {
  const fromMinute = Math.max(a.fromMinute, b.fromMinute)
  const toMinute = Math.min(a.toMinute, b.toMinute)
  const areWithinADay = a.fromMinute < a.toMinute && b.fromMinute < b.toMinute
  return areWithinADay && fromMinute < toMinute ? { fromMinute, toMinute } : a
}

function stricterLevels(a: DltRules['levels'], b: DltRules['levels']): DltRules['levels'] {
  const harsher = (one: Level, other: Level) => (LEVELS.indexOf(one) <= LEVELS.indexOf(other) ? one : other)
  return Object.fromEntries(
    Object.entries(a).map(([code, level]) => [code, harsher(level, b[code as RuleCode])]),
  ) as DltRules['levels']
}

function stricterVariables(a: VariableRules, b: VariableRules): VariableRules {
  return {
    text: stricterLengths(a.text, b.text),
    numeric: {
      ...stricterCharacters(a.numeric, b.numeric),
      decimalPoint: a.numeric.decimalPoint && b.numeric.decimalPoint,
    },
    alphanumeric: stricterCharacters(a.alphanumeric, b.alphanumeric),
    url: stricterLengths(a.url, b.url),
    urlott: stricterLengths(a.urlott, b.urlott),
    cbn: stricterLengths(a.cbn, b.cbn),
    email: stricterLengths(a.email, b.email),
  }
}

const stricterLengths = (a: VariableRule, b: VariableRule): VariableRule => ({
  minChars: Math.max(a.minChars, b.minChars),
  maxChars: Math.min(a.maxChars, b.maxChars),
})

const stricterCharacters = (a: CharactersRule, b: CharactersRule): CharactersRule => ({
  ...stricterLengths(a, b),
  also: [...a.also].filter((character) => b.also.includes(character)).join(''),
})
