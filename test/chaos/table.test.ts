import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MUTATIONS } from '../mutations/mutations.ts'
import { withSection } from '../support/document-section.ts'
import { faultTable, promiseTable, summaryOf } from './table.ts'

const counts = {
  recipients: 9,
  accepted: 9,
  duplicates: 0,
  resent: 3,
  losses: 0,
  unconfirmed: 2,
  unconfirmedAccepted: 1,
}
const LINES = [
  { seed: 1, tookMs: 2_000, faults: ['kill', 'kill', 'cut'], broken: [], counts },
  { seed: 2, tookMs: 4_000, faults: ['cut'], broken: ['cancel obeyed' as const], counts },
]

describe('docs/reliability.md', () => {
  it('has the table of promises as it is generated', () => {
    const text = readFileSync('docs/reliability.md', 'utf8')
    expect(withSection(text, 'promises', promiseTable())).toBe(text)
  })

  it.each(MUTATIONS)('names a test that exists: $test.name', ({ test }) => {
    const source = readFileSync(test.file, 'utf8')
    // Names of tests that run once for each of a list are written with a place for what differs.
    const written = [test.name, test.name.replace('garbage', '%s')]
    expect(written.some((name) => source.includes(`'${name}`))).toBe(true)
  })
})

describe('the table of faults', () => {
  it('counts runs, faults and what they did', () => {
    const [, , any, cut, kill] = faultTable(LINES).split('\n')
    expect(any).toMatch(/^\| any \| 2 \| 4 \| 18 \| 0 \| 6 \| 0 \| 4 \| 2 \|/)
    expect(cut).toMatch(/^\| cut \| 2 \| 2 \| 18 \| 0 \| 6 \| 0 \| 4 \| 2 \|/)
    expect(kill).toMatch(/^\| kill \| 1 \| 2 \| 9 \| 0 \| 3 \| 0 \| 2 \| 1 \|/)
  })

  it('says how many runs broke a promise, and how long a seed takes', () => {
    expect(summaryOf(LINES)).toMatch(/^2 runs, seeds 1 to 2, 1 of them broke a promise\. A seed took 2\.0 s/)
  })
})
