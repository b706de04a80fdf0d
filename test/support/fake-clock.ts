import { setImmediate as macrotask } from 'node:timers/promises'
import type { EpochMs } from '../../shared/ids.ts'
import type { Clock } from '../../shared/ports.ts'

export interface FakeClock extends Clock {
  /**
   * Moves time forward, waking sleepers in the order of their alarms; each wakes at its own moment and may go to
   * sleep again before the next one does.
   */
  advance(ms: number): Promise<void>
  /** Sleepers waiting now: lets a test wait until the code under test has come to rest. */
  sleepers(): number
}

interface Sleeper {
  at: EpochMs
  wake(): void
}

/** A clock that stands still until told: 2026-09-01T06:00:00Z, half past eleven in India, unless told otherwise. */
export function fakeClock(startMs: EpochMs = Date.UTC(2026, 8, 1, 6)): FakeClock {
  const sleepers = new Set<Sleeper>()
  let nowMs = startMs

  const nextDue = (byMs: EpochMs): Sleeper | undefined =>
    [...sleepers].filter((sleeper) => sleeper.at <= byMs).sort((a, b) => a.at - b.at)[0]

  return {
    now: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleepers: () => sleepers.size,

    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const sleeper: Sleeper = {
          at: nowMs + ms,
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake)
      })
    },

    async advance(ms) {
      const endMs = nowMs + ms
      await macrotask()
      for (let due = nextDue(endMs); due; due = nextDue(endMs)) {
        nowMs = Math.max(nowMs, due.at)
        due.wake()
        await macrotask()
      }
      nowMs = endMs
      await macrotask()
    },
  }
}
