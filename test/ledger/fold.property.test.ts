import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutcomeKind, OutcomeRow, PageFacts, ReceiptRow, Slice } from '../../shared/ledger/facts.ts'
import { foldPage } from '../../shared/ledger/fold-page.ts'
import { STATUSES } from '../../shared/ledger/summary.ts'
import { BOOT, CAMPAIGN, claim, T0 } from './facts.factory.ts'

const SHAPE = {
  batches: [
    [1, 3, 2],
    [1, 1],
  ],
}
const RECIPIENTS = 5
const SEGMENTS = 8

const KINDS: OutcomeKind[] = [
  'accepted',
  'refused',
  'unconfirmed',
  'lapsed',
  'suppressed',
  'cancelled',
  'resent',
]
const STATS = [
  'DELIVRD',
  'UNDELIV',
  'EXPIRED',
  'REJECTD',
  'DELETED',
  'ENROUTE',
  'ACCEPTD',
  'UNKNOWN',
  'ODDWORD',
  'NO_RECEIPT',
]

const place = fc.constantFrom(
  ...SHAPE.batches.flatMap((messages, batch) =>
    messages.flatMap((parts, i) =>
      Array.from({ length: parts + 1 }, (_, part) => ({ batch, i, part, parts })),
    ),
  ),
)
const moment = fc.integer({ min: 0, max: 5 }).map((n) => T0 + n * 1_000)
const outcomeRow: fc.Arbitrary<OutcomeRow> = fc
  .tuple(place, fc.constantFrom(...KINDS), fc.constantFrom('1', '11', 'x'), moment, moment)
  .map(([p, kind, id, sub, at]) => [p.batch, p.i, p.part, p.parts, kind, id, sub, at])
const receiptRow: fc.Arbitrary<ReceiptRow> = fc
  .tuple(place, fc.constantFrom('1', '2'), fc.constantFrom(...STATS), fc.constantFrom('000', '069'), moment)
  .map(([p, id, stat, err, at]) => [p.batch, p.i, p.part, id, stat, err, null, at])

type Fact = { outcome: OutcomeRow } | { receipt: ReceiptRow }
const fact: fc.Arbitrary<Fact> = fc.oneof(
  outcomeRow.map((outcome) => ({ outcome })),
  receiptRow.map((receipt) => ({ receipt })),
)

/** Cuts facts into slices of several owners at the given places, as workers and takeovers would. */
function slice(facts: Fact[], cuts: number[]): Slice[] {
  const slices: Slice[] = []
  for (const [n, one] of facts.entries()) {
    const owner = `${BOOT.slice(0, -1)}${cuts[n % Math.max(1, cuts.length)] ?? 0}`
    const base = { campaign: CAMPAIGN, page: 0, owner, n }
    const last = slices.at(-1)
    const kind = 'outcome' in one ? 'outcomes' : 'receipts'
    if (last && last.kind === kind && last.owner === owner) {
      ;(last.rows as unknown[]).push('outcome' in one ? one.outcome : one.receipt)
    } else if ('outcome' in one) slices.push({ ...base, kind: 'outcomes', rows: [one.outcome] })
    else slices.push({ ...base, kind: 'receipts', rows: [one.receipt] })
  }
  return slices
}

/** What a reader of the report sees: everything but how many facts were read. */
function report(facts: PageFacts, receipts: 'part' | 'message') {
  const { facts: _seen, ...visible } = foldPage(SHAPE, facts, { receipts, asOf: T0 })
  return visible
}

const shuffles = fc.tuple(
  fc.array(fact, { maxLength: 40 }),
  fc.infiniteStream(fc.nat()),
  fc.array(fc.nat({ max: 9 }), { maxLength: 5 }),
  fc.constantFrom('part' as const, 'message' as const),
)

describe('foldPage', () => {
  it('gives the same report in any order, with any duplicates, in any slices of any workers', () => {
    fc.assert(
      fc.property(shuffles, ([facts, random, cuts, mode]) => {
        const plain = report({ claims: [], slices: slice(facts, [0]) }, mode)
        const twice = [...facts, ...facts.filter(() => random.next().value % 3 === 0)]
        const shuffled = twice
          .map((one) => ({ one, key: random.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one)
        expect(report({ claims: [], slices: slice(shuffled, cuts) }, mode)).toEqual(plain)
      }),
      { numRuns: 500 },
    )
  })

  it('counts every recipient once and every segment once', () => {
    fc.assert(
      fc.property(shuffles, ([facts, , cuts, mode]) => {
        const summary = report({ claims: [], slices: slice(facts, cuts) }, mode)
        const total = STATUSES.reduce((sum, status) => sum + (summary.statuses[status] ?? 0), 0)
        expect(total).toBe(RECIPIENTS)
        expect(summary.segments.planned).toBe(SEGMENTS)
        expect(summary.segments.accepted).toBeLessThanOrEqual(SEGMENTS)
      }),
    )
  })

  it('never takes a real final receipt back, whatever comes after', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 30 }), moment, (facts, at) => {
        const delivered: Fact = { receipt: [1, 0, 1, 'z', 'DELIVRD', '000', null, at] }
        const summary = report({ claims: [], slices: slice([delivered, ...facts], [0]) }, 'part')
        expect(summary.statuses.delivered ?? 0).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  it('sees more facts whenever a slice or a change of a claim is added', () => {
    const seen = (facts: PageFacts) => foldPage(SHAPE, facts, { receipts: 'part', asOf: T0 }).facts
    fc.assert(
      fc.property(fc.array(fact, { minLength: 1, maxLength: 20 }), (facts) => {
        const slices = slice(facts, [0])
        const fewer = { claims: [claim({ gen: 1 })], slices: slices.slice(0, -1) }
        expect(seen({ ...fewer, slices })).toBeGreaterThan(seen(fewer))
        expect(seen({ ...fewer, claims: [claim({ gen: 2 })] })).toBeGreaterThan(seen(fewer))
      }),
    )
  })
})
