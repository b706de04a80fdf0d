import { describe, expect, it } from 'vitest'
import { describeRun, runSeed } from './run-seed.ts'

/** Few, for every commit; `npm run test:chaos` runs as many as asked. */
const SEEDS = [3, 5, 6, 45]

describe('a platform whose parts fail at random moments', () => {
  it.each(SEEDS)('keeps its promises (seed %i)', { timeout: 60_000 }, async (seed) => {
    const result = await runSeed(seed)
    expect(result.violations, describeRun(result)).toEqual([])
    expect(result.counts.recipients).toBeGreaterThan(50)
  })
})
