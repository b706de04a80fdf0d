import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forecast } from '../../shared/campaign/forecast.ts'
import { insideSendingHours } from '../../shared/dlt/sending-hours.ts'

/** 2026-09-01, 12:00 in India. */
const NOON = Date.UTC(2026, 8, 1, 6, 30)
const HOUR_MS = 3_600_000
const HOURS = { fromMinute: 600, toMinute: 1_260 }
const TEN_NEXT_DAY = NOON + 22 * HOUR_MS

const terms = (validityHours: number, hours: typeof HOURS | null = HOURS) => ({
  expiresAt: NOON + validityHours * HOUR_MS,
  hours,
})

describe('a forecast', () => {
  it('divides segments by their rate where nothing stands in the way', () => {
    const { finishesAt, stretches, expired } = forecast(3_600_000, {
      ...{ tps: 1_000, startAt: NOON, terms: terms(24, null) },
    })
    expect({ finishesAt, expired }).toEqual({ finishesAt: NOON + HOUR_MS, expired: 0 })
    expect(stretches).toEqual([{ from: NOON, to: NOON + HOUR_MS, segments: 3_600_000 }])
  })

  it('rolls what the day has no room for over to the next, a minute before the hours end', () => {
    const roomToday = (9 * 3_600 - 60) * 100
    const { stretches, finishesAt } = forecast(roomToday + 3_600 * 100, {
      ...{ tps: 100, startAt: NOON, terms: terms(24) },
    })
    expect(stretches).toEqual([
      { from: NOON, to: NOON + 9 * HOUR_MS - 60_000, segments: roomToday },
      { from: TEN_NEXT_DAY, to: TEN_NEXT_DAY + HOUR_MS, segments: 360_000 },
    ])
    expect(finishesAt).toBe(TEN_NEXT_DAY + HOUR_MS)
  })

  it('begins when the hours do', () => {
    const { stretches } = forecast(100, { tps: 100, startAt: NOON + 10 * HOUR_MS, terms: terms(24) })
    expect(stretches).toEqual([{ from: TEN_NEXT_DAY, to: TEN_NEXT_DAY + 1_000, segments: 100 }])
  })

  it('says how many would expire, and promises no end then', () => {
    expect(forecast(10_000, { tps: 1, startAt: NOON, terms: terms(1) })).toEqual({
      ...{ finishesAt: null, expired: 6_400 },
      stretches: [{ from: NOON, to: NOON + HOUR_MS, segments: 3_600 }],
    })
    expect(forecast(5, { tps: 0, startAt: NOON, terms: terms(1) })).toMatchObject({ expired: 5 })
  })

  it('accounts for every segment, none faster than the rate and none outside the hours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50_000_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 0, max: 48 * 60 }),
        (segments, tps, minutes) => {
          const startAt = NOON + minutes * 60_000
          const { stretches, expired } = forecast(segments, { tps, startAt, terms: terms(72) })
          expect(stretches.reduce((sum, stretch) => sum + stretch.segments, expired)).toBe(segments)
          for (const { from, to, segments: leaving } of stretches) {
            expect(leaving).toBeLessThanOrEqual(((to - from) * tps) / 1_000)
            expect([insideSendingHours(HOURS, from), insideSendingHours(HOURS, to - 1)]).toEqual([true, true])
          }
        },
      ),
    )
  })
})
