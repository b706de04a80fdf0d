import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BURST_MS, PAUSE_MS, TokenBucket } from '../../bind-worker/pacing/token-bucket.ts'

const rate = fc.double({ min: 0.5, max: 20_000, noNaN: true })
const gapsMs = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1, maxLength: 300 })

/** The moments at which tokens were given, asking at every moment until refused. */
function takenAt(bucket: TokenBucket, moments: readonly number[]): number[] {
  const taken: number[] = []
  for (const moment of moments) while (bucket.tryTake(moment)) taken.push(moment)
  return taken
}

/** Mostly short gaps, as of timers, with stalls and pauses in between. */
const pauses = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
    { weight: 2, arbitrary: fc.double({ min: 10, max: 200, noNaN: true }) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 60_000 }) },
  ),
  { minLength: 100, maxLength: 600 },
)

/** The most in any [t, t + 1 s), for which it is enough to look where one was taken. */
function mostInASecond(taken: readonly number[]): number {
  let most = 0
  let end = 0
  taken.forEach((from, first) => {
    while (end < taken.length && taken[end]! < from + 1_000) end++
    most = Math.max(most, end - first)
  })
  return most
}

const running = (gaps: readonly number[]): number[] => {
  let at = 1_000
  return gaps.map((gap) => (at += gap))
}

describe('a token bucket', () => {
  test('never gives more than rate × t + capacity in any window, however it is asked', () => {
    fc.assert(
      fc.property(rate, gapsMs, (perSecond, gaps) => {
        const taken = takenAt(new TokenBucket(perSecond), running(gaps))
        const capacity = (perSecond * BURST_MS) / 1_000 + 1
        const windows = taken.flatMap((from, first) =>
          first % 7
            ? []
            : [first, (first + taken.length) >> 1, taken.length - 1].map((last) => ({ from, first, last })),
        )
        const tooMany = windows.filter(({ from, first, last }) => {
          const allowed = (perSecond * (taken[last]! - from)) / 1_000 + capacity
          return last - first + 1 > allowed + 1e-6
        })
        expect(tooMany).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test.each([50, 500, 5_000])(
    'at %i a second gives no second more than 102 %%, wherever it starts and whatever pauses came before',
    (perSecond) => {
      fc.assert(
        fc.property(pauses, (gaps) => {
          const taken = takenAt(new TokenBucket(perSecond), running(gaps))
          expect(mostInASecond(taken)).toBeLessThanOrEqual(1.02 * perSecond)
        }),
        { numRuns: 100 },
      )
    },
  )

  test('gives all it may to a taker that stalls and then catches up', () => {
    const everyMs = Array.from({ length: 2_000 }, (_, ms) => 50 + ms)
    expect(mostInASecond(takenAt(new TokenBucket(1_000), [0, ...everyMs]))).toBe(1_000 + BURST_MS)
  })

  test('keeps the rate exactly over a minute when its timers are late by up to the burst', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: BURST_MS - 1 }),
        (perSecond, lateMs) => {
          const bucket = new TokenBucket(perSecond)
          let nowMs = 0
          let taken = 0
          while (nowMs < 60_000) {
            while (bucket.tryTake(nowMs)) taken++
            nowMs += Math.max(lateMs, bucket.msUntil(nowMs))
          }
          const expected = perSecond * 60
          // The last taker may be late too.
          expect(taken).toBeGreaterThanOrEqual(expected - (perSecond * lateMs) / 1_000 - 1)
          expect(taken).toBeLessThanOrEqual(expected + (perSecond * BURST_MS) / 1_000 + 1)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('gives what msUntil promised, and not a millisecond earlier', () => {
    // Sixteenths of a millisecond, which doubles add and subtract exactly: rounding could take either side of a moment.
    const exactGapsMs = fc.array(
      fc.integer({ min: 0, max: 8_000 }).map((sixteenths) => sixteenths / 16),
      { minLength: 1, maxLength: 300 },
    )
    fc.assert(
      fc.property(rate, exactGapsMs, (perSecond, gaps) => {
        const bucket = new TokenBucket(perSecond)
        for (const moment of running(gaps)) {
          while (bucket.tryTake(moment));
          const waitMs = bucket.msUntil(moment)
          expect(waitMs).toBeGreaterThan(0)
          expect(bucket.msUntil(moment + waitMs)).toBe(0)
          if (waitMs > 1) expect(bucket.msUntil(moment + waitMs - 1)).toBeGreaterThan(0)
        }
      }),
    )
  })

  test('begins with a single token, at the start and after a pause', () => {
    const bucket = new TokenBucket(1_000)
    expect(takenAt(bucket, [0])).toEqual([0])
    expect(takenAt(bucket, [PAUSE_MS + 2])).toHaveLength(1)
    expect(takenAt(bucket, [3_600_000])).toHaveLength(1)
  })

  test('lets a taker that stalled catch up no more than the burst', () => {
    const bucket = new TokenBucket(1_000)
    takenAt(bucket, [0])
    expect(takenAt(bucket, [PAUSE_MS])).toHaveLength(BURST_MS + 1)
  })

  test.each([0, -1, Number.NaN])('refuses a rate of %d', (perSecond) => {
    expect(() => new TokenBucket(perSecond)).toThrow(RangeError)
  })
})
