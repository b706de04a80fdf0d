/** The truth: what an SMSC really received and reported. Tests compare what the platform says with this. */
import { decodeGsm7 } from '../shared/sms/gsm7.ts'
import { decodeUcs2 } from '../shared/sms/ucs2.ts'
import type { ScrubReason } from './scrub/codes.ts'

/** Why the SMSC's DLT check refused a message. */
export interface ScrubVerdict {
  readonly reason: ScrubReason
  /** As the ledger writes it: `err:633` by a receipt, `smpp:69` by the answer. */
  readonly code: string
  /** What is wrong with this message. */
  readonly says: string
}

/** One accepted submit_sm. Kept small: a run takes hundreds of thousands. */
export interface SubmitRecord {
  readonly messageId: string
  /** The id its receipts carry; another spelling of `messageId` on request. */
  readonly receiptId: string
  readonly systemId: string
  /** Number of the connection it came over, from 1. */
  readonly bind: number
  readonly at: number
  readonly source: string
  readonly to: string
  readonly dataCoding: number
  readonly esmClass: number
  readonly ref: number | null
  readonly total: number
  readonly part: number
  /** The text's octets as latin-1, without user data header; `textOf` reads them. */
  readonly octets: string
  readonly entityId: string | null
  readonly templateId: string | null
  /** Telemarketer ids or the hash of the chain. */
  readonly chain: string | null
  readonly validityPeriod: string
  readonly registeredDelivery: number
  /** What its receipt says; null when none will come. A scrub may change it until the first is written. */
  stat: string | null
  err: string
  /** Null when it passed, when there is no scrub, and while parts of its message are missing. */
  scrub: ScrubVerdict | null
  /** Whether its answer was written to an open connection; whether the peer read it nobody here knows. */
  responded: boolean
  receiptsSent: number
  receiptAckedAt: number | null
}

/** The text of one part, read by its data_coding: 8 UCS-2, 3 latin-1, anything else GSM 03.38 unpacked. */
export function textOf(record: Pick<SubmitRecord, 'octets' | 'dataCoding'>): string {
  if (record.dataCoding === 3) return record.octets
  const octets = Buffer.from(record.octets, 'latin1')
  return record.dataCoding === 8 ? decodeUcs2(octets) : decodeGsm7(octets)
}

export interface Truth {
  /** submit_sm accepted with ESME_ROK. */
  submitted: number
  /** submit_sm refused, by command_status in decimal. */
  refused: Record<string, number>
  receipts: {
    /** deliver_sm written, those sent again included. */
    sent: number
    /** Messages whose receipt was acknowledged with ESME_ROK. */
    acked: number
    /** Messages whose receipt is still to come. */
    pending: number
    /** Messages whose receipt was given up after too many tries. */
    givenUp: number
  }
  /** Messages the DLT check refused, by reason and code. */
  scrubbed: (Pick<ScrubVerdict, 'reason' | 'code'> & { messages: number; segments: number })[]
  /** Receipts acknowledged, by their word. */
  byStat: Record<string, number>
  messages: {
    /** Messages of which every part came. */
    complete: number
    incomplete: number
    /** Complete messages that are the same text to the same number from the same header as an earlier one. */
    repeated: number
  }
}

/** What went wrong on purpose, beside what came of it. */
export interface Mischief {
  /** submit_sm accepted that were not answered, so far or ever: they count as `submitted`. */
  unanswered: number
  /** submit_sm thrown away unread: neither accepted nor refused. */
  lost: number
  /** deliver_sm written that settle nothing: notifications, copies, receipts for ids nobody was given. */
  extraReceipts: number
  /** How often each kind of fault bit. */
  faults: Record<string, number>
}

/** What the log tells as it happens, for a file. */
export type TruthEvent =
  | { kind: 'submit_sm' | 'scrubbed'; record: SubmitRecord }
  | { kind: 'receipt_acked'; record: SubmitRecord; at: number }
