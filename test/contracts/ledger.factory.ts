import type { BatchKey, BootId, CampaignId } from '../../shared/ids.ts'
import type { Slice, UnplacedReceipt } from '../../shared/ledger/facts.ts'
import { PageSummary } from '../../shared/ledger/summary.ts'
import type { ClaimAnswer, ClaimBid, Hold } from '../../shared/ports.ts'
import { fakeIds } from '../support/fake-random.ts'

export const NOW = Date.UTC(2026, 8, 1, 6)
export const LEASE_MS = 30_000
const GRACE_MS = 5_000
/** The first moment at which a lease taken at NOW may be taken over. */
export const ABANDONED = NOW + LEASE_MS + GRACE_MS + 1

const ids = fakeIds()
/** A campaign no other test knows: emulators are shared by all tests of a file. */
export const someCampaign = () => ids.ulid() as CampaignId
export const someOwner = () => ids.ulid() as BootId
export const someRoute = () => `route-${ids.ulid().toLowerCase()}`

export const batchOf = (campaign: CampaignId, batch = 0, page = 0): BatchKey => ({ campaign, page, batch })

export function bidFor(batch: BatchKey, changes: Partial<ClaimBid> = {}): ClaimBid {
  const now = changes.now ?? NOW
  return {
    ...batch,
    owner: someOwner(),
    lineHash: 'a'.repeat(64),
    now,
    leaseUntil: now + LEASE_MS,
    takeoverGraceMs: GRACE_MS,
    reserve: '0000',
    ...changes,
  }
}

/** The hold a granted answer gives; a test whose bid was refused fails here. */
export function holdOf(answer: ClaimAnswer): Hold {
  if (!answer.granted) throw new Error(`not granted: ${answer.why}`)
  const { campaign, page, batch, owner, gen } = answer.claim
  return { campaign, page, batch, owner, gen }
}

export const outcomes = (campaign: CampaignId, n: number, changes: Partial<Slice> = {}): Slice =>
  ({
    campaign,
    page: 0,
    owner: '01BOOT',
    n,
    kind: 'outcomes',
    rows: [[0, n, 1, 1, 'accepted', `id-${n}`, NOW, NOW + 40]],
    ...changes,
  }) as Slice

export const receipts = (campaign: CampaignId, n: number, changes: Partial<Slice> = {}): Slice =>
  ({
    campaign,
    page: 0,
    owner: '01BOOT',
    n,
    kind: 'receipts',
    rows: [[0, n, 1, `id-${n}`, 'DELIVRD', '000', NOW, NOW + 900]],
    ...changes,
  }) as Slice

export const unplaced = (
  route: string,
  idKey: string,
  changes: Partial<UnplacedReceipt> = {},
): UnplacedReceipt => ({
  route,
  idKey,
  class: 'd',
  id: idKey.toUpperCase(),
  stat: 'DELIVRD',
  err: '000',
  doneAt: null,
  arrivedAt: NOW,
  msisdn: '919876543210',
  header: 'DAKGHR',
  ...changes,
})

export const summary = (facts: number, changes: Partial<PageSummary> = {}): PageSummary =>
  PageSummary.parse({
    statuses: { sent: facts },
    reasons: {},
    latency: {},
    timeline: {},
    parked: [],
    segments: { planned: 100, accepted: facts, delivered: 0, unconfirmed: 0 },
    settled: false,
    facts,
    asOf: NOW,
    ...changes,
  })
