import { describe, expect, test } from 'vitest'
import { ResponseMeter } from '../../bind-worker/session/response-meter.ts'

const NONE = { latencyP50Ms: null, latencyP95Ms: null, perSecond: 0 }

/** A response every 10 ms from `fromMs`, each after this long. */
function record(meter: ResponseMeter, fromMs: number, toMs: number, latencyMs: (i: number) => number): void {
  for (let atMs = fromMs, i = 0; atMs < toMs; atMs += 10, i++) meter.record(atMs, latencyMs(i))
}

describe('the meter of a bind', () => {
  test('tells percentiles within a tenth, and responses a second', () => {
    const meter = new ResponseMeter(0)
    record(meter, 0, 15_000, (i) => (i % 10 === 0 ? 1_000 : 25))
    const { latencyP50Ms, latencyP95Ms, perSecond } = meter.figures(15_000)
    expect(latencyP50Ms).toBeGreaterThanOrEqual(25)
    expect(latencyP50Ms).toBeLessThanOrEqual(28)
    expect(latencyP95Ms).toBeGreaterThanOrEqual(1_000)
    expect(latencyP95Ms).toBeLessThanOrEqual(1_100)
    expect(perSecond).toBe(100)
  })

  test('forgets what is older than twenty seconds', () => {
    const meter = new ResponseMeter(0)
    record(meter, 0, 10_000, () => 1_000)
    record(meter, 10_000, 30_000, () => 25)
    expect(meter.figures(30_000).latencyP95Ms).toBeLessThan(30)
  })

  test('falls back to nothing when nothing is answered any more', () => {
    const meter = new ResponseMeter(0)
    expect(meter.figures(0)).toEqual(NONE)
    record(meter, 0, 5_000, () => 25)
    expect(meter.figures(12_000).perSecond).toBeGreaterThan(0)
    expect(meter.figures(60_000)).toEqual(NONE)
  })

  test('does not take the first answers for a rate', () => {
    const meter = new ResponseMeter(0)
    for (let i = 0; i < 5; i++) meter.record(1, 1)
    expect(meter.figures(1).perSecond).toBe(5)
  })
})
