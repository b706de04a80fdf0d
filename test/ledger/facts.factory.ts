import type { BootId, CampaignId } from '../../shared/ids.ts'
import type { Claim, OutcomeKind, OutcomeRow, ReceiptRow, Slice } from '../../shared/ledger/facts.ts'

export const CAMPAIGN = '01JZZZZZZZZZZZZZZZZZZZZZZZ' as CampaignId
export const BOOT = '01JBBBBBBBBBBBBBBBBBBBBBBB' as BootId
export const T0 = Date.UTC(2026, 10, 23, 6, 0, 0)

/** An outcome of part 1 of 1 of message 0 in batch 0, unless told otherwise. */
export function outcome(
  kind: OutcomeKind,
  over: {
    batch?: number
    i?: number
    part?: number
    parts?: number
    id?: string
    sub?: number
    at?: number
  } = {},
): OutcomeRow {
  const { batch = 0, i = 0, part = 1, parts = 1, id = '', sub = T0, at = T0 + 20 } = over
  return [batch, i, part, parts, kind, id, sub, at]
}

/** A receipt for the same message, arriving a second after it was submitted. */
export function receipt(
  stat: string,
  over: { batch?: number; i?: number; part?: number; id?: string; err?: string; at?: number } = {},
): ReceiptRow {
  const { batch = 0, i = 0, part = 1, id = 'm1', err = '000', at = T0 + 1_000 } = over
  return [batch, i, part, id, stat, err, null, at]
}

export function outcomes(...rows: OutcomeRow[]): Slice {
  return { campaign: CAMPAIGN, page: 0, owner: BOOT, n: 0, kind: 'outcomes', rows }
}

export function receipts(...rows: ReceiptRow[]): Slice {
  return { campaign: CAMPAIGN, page: 0, owner: BOOT, n: 0, kind: 'receipts', rows }
}

export function claim(over: Partial<Claim> = {}): Claim {
  return {
    campaign: CAMPAIGN,
    page: 0,
    batch: 0,
    state: 'held',
    owner: BOOT,
    gen: 1,
    crashes: 0,
    leaseUntil: T0 + 30_000,
    reserved: '1',
    lineHash: 'a'.repeat(64),
    parked: null,
    ...over,
  }
}
