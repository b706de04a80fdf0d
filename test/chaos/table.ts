/**
 * `npm run docs:reliability -- FILE…`: writes the tables of `docs/reliability.md` that are generated. From what `main.ts
 * --out` collected: what each kind of fault did. From `test/mutations/`: promise, mechanism, test, mutation.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { MUTATIONS } from '../mutations/mutations.ts'
import { markdownTable, withSection } from '../support/document-section.ts'
import { INVARIANTS, type Invariant } from './invariants.ts'
import type { RunResult } from './run-seed.ts'

/** A line that `main.ts --out` writes. */
interface Line {
  seed: number
  tookMs: number
  faults: string[]
  broken: Invariant[]
  counts: RunResult['counts']
}

const DOCUMENT = 'docs/reliability.md'
const ANY = 'any'

export function promiseTable(): string {
  const rows = MUTATIONS.map(({ promise, mechanism, test, change }) => [
    promise,
    mechanism,
    `\`${test.file}\`: ${test.name}`,
    `\`${change.file}\`: ${change.inWords}`,
  ])
  return markdownTable(['promise', 'mechanism', 'test', 'mutation that makes it fail'], rows)
}

export function faultTable(lines: readonly Line[]): string {
  const names = [...new Set(lines.flatMap(({ faults }) => faults))].sort()
  const rows = [ANY, ...names].map((name) => {
    const runs = name === ANY ? lines : lines.filter(({ faults }) => faults.includes(name))
    const times = name === ANY ? sum(runs, ({ faults }) => faults.length) : occurrences(runs, name)
    const total = (of: keyof Line['counts']) => String(sum(runs, ({ counts }) => counts[of]))
    const broken = INVARIANTS.map((invariant) => count(runs, ({ broken }) => broken.includes(invariant)))
    return [
      ...[name, String(runs.length), String(times), total('accepted'), total('duplicates'), total('resent')],
      ...[total('losses'), total('unconfirmed'), total('unconfirmedAccepted'), ...broken.map(String)],
    ]
  })
  const head = [
    'fault',
    'runs',
    'times',
    'segments accepted',
    'duplicates',
    'resent',
    'losses',
    'unconfirmed',
    'of them accepted',
  ]
  return markdownTable([...head, ...INVARIANTS], rows)
}

export function summaryOf(lines: readonly Line[]): string {
  const took = lines.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  const seconds = (share: number) => ((took[Math.floor(share * (took.length - 1))] ?? 0) / 1_000).toFixed(1)
  const seeds = lines.map(({ seed }) => seed)
  const broken = count(lines, ({ broken }) => broken.length > 0)
  return (
    `${lines.length} runs, seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}, ${broken} of them broke a promise. ` +
    `A seed took ${seconds(0.5)} s (median), ${seconds(0.95)} s (p95), ${seconds(1)} s (longest) on two cores. ` +
    `The last ${INVARIANTS.length} columns count the runs that broke an invariant.`
  )
}

const sum = <T>(of: readonly T[], value: (one: T) => number): number =>
  of.reduce((total, one) => total + value(one), 0)
const count = <T>(of: readonly T[], test: (one: T) => boolean): number => of.filter(test).length
const occurrences = (runs: readonly Line[], name: string): number =>
  sum(runs, ({ faults }) => count(faults, (fault) => fault === name))

if (import.meta.main) {
  const lines: Line[] = process.argv
    .slice(2)
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  let text = withSection(readFileSync(DOCUMENT, 'utf8'), 'promises', promiseTable())
  if (lines.length > 0) text = withSection(text, 'faults', `${summaryOf(lines)}\n\n${faultTable(lines)}`)
  writeFileSync(DOCUMENT, text)
}
