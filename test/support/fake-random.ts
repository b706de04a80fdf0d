import type { Ids, Random } from '../../shared/ports.ts'

/** Mulberry32: small, fast, good enough to shuffle with; the same seed gives the same test. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID_LENGTH = 26

/** ULIDs that count up from `first`: sortable in the order they were made, the same in every run. */
export function fakeIds(first = 1): Ids {
  let count = first
  return {
    ulid() {
      let text = ''
      for (let rest = count++; rest > 0; rest = Math.floor(rest / 32)) text = CROCKFORD[rest % 32] + text
      return `01${text.padStart(ULID_LENGTH - 2, '0')}`
    },
  }
}
