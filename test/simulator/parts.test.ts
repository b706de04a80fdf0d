import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DelayQueue } from '../../simulator/delay-queue.ts'
import { outcomeOf } from '../../simulator/outcome.ts'
import { receiptDate } from '../../simulator/receipt-pdu.ts'

describe('DelayQueue', () => {
  it('gives every item once, never early and at most a bucket late', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ wait: fc.nat(5_000) }),
        fc.record({ push: fc.nat(3_000) }),
        fc.record({ push: fc.constant(0) }),
      ),
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), steps, (startMs, moves) => {
        const queue = new DelayQueue<number>()
        let now = startMs
        const expected: number[] = []
        const taken: number[] = []
        const take = () => {
          for (const due of queue.take(now)) {
            expect(due).toBeLessThanOrEqual(now)
            taken.push(due)
          }
        }
        for (const move of moves) {
          if ('push' in move) {
            queue.push(now + move.push, now + move.push)
            expected.push(now + move.push)
          } else {
            now += move.wait
            take()
            const overdue = expected.filter((due) => due <= now - 10).length
            expect(taken.length).toBeGreaterThanOrEqual(overdue)
          }
        }
        now += 4_000
        take()
        expect(taken.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b))
        expect(queue.size).toBe(0)
      }),
    )
  })
})

describe('outcomeOf', () => {
  const text = Buffer.from('Dear customer')

  it('depends on seed, number and text, and on nothing else', () => {
    const weights = { DELIVRD: 1, UNDELIV: 1, EXPIRED: 1, REJECTD: 1 }
    const fates = (seed: string, body: Buffer) =>
      Array.from({ length: 64 }, (_, i) =>
        JSON.stringify(outcomeOf(seed, weights, `91980000${i}`, body)),
      ).join()
    expect(fates('a', text)).toBe(fates('a', Buffer.from('Dear customer')))
    expect(fates('a', text)).not.toBe(fates('b', text))
    expect(fates('a', text)).not.toBe(fates('a', Buffer.from('Dear Customer')))
  })

  it('never picks a word of weight 0, and stays inside the range of delays', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, to) => {
        const outcome = outcomeOf(seed, { DELIVRD: 0, EXPIRED: 3, REJECTD: 0 }, to, text)
        expect(outcome).toMatchObject({ stat: 'EXPIRED', err: '027' })
        expect(outcome.delay).toBeGreaterThanOrEqual(0)
        expect(outcome.delay).toBeLessThan(1)
      }),
    )
  })
})

describe('receiptDate', () => {
  it('is the time in India', () => {
    expect(receiptDate(Date.parse('2026-06-23T05:00:59Z'))).toBe('2606231030')
    expect(receiptDate(Date.parse('2026-12-31T18:30:00Z'))).toBe('2701010000')
  })
})
