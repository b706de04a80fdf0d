import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PendingWindow } from '../../bind-worker/session/window.ts'

const windowOf = (capacity: number, remembered = 100): PendingWindow<string> =>
  new PendingWindow({ capacity, timeoutMs: 1_000, remembered })

describe('the window', () => {
  test('gives a pending request back to the response with its sequence number, once', () => {
    const window = windowOf(2)
    window.add(7, 'seven', 100)
    expect(window.resolve(7)).toMatchObject({ context: 'seven', sentAtMs: 100, late: false })
    expect(window.resolve(7)).toBeUndefined()
    expect(window.size).toBe(0)
  })

  test('lets nothing in when it is full, and again after a response', () => {
    const window = windowOf(1)
    expect(window.add(1, 'one', 0)).toBe(true)
    expect(window.add(2, 'two', 0)).toBe(false)
    window.resolve(1)
    expect(window.add(2, 'two', 0)).toBe(true)
  })

  test('expires in the order sent, and no request before its time', () => {
    const window = windowOf(3)
    window.add(1, 'one', 0)
    window.add(2, 'two', 10)
    window.add(3, 'three', 500)
    expect(window.expire(999)).toEqual([])
    expect(window.expire(1_010)).toEqual(['one', 'two'])
    expect(window.nextExpiryMs(1_010)).toBe(1_500)
    expect(window.size).toBe(1)
  })

  test('recognises a late response, once', () => {
    const window = windowOf(1)
    window.add(1, 'one', 0)
    window.expire(1_000)
    expect(window.has(1)).toBe(true)
    expect(window.resolve(1)).toMatchObject({ context: 'one', late: true })
    expect(window.resolve(1)).toBeUndefined()
  })

  test('forgets the oldest expired requests beyond its memory', () => {
    const window = windowOf(10, 2)
    for (const sequence of [1, 2, 3]) window.add(sequence, `m${sequence}`, 0)
    window.expire(1_000)
    expect([1, 2, 3].map((sequence) => window.has(sequence))).toEqual([false, true, true])
  })

  test('has nothing to expire before the time it names, whatever is added meanwhile', () => {
    const window = windowOf(2)
    const nextMs = window.nextExpiryMs(5)
    window.add(1, 'one', 5)
    expect(window.expire(nextMs - 1)).toEqual([])
    expect(window.expire(nextMs)).toEqual(['one'])
  })

  test('below its size a new capacity lets nothing in until enough was answered', () => {
    const window = windowOf(3)
    for (const sequence of [1, 2, 3]) window.add(sequence, 'x', 0)
    window.setCapacity(2)
    window.resolve(1)
    expect(window.isFull).toBe(true)
    window.resolve(2)
    expect(window.isFull).toBe(false)
  })

  test('refuses to lose a pending request to a repeated sequence number', () => {
    const window = windowOf(2)
    window.add(1, 'one', 0)
    expect(() => window.add(1, 'again', 0)).toThrow('still pending')
  })

  test('accounts for every request exactly once, in any history, and never holds more than its capacity', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const) }),
      fc.record({ kind: fc.constant('resolve' as const), pick: fc.nat(50) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 700 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 8 }), (steps, capacity) => {
        const window = new PendingWindow<number>({ capacity, timeoutMs: 1_000, remembered: 1_000 })
        const added: number[] = []
        const ended: number[] = []
        let nowMs = 0
        for (const taken of steps) {
          if (taken.kind === 'add') {
            const sequence = added.length + 1
            if (window.add(sequence, sequence, nowMs)) added.push(sequence)
          } else if (taken.kind === 'resolve') {
            const pending = window.resolve(taken.pick)
            if (pending && !pending.late) ended.push(pending.context)
          } else {
            nowMs += taken.ms
            ended.push(...window.expire(nowMs))
          }
          expect(window.size).toBeLessThanOrEqual(capacity)
        }
        const rest = window.drainAll()
        expect(rest).toEqual(rest.toSorted((a, b) => a - b))
        expect([...ended, ...rest].toSorted((a, b) => a - b)).toEqual(added)
      }),
    )
  })
})
