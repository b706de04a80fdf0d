/** The parts of faults that need no connection: schedule, latency, lots, meters. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diceOf, targets } from '../../../simulator/faults/chance.ts'
import { BUSY_HOUR, drawLatencyMs, type Latency } from '../../../simulator/faults/latency.ts'
import { seededRandom } from '../../../simulator/faults/random.ts'
import { ScenarioEvent } from '../../../simulator/faults/scenario.ts'
import { Schedule } from '../../../simulator/faults/schedule.ts'
import { TpsMeter } from '../../../simulator/faults/tps-meter.ts'
import { formatId } from '../../../simulator/message-ids.ts'
import { receiptDate } from '../../../simulator/receipt-pdu.ts'

describe('Schedule', () => {
  const events = (...inputs: object[]) =>
    inputs.map((input) => ScenarioEvent.parse({ do: { fault: 'unbind' }, ...input }))

  it('begins an event once, at its moment or as soon after as it is asked', () => {
    const schedule = new Schedule(events({ at: 100 }))
    expect(schedule.take(99, 0)).toEqual([])
    expect(schedule.take(130, 0)).toMatchObject([{ dueMs: 100 }])
    expect(schedule.take(10_000, 0)).toEqual([])
  })

  it('begins what waits for messages when they were accepted, whatever the time', () => {
    const schedule = new Schedule(events({ when: { submitted: 5 } }, { when: { submitted: 9 } }))
    expect(schedule.nextSubmitted).toBe(5)
    expect(schedule.take(1_000, 4)).toEqual([])
    expect(schedule.take(1_001, 6)).toMatchObject([{ dueMs: 1_001 }])
    expect(schedule.nextSubmitted).toBe(9)
    expect(schedule.take(1_002, 9)).toHaveLength(1)
    expect(schedule.nextSubmitted).toBe(Number.POSITIVE_INFINITY)
  })

  it('begins all events in the order of their moments, however rarely it is asked', () => {
    const event = fc.oneof(
      fc.record({ at: fc.nat(2_000) }),
      fc.record({ every: fc.integer({ min: 1, max: 500 }) }),
    )
    const looks = fc.array(fc.nat(400), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(event), looks, (inputs, waits) => {
        const schedule = new Schedule(events(...inputs))
        const begun: number[] = []
        let now = 0
        for (const wait of waits) {
          now += wait
          begun.push(...schedule.take(now, 0).map(({ dueMs }) => dueMs))
        }
        const expected = inputs.flatMap((input) => {
          if ('at' in input) return input.at <= now ? [input.at] : []
          return Array.from({ length: Math.floor(now / input.every) }, (_, n) => (n + 1) * input.every)
        })
        const ascending = (a: number, b: number) => a - b
        expect(begun).toEqual([...begun].sort(ascending))
        expect(begun).toEqual(expected.sort(ascending))
      }),
    )
  })
})

describe('drawLatencyMs', () => {
  const sample = (latency: Latency, count = 20_000) => {
    const random = seededRandom('latency')
    return Array.from({ length: count }, () => drawLatencyMs(latency, random)).sort((a, b) => a - b)
  }
  const share = (values: number[], of: (ms: number) => boolean) => values.filter(of).length / values.length

  it('is what it is told when fixed', () => {
    expect(new Set(sample({ fixedMs: 25 }))).toEqual(new Set([25]))
  })

  it('fills its range when uniform', () => {
    const values = sample({ min: 10, max: 20 })
    expect(values[0]).toBeGreaterThanOrEqual(10)
    expect(values.at(-1)).toBeLessThanOrEqual(20)
    expect(share(values, (ms) => ms < 15)).toBeCloseTo(0.5, 1)
  })

  it('is 10, 100 and 1,000 ms in 80, 15 and 5 % at the busiest hour', () => {
    const values = sample(BUSY_HOUR)
    expect(share(values, (ms) => ms === 10)).toBeCloseTo(0.8, 1)
    expect(share(values, (ms) => ms === 100)).toBeCloseTo(0.15, 1)
    expect(share(values, (ms) => ms === 1_000)).toBeCloseTo(0.05, 1)
  })

  it('has its median in the middle when log-normal, and never exceeds its cap', () => {
    const values = sample({ medianMs: 40, sigma: 1, capMs: 500 })
    expect(share(values, (ms) => ms < 40)).toBeCloseTo(0.5, 1)
    expect(share(values, (ms) => ms > 40 * 5.18)).toBeCloseTo(0.05, 1)
    expect(values.at(-1)).toBe(500)
  })

  it('has a floor and a heavy tail when Pareto', () => {
    const values = sample({ floorMs: 10, alpha: 1, capMs: 60_000 })
    expect(values[0]).toBeGreaterThanOrEqual(10)
    expect(share(values, (ms) => ms > 100)).toBeCloseTo(0.1, 1)
    expect(share(values, (ms) => ms > 1_000)).toBeGreaterThan(0.005)
  })
})

describe('diceOf', () => {
  const anyone = { systemId: 'demo', bind: 1 }

  it('counts for every n-th only those it concerns', () => {
    const dice = diceOf({ share: 1, nth: 2, bind: 1 }, seededRandom('x'))
    const strikes = [1, 2, 1, 2, 1, 1].map((bind) => dice({ systemId: 'demo', bind }))
    expect(strikes).toEqual([false, false, true, false, false, true])
  })

  it('never strikes with a share of 0, always with one of 1', () => {
    for (const share of [0, 1]) {
      const dice = diceOf({ share }, seededRandom('x'))
      expect(new Set(Array.from({ length: 100 }, () => dice(anyone)))).toEqual(new Set([share === 1]))
    }
  })
})

it('targets picks one of those meant, and nobody when nobody is meant', () => {
  const all = [1, 2, 3].map((bind) => ({ systemId: bind === 1 ? 'other' : 'demo', bind }))
  const random = seededRandom('pick')
  const picked = Array.from({ length: 50 }, () => targets({ systemId: 'demo', pick: 'one' }, all, random))
  expect(new Set(picked.map((one) => one.map(({ bind }) => bind).join()))).toEqual(new Set(['2', '3']))
  expect(targets({ systemId: 'nobody', pick: 'one' }, all, random)).toEqual([])
})

it('TpsMeter admits so many within a second of the clock, for each key', () => {
  const meter = new TpsMeter(2)
  const admitted = (key: string, nowMs: number) => meter.admits(key, nowMs)
  expect([0, 1, 2, 999].map((ms) => admitted('a', ms))).toEqual([true, true, false, false])
  expect(admitted('b', 999)).toBe(true)
  expect([1_000, 1_001, 1_999].map((ms) => admitted('a', ms))).toEqual([true, true, false])
})

it('seededRandom stays in [0, 1) and spreads evenly, whatever the seed', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const random = seededRandom(seed)
      const values = Array.from({ length: 500 }, random)
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
      expect(values.reduce((sum, value) => sum + value, 0) / 500).toBeCloseTo(0.5, 0)
      expect(new Set(values).size).toBeGreaterThan(490)
    }),
  )
})

it('formatId writes one number in every notation', () => {
  const formats = ['hex', 'short-hex', 'HEX', 'decimal', 'padded'] as const
  expect(formats.map((format) => formatId(48_879n, format))).toEqual([
    '000000000000beef',
    'beef',
    'BEEF',
    '48879',
    '00000000000000048879',
  ])
})

it('receiptDate counts months from 0 when told so: January is 00', () => {
  const early = { monthEarly: true, zoneMinutes: 330, seconds: false }
  expect(receiptDate(Date.parse('2026-06-23T05:00:59Z'), early)).toBe('2605231030')
  expect(receiptDate(Date.parse('2026-01-10T00:00:00Z'), early)).toBe('2600100530')
  const utc = { monthEarly: false, zoneMinutes: 0, seconds: true }
  expect(receiptDate(Date.parse('2026-06-23T05:00:59Z'), utc)).toBe('260623050059')
})
