import { describe, expect, it } from 'vitest'
import { ReadyBatches } from '../../bind-worker/send/ready-batches.ts'
import { LANES, type Lane } from '../../shared/contracts/route.ts'
import { heldBatch, planLine } from './factories.ts'

const go = () => true as const

function waiting(counts: Partial<Record<Lane, number>>): ReadyBatches {
  const ready = new ReadyBatches()
  for (const lane of LANES) {
    for (let left = counts[lane] ?? 0, batch = 0; left > 0; left -= 50, batch++) {
      ready.add(heldBatch(planLine(Array(Math.min(left, 50)).fill(1), { lane, batch })))
    }
  }
  return ready
}

/** The lanes of the next `count` messages. */
const take = (ready: ReadyBatches, count: number): Lane[] =>
  Array.from({ length: count }, () => ready.next(go)!.batch.dispatch.line.lane)

describe('lanes', () => {
  it('otp goes before service before promotional', () => {
    const order = take(waiting({ otp: 200, service: 200, promotional: 200 }), 100)
    const share = (lane: Lane) => order.filter((one) => one === lane).length
    expect([share('otp'), share('service'), share('promotional')]).toEqual([85, 10, 5])
  })

  it('no lane starves: promotional has its floor while service is busy', () => {
    const order = take(waiting({ service: 400, promotional: 400 }), 200)
    expect(order.filter((lane) => lane === 'promotional')).toHaveLength(10)
  })

  it('a turn nobody needs goes to who is next', () => {
    expect(take(waiting({ otp: 50 }), 50)).toEqual(Array(50).fill('otp'))
    expect(take(waiting({ promotional: 50 }), 50)).toEqual(Array(50).fill('promotional'))
  })

  it('an OTP that comes while a million wait is among the next two messages', () => {
    const ready = waiting({ promotional: 500 })
    take(ready, 37)
    ready.add(heldBatch(planLine([1], { lane: 'otp', page: 9 })))
    expect(take(ready, 2)).toContain('otp')
  })

  it('a batch that may not begin lets the next one pass, and keeps its place', () => {
    const ready = new ReadyBatches()
    const [held, free] = [heldBatch(planLine([1])), heldBatch(planLine([1], { batch: 1 }))]
    ready.add(held)
    ready.add(free)
    expect(ready.next((next) => next.batch !== held)?.batch).toBe(free)
    expect(ready.next(go)?.batch).toBe(held)
  })
})
