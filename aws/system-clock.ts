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
  const next = monotonicFactory(pooledChance())
  return { ulid: () => next() }
}

/** Octets drawn at a time: asking the system for each of the sixteen in a ULID is most of what a ULID costs. */
const POOL_OCTETS = 1_024

/** Unpredictable numbers in [0, 1), one octet each, as the package's own source gives them. */
function pooledChance(): () => number {
  const pool = new Uint8Array(POOL_OCTETS)
  let at = POOL_OCTETS
  return () => {
    if (at === POOL_OCTETS) {
      crypto.getRandomValues(pool)
      at = 0
    }
    return pool[at++]! / 256
  }
}
