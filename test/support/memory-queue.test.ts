import { beforeEach, describe, expect, it } from 'vitest'
import { FIXED_QUEUES } from '../../shared/contracts/wiring.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { MemoryQueue } from './memory-queue.ts'

const NOW_OR_NEVER = { max: 10, waitSeconds: 0, visibilitySeconds: 30 }

describe('the queue in memory, by a clock that stands still', () => {
  let clock: FakeClock
  let queue: MemoryQueue
  beforeEach(() => {
    clock = fakeClock()
    queue = new MemoryQueue(clock, FIXED_QUEUES)
  })

  it('hides a received message for its visibility to the millisecond', async () => {
    await queue.send('feed', ['a'])
    await queue.receive('feed', NOW_OR_NEVER)
    await clock.advance(29_999)
    expect(await queue.receive('feed', NOW_OR_NEVER)).toEqual([])
    await clock.advance(1)
    expect(await queue.receive('feed', NOW_OR_NEVER)).toMatchObject([{ body: 'a', receiveCount: 2 }])
  })

  it('holds back a delayed message', async () => {
    await queue.send('feed', ['later'], { delaySeconds: 10 })
    expect(await queue.receive('feed', NOW_OR_NEVER)).toEqual([])
    await clock.advance(10_000)
    expect(await queue.receive('feed', NOW_OR_NEVER)).toHaveLength(1)
  })

  it('wakes a long poll at the moment a message becomes visible', async () => {
    await queue.send('feed', ['later'], { delaySeconds: 10 })
    const poll = queue.receive('feed', { ...NOW_OR_NEVER, waitSeconds: 20 })
    await clock.advance(10_000)
    expect(await poll).toHaveLength(1)
  })

  it('ends a long poll when its time is over', async () => {
    const poll = queue.receive('feed', { ...NOW_OR_NEVER, waitSeconds: 20 })
    await clock.advance(20_000)
    expect(await poll).toEqual([])
    expect(clock.sleepers()).toBe(0)
  })

  it('moves what was received too often to the dead-letter queue', async () => {
    await queue.send('jobs', ['poison'])
    for (let receive = 0; receive < 5; receive++) {
      expect(await queue.receive('jobs', NOW_OR_NEVER)).toHaveLength(1)
      await clock.advance(30_000)
    }
    expect(await queue.receive('jobs', NOW_OR_NEVER)).toEqual([])
    expect(queue.bodies('jobs-dlq')).toEqual(['poison'])
  })

  it('leaves dispatch queues to the worker, which counts poison itself', async () => {
    await queue.send('dispatch-main-otp', ['batch'])
    for (let receive = 0; receive < 50; receive++) {
      await queue.receive('dispatch-main-otp', NOW_OR_NEVER)
      await clock.advance(30_000)
    }
    expect(await queue.receive('dispatch-main-otp', NOW_OR_NEVER)).toMatchObject([{ receiveCount: 51 }])
  })
})
