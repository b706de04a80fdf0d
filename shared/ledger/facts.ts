import type { BatchKey, BootId, CampaignId, EpochMs, Msisdn } from '../ids.ts'

/**
 * The facts a worker appends and nobody updates. They are rows of short arrays because one campaign of a million
 * recipients writes two million of them; the names of the columns are the labels below.
 */

/**
 * What became of a segment at submit.
 * `accepted` carries the message id of submit_sm_resp, `refused` the command_status in decimal or a word of ours
 * (`multipart_cut`), `unconfirmed` nothing (sent, no response), `lapsed` nothing (not sent before its expiry),
 * `suppressed` and `cancelled` the reason. `resent` decides nothing: it says that another copy was submitted of what
 * may have been sent (policy resend).
 */
export type OutcomeKind =
  | 'accepted'
  | 'refused'
  | 'unconfirmed'
  | 'lapsed'
  | 'suppressed'
  | 'cancelled'
  | 'resent'

/** `part` is 1-based as in the UDH; 0 stands for every part of the message. */
export type OutcomeRow = readonly [
  batch: number,
  i: number,
  part: number,
  parts: number,
  kind: OutcomeKind,
  idOrStatus: string,
  submittedAt: EpochMs,
  at: EpochMs,
]

/** What deliver_sm said about a segment. `stat` is the word as it came, or `NO_RECEIPT` from the scheduler. */
export type ReceiptRow = readonly [
  batch: number,
  i: number,
  part: number,
  id: string,
  stat: string,
  err: string,
  doneAt: EpochMs | null,
  arrivedAt: EpochMs,
]

/** The stat of the fact that says: we stopped waiting. Ranks below every real receipt. */
export const NO_RECEIPT = 'NO_RECEIPT'

/**
 * One item of the ledger: rows of one page, written once and never changed. `owner` is the boot that wrote it, or
 * `R#route` for receipts the settler placed; `n` counts the owner's slices of that page.
 */
export type Slice = { campaign: CampaignId; page: number; owner: string; n: number } & (
  | { kind: 'outcomes'; rows: readonly OutcomeRow[] }
  | { kind: 'receipts'; rows: readonly ReceiptRow[] }
)

export type ParkReason = 'paused' | 'hours' | 'retry' | 'route'

/** Who may send a batch now, and what may already have been written to the wire. */
export interface Claim extends BatchKey {
  state: 'held' | 'parked' | 'queued' | 'finished'
  owner: BootId
  /** Grows by one with every change of state or owner; an update names the one it saw. */
  gen: number
  /** Takeovers of expired leases: five make the batch poison. */
  crashes: number
  leaseUntil: EpochMs
  /** One character per message of the batch: `1` when it may have been written to a socket. */
  reserved: string
  /** SHA-256 (hex) of the plan line: a copy with another body is not this batch. */
  lineHash: string
  parked: { reason: ParkReason; notBefore: EpochMs } | null
}

/** Everything known about a page. */
export interface PageFacts {
  claims: Claim[]
  slices: Slice[]
}

/** Class of a receipt kept aside: delivered, failed, or interim and UNKNOWN. */
export type UnplacedClass = 'd' | 'f' | 'i'

/** A receipt whose message the worker that got it does not remember. Kept under the route and the id. */
export interface UnplacedReceipt {
  route: string
  idKey: string
  class: UnplacedClass
  /** The id as it came. */
  id: string
  stat: string
  err: string
  doneAt: EpochMs | null
  arrivedAt: EpochMs
  /** Whose handset, and which sender header it was addressed back to. */
  msisdn: Msisdn | string
  header: string
}
