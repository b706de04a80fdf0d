import { describe, expect, it } from 'vitest'
import { fakeClock } from './fake-clock.ts'
import { fakeIds } from './fake-random.ts'

describe('the fake clock', () => {
  it('stands still until told', async () => {
    const clock = fakeClock(1_000)
    await clock.advance(5)
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_005, 5])
  })

  it('wakes sleepers in the order of their alarms, each at its own moment', async () => {
    const clock = fakeClock(0)
    const woken: [string, number][] = []
    for (const [name, ms] of [
      ['late', 30],
      ['early', 10],
    ] as const) {
      void clock.sleep(ms).then(() => woken.push([name, clock.now()]))
    }
    await clock.advance(100)
    expect(woken).toEqual([
      ['early', 10],
      ['late', 30],
    ])
  })

  it('lets a sleeper sleep again within one advance', async () => {
    const clock = fakeClock(0)
    const ticks: number[] = []
    void (async () => {
      for (;;) {
        await clock.sleep(10)
        ticks.push(clock.now())
      }
    })()
    await clock.advance(35)
    expect(ticks).toEqual([10, 20, 30])
  })

  it('wakes a sleeper early when its signal aborts', async () => {
    const clock = fakeClock()
    const stop = new AbortController()
    const asleep = clock.sleep(1_000, stop.signal)
    stop.abort()
    await asleep
    expect(clock.sleepers()).toBe(0)
  })
})

describe('fake ids', () => {
  it('are ULIDs that sort in the order they were made', () => {
    const ids = fakeIds()
    const made = Array.from({ length: 1_000 }, () => ids.ulid())
    expect([...made].sort()).toEqual(made)
    expect(new Set(made).size).toBe(1_000)
    expect(made.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true)
  })
})
