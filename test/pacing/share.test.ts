import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { taskShare } from '../../bind-worker/pacing/share.ts'
import { BURST_MS, TokenBucket } from '../../bind-worker/pacing/token-bucket.ts'
import type { RouteId } from '../../shared/ids.ts'

const route = (binds: number, tps: number) => ({ id: 'north' as RouteId, binds, tps })

const binds = fc.integer({ min: 1, max: 64 })
const tps = fc.double({ min: 1, max: 20_000, noNaN: true })
/** Shares of the tasks of a route, which add up to at most 1. */
const shares = fc
  .array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 64 })
  .chain((weights) =>
    fc.integer({ min: 0, max: 1_000 }).map((unused) => {
      const sum = weights.reduce((total, weight) => total + weight, unused)
      return weights.map((weight) => weight / sum)
    }),
  )
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('the shares of the tasks of a route', () => {
  test('never add up to more binds or more TPS than it has, and give every task a bind or are refused', () => {
    fc.assert(
      fc.property(binds, tps, shares, (routeBinds, routeTps, parts) => {
        const tasks = parts.flatMap((share) => {
          const isEnough = routeBinds * share >= 1
          try {
            return [taskShare(route(routeBinds, routeTps), share)]
          } catch (error) {
            expect(error).toMatchObject({ code: 'share_without_bind' })
            expect(isEnough).toBe(false)
            return []
          }
        })
        expect(tasks.every((task) => task.binds >= 1 && Number.isInteger(task.binds))).toBe(true)
        expect(sum(tasks.map((task) => task.binds))).toBeLessThanOrEqual(routeBinds)
        expect(sum(tasks.map((task) => task.tps))).toBeLessThanOrEqual(routeTps * (1 + 1e-9))
      }),
    )
  })

  test('divide without a rest what divides', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), (tasks, each) => {
        expect(taskShare(route(tasks * each, 1_000), 1 / tasks).binds).toBe(each)
      }),
    )
  })

  test('of one task alone are all', () => {
    expect(taskShare(route(4, 100), 1)).toEqual({ binds: 4, tps: 100 })
  })

  test('round down: half of three binds is one', () => {
    expect(taskShare(route(3, 500), 0.5)).toEqual({ binds: 1, tps: 250 })
  })

  test('forgive a third written with seven digits', () => {
    expect(taskShare(route(3, 300), 0.3333333).binds).toBe(1)
  })

  test.each([
    [2, 0.4, /route "north".*ROUTE_SHARE 0\.4 .*\(2\).*at least 1\/2, .*at least 3/],
    [1, 0.5, /ROUTE_SHARE 0\.5 .*\(1\).*at least 1\/1, .*at least 2/],
    [3, 0.33, /ROUTE_SHARE 0\.33 .*at least 1\/3, .*at least 4/],
  ])('without a bind are refused: of %i binds %d', (routeBinds, share, message) => {
    expect(() => taskShare(route(routeBinds, 100), share)).toThrow(message)
  })
})

/** When each task takes a token: it wakes when one is due, late by what `lateMs` gives next, and takes what it can. */
function takenBy(tasks: readonly TokenBucket[], lateMs: () => number, untilMs: number): number[] {
  return tasks
    .flatMap((bucket) => {
      const taken: number[] = []
      for (let nowMs = lateMs(); nowMs < untilMs; nowMs += bucket.msUntil(nowMs) + lateMs()) {
        while (bucket.tryTake(nowMs)) taken.push(nowMs)
      }
      return taken
    })
    .sort((a, b) => a - b)
}

function mostInASecond(taken: readonly number[]): number {
  let most = 0
  for (let first = 0, next = 0; first < taken.length; first++) {
    while (next < taken.length && taken[next]! < taken[first]! + 1_000) next++
    most = Math.max(most, next - first)
  }
  return most
}

describe('several tasks in one second', () => {
  const lateness = fc.array(fc.double({ min: 0, max: BURST_MS, noNaN: true }), {
    minLength: 50,
    maxLength: 50,
  })

  test.each([
    [50, 2],
    [50, 4],
    [500, 2],
    [500, 3],
    [1_000, 8],
  ])(
    'at %i TPS %i of them send no more than 1.02 times that, wherever the second starts',
    (routeTps, count) => {
      fc.assert(
        fc.property(lateness, (lates) => {
          let draws = 0
          const lateMs = () => lates[draws++ % lates.length]!
          const share = taskShare(route(64, routeTps), 1 / count)
          const buckets = Array.from({ length: count }, () => new TokenBucket(share.tps))
          const taken = takenBy(buckets, lateMs, 5_000)
          expect(mostInASecond(taken)).toBeLessThanOrEqual(1.02 * routeTps)
          expect(taken.length).toBeGreaterThan(0.9 * 5 * routeTps * (1 - BURST_MS / 1_000))
        }),
        { numRuns: 60 },
      )
    },
  )
})
