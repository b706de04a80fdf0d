import { describe, expect, it } from 'vitest'
import { recover } from '../../bind-worker/intake/recover.ts'
import type { Claim, OutcomeRow, ReceiptRow, Slice } from '../../shared/ledger/facts.ts'
import { CAMPAIGN, OTHER_BOOT, planLine, TERMS } from './factories.ts'

const NOW = Date.UTC(2026, 10, 23, 6)

function claimBefore(reserved: string): Claim {
  return {
    campaign: CAMPAIGN,
    page: 0,
    batch: 0,
    state: 'held',
    owner: OTHER_BOOT,
    gen: 1,
    crashes: 0,
    leaseUntil: NOW - 60_000,
    reserved,
    lineHash: '',
    parked: null,
  }
}

const outcomes = (...rows: OutcomeRow[]): Slice => ({
  campaign: CAMPAIGN,
  page: 0,
  owner: OTHER_BOOT,
  n: 0,
  kind: 'outcomes',
  rows,
})
const receipts = (...rows: ReceiptRow[]): Slice => ({ ...outcomes(), kind: 'receipts', rows }) as Slice
const facts = (...slices: Slice[]) => ({ claims: [], slices })
const held = (parts: number[], policy: 'hold' | 'resend' = 'hold') => ({
  line: planLine(parts),
  launch: { ...TERMS, policy },
})
const nothing = { toSend: new Set(), maySecond: new Set(), outcomes: [] }

describe('taking over a batch', () => {
  it('sends what was never reserved', () => {
    const { toSend, outcomes } = recover(held([1, 1, 1]), claimBefore('100'), facts(), NOW)
    expect([...toSend]).toEqual([1, 2])
    expect(outcomes.map((row) => row[1])).toEqual([0])
  })

  it('leaves alone what has an outcome or a receipt', () => {
    const known = facts(
      outcomes([0, 0, 1, 1, 'accepted', 'a1', NOW, NOW]),
      receipts([0, 1, 1, 'b1', 'DELIVRD', '000', null, NOW]),
    )
    expect(recover(held([1, 1]), claimBefore('11'), known, NOW)).toEqual(nothing)
  })

  it('ends as unconfirmed what was reserved and has neither: it may have been sent', () => {
    const { toSend, outcomes } = recover(held([1]), claimBefore('1'), facts(), NOW)
    expect(toSend.size).toBe(0)
    expect(outcomes).toEqual([[0, 0, 1, 1, 'unconfirmed', '', NOW, NOW]])
  })

  it('ends only the parts nothing is known of', () => {
    const known = facts(outcomes([0, 0, 2, 3, 'accepted', 'x', NOW, NOW]))
    const rows = recover(held([3]), claimBefore('1'), known, NOW).outcomes
    expect(rows.map((row) => [row[2], row[4]])).toEqual([
      [1, 'unconfirmed'],
      [3, 'unconfirmed'],
    ])
  })

  it('takes an outcome for part 0 as one for every part', () => {
    const known = facts(outcomes([0, 0, 0, 3, 'cancelled', '', NOW, NOW]))
    expect(recover(held([3]), claimBefore('1'), known, NOW).outcomes).toEqual([])
  })

  it('never sends a message that has facts, whatever its bit says', () => {
    const known = facts(outcomes([0, 0, 1, 1, 'accepted', 'x', NOW, NOW]))
    expect(recover(held([1]), claimBefore('0'), known, NOW)).toEqual(nothing)
  })

  it('does not mistake another batch’s facts for its own', () => {
    const known = facts(outcomes([7, 0, 1, 1, 'accepted', 'x', NOW, NOW]))
    expect(recover(held([1]), claimBefore('1'), known, NOW).outcomes).toHaveLength(1)
  })
})

describe('taking over a batch of a campaign that resends', () => {
  it('sends again what was reserved and has neither outcome nor receipt, as what may be a second copy', () => {
    const { toSend, maySecond, outcomes } = recover(
      held([1, 2, 1], 'resend'),
      claimBefore('110'),
      facts(),
      NOW,
    )
    expect([...toSend]).toEqual([0, 1, 2])
    expect([...maySecond]).toEqual([0, 1])
    expect(outcomes).toEqual([])
  })

  it('does not take the mark of an earlier copy for an outcome', () => {
    const known = facts(outcomes([0, 0, 1, 1, 'resent', '', NOW, NOW]))
    expect([...recover(held([1], 'resend'), claimBefore('1'), known, NOW).maySecond]).toEqual([0])
  })

  it('never begins anew a message of which a part is known: all parts go over one bind', () => {
    const known = facts(outcomes([0, 0, 1, 2, 'accepted', 'x', NOW, NOW]))
    const { toSend, outcomes: rows } = recover(held([2], 'resend'), claimBefore('1'), known, NOW)
    expect(toSend.size).toBe(0)
    expect(rows.map((row) => [row[2], row[4]])).toEqual([[2, 'unconfirmed']])
  })

  it('leaves alone what an owner before gave up as unconfirmed', () => {
    const known = facts(outcomes([0, 0, 1, 1, 'unconfirmed', '', NOW, NOW]))
    expect(recover(held([1], 'resend'), claimBefore('1'), known, NOW)).toEqual(nothing)
  })
})
