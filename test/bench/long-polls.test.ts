import { describe, expect, it } from 'vitest'
import { longPolled } from '../../bench/long-polls.ts'
import { fakeClock, MemoryQueue } from '../support/memory-ports.ts'

const QUEUE = 'settle'
const POLL = { max: 10, waitSeconds: 20, visibilitySeconds: 60 }

function setUp() {
  const clock = fakeClock()
  const inner = new MemoryQueue(clock)
  let asked = 0
  const receive = inner.receive.bind(inner)
  inner.receive = (name, options) => {
    asked++
    expect(options.waitSeconds).toBe(0)
    return receive(name, options)
  }
  return { clock, queue: longPolled(inner, clock), asked: () => asked }
}

describe('a long poll by another clock', () => {
  it('ends empty when its time is over, and asks the queue once', async () => {
    const { clock, queue, asked } = setUp()
    const poll = queue.receive(QUEUE, POLL)
    await clock.advance(19_999)
    expect(asked()).toBe(0)
    await clock.advance(1)
    expect(await poll).toEqual([])
    expect(asked()).toBe(1)
  })

  it('ends with the message when one is sent meanwhile', async () => {
    const { queue, asked } = setUp()
    const poll = queue.receive(QUEUE, POLL)
    await queue.send(QUEUE, ['a'])
    expect((await poll).map(({ body }) => body)).toEqual(['a'])
    expect(asked()).toBe(1)
  })

  it('does not wait while something sent before is unread', async () => {
    const { queue } = setUp()
    await queue.send(QUEUE, ['a', 'b'])
    expect(await queue.receive(QUEUE, { ...POLL, max: 1 })).toHaveLength(1)
    expect(await queue.receive(QUEUE, { ...POLL, max: 1 })).toHaveLength(1)
  })

  it('ends at once, empty, on abort', async () => {
    const { queue, asked } = setUp()
    const stop = new AbortController()
    const poll = queue.receive(QUEUE, { ...POLL, signal: stop.signal })
    stop.abort()
    expect(await poll).toEqual([])
    expect(asked()).toBe(0)
  })
})
