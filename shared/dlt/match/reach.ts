/**
 * Which places of a text an assignment of values can reach, for each fixed text of a template: the forward half of
 * matching. All positions count characters from 0.
 *
 * A set of places is kept as runs, and a step from one fixed text to the next costs per run, not per place. What makes
 * that possible: a variable that is a set of characters ends anywhere within its length, so occurrences of a fixed text
 * that are no further apart than that reach one run together. Which ones do is found once per text for each pair of
 * fixed text and variable, and used wherever the pair stands again in the template. A template of n times `{#var#}a`
 * therefore costs n steps against `aaaa…`, where stepping from place to place would cost n² times 30.
 */

import type { Template, Variable } from '../template.ts'
import { DEAD, isCharacterSet, nextState, type ValueForm } from '../value-form.ts'
import { bordersOf, Occurrences, type Points, pointsOf } from './occurrences.ts'
import { addRun, firstAtLeast, type Runs } from './runs.ts'

/** A template prepared once for many texts. */
export interface Pattern {
  /** One more than variables. */
  fixed: Points[]
  borders: Int32Array[]
  variables: Variable[]
  /** By variable: equal where the fixed text before it and its own rule are equal. */
  pairs: number[]
  /** Characters of the longest text that can match. */
  maxChars: number
}

export function patternOf(template: Template): Pattern {
  const { variables } = template
  const fixed = byText(template.fixed, (text) => pointsOf(text))
  const pairs = new Map<string, number>()
  const forms: ValueForm[] = []
  const pairOf = ({ minChars, maxChars, form }: Variable, before: string): number => {
    if (!forms.includes(form)) forms.push(form)
    const pair = `${minChars} ${maxChars} ${forms.indexOf(form)} ${before}`
    if (!pairs.has(pair)) pairs.set(pair, pairs.size)
    return pairs.get(pair)!
  }
  return {
    fixed,
    borders: byText(template.fixed, (_, i) => bordersOf(fixed[i]!)),
    variables,
    pairs: variables.map((variable, i) => pairOf(variable, template.fixed[i]!)),
    maxChars:
      fixed.reduce((sum, { length }) => sum + length, 0) +
      variables.reduce((sum, { maxChars }) => sum + maxChars, 0),
  }
}

/** What `make` makes of each text, made once of equal ones. */
function byText<T>(texts: readonly string[], make: (text: string, i: number) => T): T[] {
  const made = new Map<string, T>()
  return texts.map((text, i) => {
    if (!made.has(text)) made.set(text, make(text, i))
    return made.get(text)!
  })
}

/**
 * For each fixed text, in order, where it may begin when everything before it fits; ends with the last that may begin
 * somewhere. As long as `fixed` when all variables fit somehow.
 */
export function reach(pattern: Pattern, points: Points): Runs[] {
  const steps = new Steps(pattern, points)
  const starts: Runs[] = [[0, 0]]
  for (let i = 0; i < pattern.variables.length; i++) {
    const next = steps.advance(starts[i]!, i)
    if (next.length === 0) break
    starts.push(next)
  }
  return starts
}

class Steps {
  readonly #pattern: Pattern
  readonly #points: Points
  readonly #hops = new Map<number, Hops>()
  readonly #stretches = new Map<ValueForm, Int32Array>()

  constructor(pattern: Pattern, points: Points) {
    this.#pattern = pattern
    this.#points = points
  }

  /** Where variable `i` may end, when the fixed text before it may begin at `starts`. */
  advance(starts: Runs, i: number): Runs {
    return isCharacterSet(this.#pattern.variables[i]!.form)
      ? this.#overCharacters(starts, i)
      : this.#overForm(starts, i)
  }

  #overCharacters(starts: Runs, i: number): Runs {
    const hops = this.#hopsOf(i, starts[0]!)
    const next: Runs = []
    let first = 0
    for (let run = 0; run < starts.length; run += 2) {
      const last = starts[run + 1]!
      hops.findUpTo(last)
      first = firstAtLeast(hops.at, starts[run]!, first)
      while (first < hops.at.length && hops.at[first]! <= last) {
        let end = hops.lastJoined(first)
        if (hops.at[end]! > last) end = firstAtLeast(hops.at, last + 1, first) - 1
        addRun(next, hops.from[first]!, hops.until[end]!)
        first = end + 1
      }
    }
    return next
  }

  /** For URLs, e-mail addresses and the like, whose values end where they are whole: place by place. */
  #overForm(starts: Runs, i: number): Runs {
    const variable = this.#pattern.variables[i]!
    const fixed = this.#pattern.fixed[i]!
    const occurrences = new Occurrences(fixed, this.#pattern.borders[i]!, this.#points, starts[0]!)
    const ends = new Set<number>()
    for (let run = 0; run < starts.length; run += 2) {
      occurrences.findUpTo(starts[run + 1]!)
      for (let o = firstAtLeast(occurrences.at, starts[run]!); o < occurrences.at.length; o++) {
        for (const end of endsOfValue(variable, this.#points, occurrences.at[o]! + fixed.length))
          ends.add(end)
      }
    }
    const next: Runs = []
    for (const end of [...ends].sort((a, b) => a - b)) addRun(next, end, end)
    return next
  }

  #hopsOf(i: number, from: number): Hops {
    const { pairs, fixed, borders, variables } = this.#pattern
    const known = this.#hops.get(pairs[i]!)
    if (known) return known
    const occurrences = new Occurrences(fixed[i]!, borders[i]!, this.#points, from)
    const hops = new Hops(occurrences, fixed[i]!.length, variables[i]!, this.#stretchesOf(variables[i]!.form))
    this.#hops.set(pairs[i]!, hops)
    return hops
  }

  /** By position: where the unbroken stretch of allowed characters that begins there ends. */
  #stretchesOf(form: ValueForm): Int32Array {
    const known = this.#stretches.get(form)
    if (known) return known
    const points = this.#points
    const stretches = new Int32Array(points.length + 1)
    stretches[points.length] = points.length
    for (let i = points.length - 1; i >= 0; i--) {
      stretches[i] = nextState(form, 0, points[i]!) === DEAD ? i : stretches[i + 1]!
    }
    this.#stretches.set(form, stretches)
    return stretches
  }
}

/** Occurrences of a fixed text from which the variable behind it, a set of characters, goes on. */
class Hops {
  /** Where the fixed text begins. */
  readonly at: number[] = []
  /** The first and last end of the variable behind it; both ascend. */
  readonly from: number[] = []
  readonly until: number[] = []
  readonly #occurrences: Occurrences
  readonly #fixedChars: number
  readonly #variable: Variable
  readonly #stretches: Int32Array
  #seen = 0
  /** By hop: its group; by group: its last hop. Hops of a group reach one run without holes. */
  readonly #group: number[] = []
  readonly #lastOfGroup: number[] = []

  constructor(occurrences: Occurrences, fixedChars: number, variable: Variable, stretches: Int32Array) {
    this.#occurrences = occurrences
    this.#fixedChars = fixedChars
    this.#variable = variable
    this.#stretches = stretches
  }

  findUpTo(last: number): void {
    const found = this.#occurrences.at
    this.#occurrences.findUpTo(last)
    for (; this.#seen < found.length; this.#seen++) this.#add(found[this.#seen]!)
  }

  #add(at: number): void {
    const start = at + this.#fixedChars
    const from = start + this.#variable.minChars
    const until = Math.min(start + this.#variable.maxChars, this.#stretches[start]!)
    if (until < from) return
    const index = this.at.push(at) - 1
    this.from.push(from)
    this.until.push(until)
    const joins = index > 0 && from <= this.until[index - 1]! + 1
    const group = joins ? this.#group[index - 1]! : this.#lastOfGroup.length
    this.#group.push(group)
    this.#lastOfGroup[group] = index
  }

  /** The last hop, of those found, of the same group as `hop`. */
  lastJoined(hop: number): number {
    return this.#lastOfGroup[this.#group[hop]!]!
  }
}

/** Where a value of the variable that begins at `start` may end, ascending. */
function endsOfValue({ minChars, maxChars, form }: Variable, points: Points, start: number): number[] {
  const ends: number[] = minChars === 0 ? [start] : []
  const last = Math.min(start + maxChars, points.length)
  let state = 0
  for (let end = start + 1; end <= last; end++) {
    state = nextState(form, state, points[end - 1]!)
    if (state === DEAD) break
    if (form.accepting[state] === 1) ends.push(end)
  }
  return ends
}
