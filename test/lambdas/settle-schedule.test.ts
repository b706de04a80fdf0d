import { expect, it } from 'vitest'
import { afterFold, type LookupState, lookupDue, NO_LOOKUPS } from '../../lambdas/settle/lookup-schedule.ts'

const FIRST_MS = 10_000
const fold = (state: LookupState, now: number, lookedUp = false, awaiting = true) =>
  afterFold(state, { awaiting, lookedUp, now, firstMs: FIRST_MS })

it('begins ten seconds after a page was first seen waiting', () => {
  const state = fold(NO_LOOKUPS, 1_000)
  expect(state).toEqual({ lookups: 0, nextLookupAt: 11_000 })
  expect([10_999, 11_000].map((now) => lookupDue(state, now))).toEqual([false, true])
})

it('is not put off by folds in between', () => {
  expect(fold({ lookups: 2, nextLookupAt: 90_000 }, 60_000)).toEqual({ lookups: 2, nextLookupAt: 90_000 })
})

it('doubles the wait after each lookup', () => {
  let state = fold(NO_LOOKUPS, 0)
  const waits: number[] = []
  for (let n = 0; n < 4; n++) {
    const now = state.nextLookupAt!
    state = fold(state, now, true)
    waits.push(state.nextLookupAt! - now)
  }
  expect(waits).toEqual([20_000, 40_000, 80_000, 160_000])
})

it('ends when nothing is waited for', () => {
  const done = fold({ lookups: 3, nextLookupAt: 5 }, 10, true, false)
  expect(done).toEqual({ lookups: 4, nextLookupAt: null })
  expect(lookupDue(done, Number.MAX_SAFE_INTEGER)).toBe(false)
})
