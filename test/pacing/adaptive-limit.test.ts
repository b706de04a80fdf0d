import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AdaptiveLimit } from '../../bind-worker/pacing/adaptive-limit.ts'
import { always, mix, run, type SimulatedSmsc, type Trace } from './support/simulated-smsc.ts'

const BOUNDS = { min: 10, max: 400 }
/** Five pauses of a minute, as in production. */
const REGAIN_MS = 300_000
const FIXED = [10, 25, 50, 100, 200, 400]
const WARM_UP_MS = 10_000

const adaptive = (bounds: Partial<typeof BOUNDS> = {}): AdaptiveLimit =>
  new AdaptiveLimit({ ...BOUNDS, ...bounds, regainMs: REGAIN_MS }, 0)

const bestFixed = (smsc: SimulatedSmsc, durationMs: number): number =>
  Math.max(...FIXED.map((window) => run(smsc, [window], { durationMs }).perSecond(WARM_UP_MS)))

const windowsFrom = (trace: Trace, fromMs: number): number[] =>
  trace.windows.filter(({ atMs }) => atMs >= fromMs).map(({ window }) => window)

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

const DELAYS = [
  { name: '25 ms', delayMs: always(25) },
  { name: '100 ms', delayMs: always(100) },
  { name: '400 ms', delayMs: always(400) },
  { name: '10, 100 and 1,000 ms in 80, 15 and 5 %', delayMs: mix },
  { name: '50 to 150 ms', delayMs: (random: () => number) => 50 + 100 * random() },
]

describe.each(DELAYS)('with responses after $name', ({ delayMs }) => {
  test.each([
    { smscIs: 'without limit', limits: {} },
    { smscIs: 'that takes 100 a second', limits: { capacity: 100 } },
    { smscIs: 'that takes 500 a second', limits: { capacity: 500 } },
    { smscIs: 'that takes 2,000 a second', limits: { capacity: 2_000 } },
  ])('an SMSC $smscIs is sent at least 85 % of what the best fixed window would', ({ limits }) => {
    const smsc = { delayMs, ...limits }
    const best = bestFixed(smsc, 30_000)
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const trace = run(smsc, [adaptive()], { durationMs: 30_000, seed })
        expect(trace.perSecond(WARM_UP_MS)).toBeGreaterThanOrEqual(0.85 * best)
      }),
      { numRuns: 5 },
    )
  })
})

describe('the queue at the SMSC', () => {
  test('is kept short where the widest window would make it eight times the latency', () => {
    const smsc = { delayMs: always(100), capacity: 500 }
    const widest = run(smsc, [400], { durationMs: 30_000 })
    expect(widest.meanLatencyMs(WARM_UP_MS)).toBeGreaterThan(790)
    const trace = run(smsc, [adaptive()], { durationMs: 30_000 })
    expect(trace.meanLatencyMs(WARM_UP_MS)).toBeLessThan(150)
  })

  test('is kept short by four binds that share it', () => {
    const smsc = { delayMs: always(100), capacity: 500 }
    const limits = Array.from({ length: 4 }, () => adaptive({ min: 2 }))
    const trace = run(smsc, limits, { durationMs: 60_000 })
    expect(trace.perSecond(WARM_UP_MS)).toBeGreaterThan(0.95 * 500)
    expect(trace.meanLatencyMs(WARM_UP_MS)).toBeLessThan(200)
  })
})

describe('the window', () => {
  test('stays within its bounds, and whole, whatever happens', () => {
    const event = fc.record({
      refused: fc.boolean(),
      gapMs: fc.double({ min: 0, max: 2_000, noNaN: true }),
      latencyMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
      inFlight: fc.integer({ min: 1, max: 2_000 }),
    })
    const bounds = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 2_000 }))
    fc.assert(
      fc.property(bounds, fc.array(event, { maxLength: 2_000 }), ([min, more], events) => {
        const limit = adaptive({ min, max: min + more })
        let nowMs = 0
        for (const { refused, gapMs, latencyMs, inFlight } of events) {
          nowMs += gapMs
          if (refused) limit.onRefused(nowMs, latencyMs)
          else limit.onAccepted(nowMs, latencyMs, inFlight)
          expect(limit.window).toBeGreaterThanOrEqual(min)
          expect(limit.window).toBeLessThanOrEqual(min + more)
          expect(Number.isInteger(limit.window)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('starts at its least', () => {
    expect(adaptive().window).toBe(BOUNDS.min)
  })

  test('does not move once it is at its most and nothing queues', () => {
    const trace = run({ delayMs: always(25) }, [adaptive()], { durationMs: 60_000 })
    expect(new Set(windowsFrom(trace, WARM_UP_MS))).toEqual(new Set([BOUNDS.max]))
  })

  test.each([{ ms: 25 }, { ms: 100 }, { ms: 400 }])(
    'that found a limit at $ms ms keeps within 40 % of its median for nine tenths of the time',
    ({ ms }) => {
      const trace = run({ delayMs: always(ms), capacity: 500 }, [adaptive()], { durationMs: 120_000 })
      const windows = windowsFrom(trace, WARM_UP_MS)
      const typical = median(windows)
      const away = windows.filter((window) => Math.abs(window - typical) > 0.4 * typical)
      expect(away.length).toBeLessThanOrEqual(0.1 * windows.length)
    },
  )

  test('is not moved by one response that takes a minute', () => {
    let slow = 0
    const delayMs = (_: () => number, atMs: number) => (atMs > 20_000 && slow++ === 0 ? 60_000 : 100)
    const trace = run({ delayMs }, [adaptive()], { durationMs: 120_000 })
    expect(new Set(windowsFrom(trace, WARM_UP_MS))).toEqual(new Set([BOUNDS.max]))
  })

  test('grows to what the pace of the sender needs, and no further than twice that', () => {
    const trace = run({ delayMs: always(400) }, [adaptive()], { durationMs: 60_000, tps: 200 })
    expect(trace.perSecond(WARM_UP_MS)).toBeGreaterThan(198)
    expect(Math.max(...windowsFrom(trace, 0))).toBeLessThanOrEqual(2 * 200 * 0.4)
  })

  test('follows a link that becomes four times slower, and quick again', () => {
    const delayMs = (_: () => number, atMs: number) => (atMs > 30_000 && atMs < 60_000 ? 100 : 25)
    const trace = run({ delayMs }, [adaptive({ max: 100 })], { durationMs: 90_000 })
    expect(trace.perSecond(33_000, 40_000)).toBeGreaterThan(0.85 * 1_000)
    expect(trace.perSecond(40_000, 60_000)).toBeGreaterThan(0.85 * 1_000)
    expect(trace.perSecond(61_000, 90_000)).toBeGreaterThan(0.85 * 4_000)
  })

  test('finds room again on a link that became a fifth slower while the window was narrow', () => {
    const smsc = {
      delayMs: (_: () => number, atMs: number) => (atMs > 20_000 ? 125 : 100),
      refuses: (atMs: number) => atMs > 20_000 && atMs < 21_000,
    }
    const trace = run(smsc, [adaptive()], { durationMs: 60_000 })
    expect(windowsFrom(trace, 40_000).every((window) => window >= 0.75 * BOUNDS.max)).toBe(true)
  })

  test('gets away from a single segment where latency is nothing but noise', () => {
    const delayMs = (random: () => number) => -50 * Math.log(1 - random())
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const trace = run({ delayMs, capacity: 500 }, [adaptive({ min: 1 })], { durationMs: 30_000, seed })
        expect(trace.perSecond(WARM_UP_MS)).toBeGreaterThan(0.85 * 500)
      }),
      { numRuns: 10 },
    )
  })

  test('follows an SMSC that loses three quarters of its capacity, and gets it back', () => {
    // What it takes is what it answers: a queue in front of 125 a second, then of 500 again.
    let freeAtMs = 0
    const delayMs = (_: () => number, atMs: number) => {
      freeAtMs = Math.max(freeAtMs, atMs) + 1_000 / (atMs > 30_000 && atMs < 60_000 ? 125 : 500)
      return freeAtMs - atMs + 100
    }
    const trace = run({ delayMs }, [adaptive()], { durationMs: 100_000 })
    expect(trace.perSecond(40_000, 60_000)).toBeGreaterThan(0.85 * 125)
    expect(trace.perSecond(70_000, 100_000)).toBeGreaterThan(0.85 * 500)
    expect(trace.meanLatencyMs(70_000)).toBeLessThan(200)
  })
})

describe('refusals for being too fast', () => {
  const storm = { delayMs: always(100), refuses: (atMs: number) => atMs > 20_000 && atMs < 25_000 }

  test('of everything bring it down to its least', () => {
    const trace = run(storm, [adaptive()], { durationMs: 26_000 })
    expect(Math.min(...windowsFrom(trace, 20_000))).toBe(BOUNDS.min)
  })

  test('once over, give three quarters of the window back in 5 s and all of it in the time to regain', () => {
    const trace = run(storm, [adaptive()], { durationMs: 25_000 + REGAIN_MS + 1_000 })
    const windowAt = (at: number) => trace.windows.find(({ atMs }) => atMs >= at)!.window
    expect(windowAt(30_000)).toBeGreaterThanOrEqual(0.75 * BOUNDS.max)
    expect(windowAt(60_000)).toBeLessThan(BOUNDS.max)
    expect(windowAt(25_500 + REGAIN_MS)).toBe(BOUNDS.max)
  })

  test('for having more in flight than the SMSC admits are met less than once a minute in the long run', () => {
    const refusedAtMs: number[] = []
    const refuses = (atMs: number, inFlight: number) => {
      if (inFlight > 50) refusedAtMs.push(atMs)
      return inFlight > 50
    }
    const trace = run({ delayMs: always(100), refuses }, [adaptive()], { durationMs: 600_000 })
    const minutes = new Set(refusedAtMs.filter((at) => at > 60_000).map((at) => Math.floor(at / 60_000)))
    expect(minutes.size).toBeLessThanOrEqual(4)
    expect(trace.perSecond(60_000)).toBeGreaterThan(0.7 * 500)
  })

  test('of what was in flight together count as one', () => {
    const limit = adaptive()
    let nowMs = 0
    for (; limit.window < 200; nowMs += 10) limit.onAccepted(nowMs, 5, limit.window)
    const before = limit.window
    for (let i = 0; i < 50; i++) limit.onRefused(nowMs + 20, 20)
    expect(limit.window).toBe(before / 2)
  })
})
