import { performance } from 'node:perf_hooks'
import { monotonicFactory } from 'ulid'
import type { Clock, Ids, Random } from '../shared/ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep(ms, signal) {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      signal?.addEventListener('abort', wake)
    })
  },
}

export const systemRandom: Random = { next: () => Math.random() }

/** ULIDs that grow even within one millisecond of this process. */
export function systemIds(): Ids {
  const next = monotonicFactory()
  return { ulid: () => next() }
}
