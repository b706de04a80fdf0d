import { describe, expect, test } from 'vitest'
import {
  createTimers,
  onBound,
  onPdu,
  type SessionTimers,
  tick,
  withModeDeadline,
} from '../../bind-worker/session/timers.ts'

const config = { enquireAfterMs: 30_000, enquireTimeoutMs: 10_000, inactivityMs: Number.POSITIVE_INFINITY }
const bound = (changes: Partial<typeof config> = {}): SessionTimers =>
  onBound(createTimers({ ...config, ...changes }), 0)

describe('the timers of a session', () => {
  test('ask for nothing before the bind but that it be answered by its deadline', () => {
    const timers = withModeDeadline(createTimers(config), 10_000)
    expect(tick(timers, 9_999)).toMatchObject({ kind: 'none', nextAtMs: 10_000 })
    expect(tick(timers, 10_000).kind).toBe('overdue')
  })

  test('enquire after the silence, once', () => {
    expect(tick(bound(), 29_999)).toMatchObject({ kind: 'none', nextAtMs: 30_000 })
    const first = tick(bound(), 30_000)
    expect(first).toMatchObject({ kind: 'enquire', nextAtMs: 40_000 })
    expect(tick(first.timers, 30_001).kind).toBe('none')
  })

  test('declare the link dead when nothing follows the enquire_link', () => {
    const { timers } = tick(bound(), 30_000)
    expect(tick(timers, 39_999).kind).toBe('none')
    expect(tick(timers, 40_000).kind).toBe('dead')
  })

  test('take any PDU for a sign of life, not only enquire_link_resp', () => {
    const { timers } = tick(bound(), 30_000)
    const alive = onPdu(timers, 39_999, true)
    expect(tick(alive, 40_000)).toMatchObject({ kind: 'none', nextAtMs: 69_999 })
  })

  test('do not enquire while the peer sends', () => {
    let timers = bound()
    for (let nowMs = 0; nowMs < 600_000; nowMs += 20_000) {
      timers = onPdu(timers, nowMs, true)
      expect(tick(timers, nowMs + 19_999).kind).toBe('none')
    }
  })

  test('have nothing due before the time they name, whatever comes meanwhile', () => {
    const patient = onBound(createTimers({ ...config, enquireAfterMs: 20, enquireTimeoutMs: 10_000 }), 0)
    const enquired = tick(patient, 20)
    expect(enquired).toMatchObject({ kind: 'enquire', nextAtMs: 40 })
    expect(tick(onPdu(enquired.timers, 21, true), 40)).toMatchObject({ kind: 'none', nextAtMs: 41 })
    expect(tick(enquired.timers, 40)).toMatchObject({ kind: 'none', nextAtMs: 60 })
  })

  test('end a bound session over which only enquire_links go, when asked to', () => {
    let timers = bound({ inactivityMs: 60_000 })
    timers = onPdu(timers, 10_000, true)
    timers = onPdu(timers, 65_000, false)
    expect(tick(timers, 69_999)).toMatchObject({ kind: 'none', nextAtMs: 70_000 })
    expect(tick(timers, 70_000).kind).toBe('inactive')
  })

  test('leave a mode with a deadline to that deadline', () => {
    const timers = withModeDeadline(bound({ inactivityMs: 5_000 }), 20_000)
    expect(tick(timers, 6_000)).toMatchObject({ kind: 'none', nextAtMs: 20_000 })
    expect(tick(timers, 20_000).kind).toBe('overdue')
  })
})
