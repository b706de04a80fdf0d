import { describe, expect, test } from 'vitest'
import { BindWindow } from '../../bind-worker/session/bind-window.ts'
import { TIMING } from '../../shared/timing.ts'
import { routeConfig } from './support/factories.ts'

const ESME_RTHROTTLED = 0x58
const ESME_RMSGQFUL = 0x14
const ESME_RINVDSTADR = 0x0b
const VENDOR = 0x450

/** Grown to its most by a second of quick answers. */
function grown(statusOverrides: Record<string, 'throttled' | 'permanent'> = {}): BindWindow {
  const route = routeConfig({ window: { min: 10, max: 40 }, statusOverrides })
  const window = new BindWindow(route, TIMING, 0)
  for (let atMs = 0; atMs < 1_000; atMs += 5) window.onResponse(atMs, 0, 2, window.size)
  expect(window.size).toBe(40)
  return window
}

describe('the window of a session', () => {
  test.each([ESME_RTHROTTLED, ESME_RMSGQFUL])('is halved by command_status %i', (status) => {
    const window = grown()
    window.onResponse(1_000, status, 2, 40)
    expect(window.size).toBe(20)
  })

  test('is not moved by what is wrong with the message', () => {
    const window = grown()
    window.onResponse(1_000, ESME_RINVDSTADR, 2, 40)
    expect(window.size).toBe(40)
  })

  test('follows what the route says a status means', () => {
    const window = grown({ [VENDOR]: 'throttled', [ESME_RTHROTTLED]: 'permanent' })
    window.onResponse(1_000, ESME_RTHROTTLED, 2, 40)
    expect(window.size).toBe(40)
    window.onResponse(1_000, VENDOR, 2, 40)
    expect(window.size).toBe(20)
  })

  test('that refused is whole again after five pauses', () => {
    const window = grown()
    window.onResponse(1_000, ESME_RTHROTTLED, 2, 40)
    const answerUntil = (fromMs: number, toMs: number) => {
      for (let atMs = fromMs; atMs < toMs; atMs += 5) window.onResponse(atMs, 0, 2, window.size)
    }
    answerUntil(1_005, 1_000 + 4.5 * TIMING.throttlePauseMs)
    expect(window.size).toBeLessThan(40)
    answerUntil(1_000 + 4.5 * TIMING.throttlePauseMs, 1_200 + 5 * TIMING.throttlePauseMs)
    expect(window.size).toBe(40)
  })

  test('of one size stays', () => {
    const window = new BindWindow(routeConfig({ window: { min: 7, max: 7 } }), TIMING, 0)
    window.onResponse(0, ESME_RTHROTTLED, 2, 7)
    window.onResponse(500, 0, 2, 7)
    expect(window.size).toBe(7)
  })
})
