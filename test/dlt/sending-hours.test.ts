import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closingOf, insideSendingHours, nextOpening } from '../../shared/dlt/sending-hours.ts'

const HOURS = { fromMinute: 10 * 60, toMinute: 21 * 60 }
const NIGHT = { fromMinute: 22 * 60, toMinute: 6 * 60 }
/** A time of 1 September 2026 in India. */
const ist = (text: string) => Date.parse(`2026-09-01T${text}+05:30`)

describe('sending hours from 10:00 to 21:00 in India', () => {
  it.each([
    ['09:59:59.999', false],
    ['10:00:00.000', true],
    ['20:58:59.999', true],
    ['20:59:00.000', false],
    ['21:00:00.000', false],
    ['00:00:00.000', false],
  ])('%s is inside: %j, with a minute kept free at the end', (time, inside) => {
    expect(insideSendingHours(HOURS, ist(time))).toBe(inside)
  })

  it('may do without the guard', () => {
    expect(insideSendingHours(HOURS, ist('20:59:59.999'), 0)).toBe(true)
  })

  it('open next at 10:00 of the same day or the following', () => {
    expect(nextOpening(HOURS, ist('03:00:00'))).toBe(ist('10:00:00'))
    expect(nextOpening(HOURS, ist('12:00:00'))).toBe(ist('12:00:00'))
    expect(nextOpening(HOURS, ist('22:00:00'))).toBe(ist('10:00:00') + 86_400_000)
  })

  it('close at 21:00', () => {
    expect(closingOf(HOURS, ist('12:00:00'))).toBe(ist('21:00:00'))
  })
})

it('hours that end before they begin run past midnight', () => {
  const times = ['21:59:59', '22:00:00', '00:00:00', '05:58:59', '05:59:00', '12:00:00']
  expect(times.map((time) => insideSendingHours(NIGHT, ist(time)))).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
  ])
})

it('no hours mean round the clock', () => {
  expect(insideSendingHours(null, ist('03:00:00'))).toBe(true)
  expect(nextOpening(null, ist('03:00:00'))).toBe(ist('03:00:00'))
  expect(closingOf(null, ist('03:00:00'))).toBeNull()
})

it('the next opening is inside, at most a day away, and nothing between is', () => {
  const minute = fc.integer({ min: 0, max: 1_439 })
  fc.assert(
    fc.property(
      minute,
      minute,
      fc.integer({ min: 0, max: 2 ** 41 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (fromMinute, toMinute, now, share) => {
        fc.pre((toMinute - fromMinute + 1_440) % 1_440 > 1)
        const hours = { fromMinute, toMinute }
        const opening = nextOpening(hours, now)
        expect(insideSendingHours(hours, opening)).toBe(true)
        expect(opening - now).toBeLessThan(86_400_000)
        const between = Math.floor(now + (opening - now) * share)
        if (opening > now && between < opening) expect(insideSendingHours(hours, between)).toBe(false)
      },
    ),
  )
})
