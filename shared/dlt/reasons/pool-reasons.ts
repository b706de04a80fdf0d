/**
 * Facts do not say over which route a segment went, only the campaign's pool is known. The routes of a pool are
 * interchangeable, mostly accounts at one gateway, so what they all agree on holds whichever it was: a dialect if every
 * route has it, an override if every route has the same. Where they differ the default speaks: a general sentence that
 * is true is better than another gateway's.
 */
import { isDeepStrictEqual } from 'node:util'
import type { RouteConfig } from '../../contracts/route.ts'
import { codeName } from './code.ts'
import { type ExplainOptions, type Explanation, explainer } from './explain.ts'

type Dialectal = Pick<RouteConfig, 'dialect' | 'reasonOverrides'>

/** Explains codes of messages that left through one of these routes. */
export function poolExplainer(routes: readonly Dialectal[]): (code: string) => Explanation {
  const [first, ...others] = routes
  return first === undefined ? explainer() : explainer(agreed(first, others))
}

function agreed(first: Dialectal, others: readonly Dialectal[]): ExplainOptions {
  const dialect = others.every((route) => route.dialect === first.dialect) ? first.dialect : 'default'
  const theirs = others.map((route) => byName(route.reasonOverrides))
  const shared = [...byName(first.reasonOverrides)].filter(([name, override]) =>
    theirs.every((overrides) => isDeepStrictEqual(overrides.get(name), override)),
  )
  return { dialect, overrides: Object.fromEntries(shared) }
}

const byName = (overrides: Dialectal['reasonOverrides']) =>
  new Map(Object.entries(overrides).map(([code, override]) => [codeName(code), override]))
