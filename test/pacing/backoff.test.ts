import { describe, expect, test } from 'vitest'
import { backoffMs, spreadMs } from '../../bind-worker/pacing/backoff.ts'
import { TIMING } from '../../shared/timing.ts'

describe('the wait before reconnecting', () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [6, 32_000],
    [7, 60_000],
    [8, 60_000],
    [5_000, 60_000],
  ])('after %i failures in a row lies between nothing and %i ms', (failures, rangeMs) => {
    expect(backoffMs(failures, TIMING, 0)).toBe(0)
    expect(backoffMs(failures, TIMING, 0.5)).toBe(rangeMs / 2)
    expect(backoffMs(failures, TIMING, 0.999_999)).toBeLessThan(rangeMs)
  })
})

test('a wait somebody else fixed is never shortened, and at most half as long again', () => {
  expect(spreadMs(30_000, 0)).toBe(30_000)
  expect(spreadMs(30_000, 0.5)).toBe(37_500)
  expect(spreadMs(30_000, 0.999_999)).toBeLessThan(45_000)
})
