import { expect, it } from 'vitest'
import { batchesAhead, laneTps } from '../../lambdas/feeder/room.ts'
import type { PoolId } from '../../shared/ids.ts'
import { route } from './launched.factory.ts'

it('adds up what the routes of the pool that carry the lane may send, and no others', () => {
  const routes = [
    route('one', { tps: 100 }),
    route('two', { tps: 50 }),
    route('three', { pool: 'other', tps: 7 }),
    route('four', { lanes: ['otp'], tps: 3 }),
  ]
  expect(laneTps(routes, { pool: 'main' as PoolId, lane: 'service' })).toBe(150)
})

it('counts ten minutes of the pool in batches of this plan', () => {
  // 100 recipients of 2 segments in a batch; 100 a second are 60,000 in ten minutes.
  expect(batchesAhead({ batches: 1_000, segments: 200_000 }, 100)).toBe(300)
})

it('lets even a pool without routes have one batch', () => {
  expect(batchesAhead({ batches: 10, segments: 1_000 }, 0)).toBe(1)
})
