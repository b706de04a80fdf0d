/** A number in [0, 1), the next of a series. */
export type Random = () => number

/** The series of a seed, the same in every run: xorshift32 over the seed's FNV-1a hash, finished with a multiplication. */
export function seededRandom(seed: string): Random {
  let state = 0x811c_9dc5
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x0100_0193)
  if (state === 0) state = 1 // the one state xorshift never leaves
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (Math.imul(state, 0x9e37_79b1) >>> 0) / 2 ** 32
  }
}
