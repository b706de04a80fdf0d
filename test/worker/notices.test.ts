import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Notices } from '../../bind-worker/notices.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryQueue } from '../support/memory-ports.ts'
import { CAMPAIGN } from './factories.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function setUp() {
  const clock = fakeClock()
  const queue = new MemoryQueue(clock)
  const notices = new Notices({ queue, clock, timing: TIMING, log: silentLog })
  /** Both clocks forward side by side: the timers of the notices, and the clock they read. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      await clock.advance(Math.min(left, 100))
      await vi.advanceTimersByTimeAsync(Math.min(left, 100))
    }
  }
  const told = () => queue.bodies('settle').map((body) => JSON.parse(body).pages.length)
  return { queue, notices, pass, told }
}

const page = (n: number) => ({ campaign: CAMPAIGN, page: n })

describe('settle notices', () => {
  it('name the pages touched since the last one, once each', async () => {
    const { notices, pass, told } = setUp()
    notices.touch([page(0), page(1)])
    notices.touch([page(1)])
    await pass(2 * TIMING.noticeFloorMs)
    expect(told()).toEqual([2])
    notices.destroy()
  })

  it('of a page whose receipts trickle in come at most every seventh of its age', async () => {
    const { notices, pass, told } = setUp()
    const touchEvery = async (ms: number, times: number) => {
      for (let n = 0; n < times; n++) {
        notices.touch([page(0)])
        await pass(ms)
      }
    }
    await touchEvery(1_000, 60)
    await touchEvery(20_000, 27)
    const young = told().length
    await touchEvery(20_000, 30)
    // From 600 s to 1,200 s a seventh of the age passes 7 ln 2 times.
    expect(told().length - young).toBeLessThanOrEqual(6)
    notices.destroy()
  })

  it('come again when SQS failed, however long it took to', async () => {
    const { queue, notices, pass, told } = setUp()
    const send = queue.send.bind(queue)
    const gate = Promise.withResolvers<void>()
    queue.send = () => gate.promise
    notices.touch([page(0)])
    await pass(10 * TIMING.noticeFloorMs)
    queue.send = send
    gate.reject(new Error('timeout'))
    await pass(10 * TIMING.noticeFloorMs)
    expect(told()).toEqual([1])
    notices.destroy()
  })

  it.each(['close', 'destroy'] as const)('leave no timer behind: %s', async (end) => {
    const { queue, notices } = setUp()
    queue.send = () => Promise.reject(new Error('down'))
    notices.touch([page(0)])
    await notices[end]()
    expect(vi.getTimerCount()).toBe(0)
  })
})
