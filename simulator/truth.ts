/** The truth: what an SMSC really received and reported. Tests compare what the platform says with this. */
import { decodeGsm7 } from '../shared/sms/gsm7.ts'
import { decodeUcs2 } from '../shared/sms/ucs2.ts'
import { reassemble } from './reassembly.ts'

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
  /** What its receipt says; null when none will come. */
  readonly stat: string | null
  readonly err: string
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
  | { kind: 'submit_sm'; record: SubmitRecord }
  | { kind: 'receipt_acked'; record: SubmitRecord; at: number }

/** Everything a run saw, in the order it came. */
export class TruthLog {
  readonly #tell: ((event: TruthEvent) => void) | null
  readonly records: SubmitRecord[] = []
  readonly #refused = new Map<number, number>()
  readonly #byStat = new Map<string, number>()
  /** Header, DLT ids, periods: a few values, repeated in every record. */
  readonly #interned = new Map<string, string>()
  #expected = 0
  #sent = 0
  #acked = 0
  #givenUp = 0
  #responded = 0
  #lost = 0
  #extraReceipts = 0
  readonly #faults = new Map<string, number>()

  constructor(tell: ((event: TruthEvent) => void) | null = null) {
    this.#tell = tell
  }

  accepted(record: SubmitRecord): void {
    this.records.push(record)
    this.#tell?.({ kind: 'submit_sm', record })
    if (record.stat !== null) this.#expected++
  }

  /** A message an earlier life accepted: not one of this log's, but its receipt is still to come. */
  owed(): void {
    this.#expected++
  }

  refused(status: number): void {
    this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1)
  }

  /** The answer to an accepted submit_sm is written. */
  responded(record: SubmitRecord): void {
    record.responded = true
    this.#responded++
  }

  lost(): void {
    this.#lost++
  }

  faultBit(kind: string, times = 1): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + times)
  }

  extraReceiptSent(): void {
    this.#extraReceipts++
  }

  receiptSent(record: SubmitRecord): void {
    record.receiptsSent++
    this.#sent++
  }

  /** Counts a message once, however often its receipt was acknowledged. */
  receiptAcked(record: SubmitRecord, at: number): void {
    if (record.receiptAckedAt !== null || record.stat === null) return
    record.receiptAckedAt = at
    this.#acked++
    this.#byStat.set(record.stat, (this.#byStat.get(record.stat) ?? 0) + 1)
    this.#tell?.({ kind: 'receipt_acked', record, at })
  }

  receiptGivenUp(): void {
    this.#givenUp++
  }

  /** The one copy of a text that is in many records. */
  intern(text: string): string {
    const known = this.#interned.get(text)
    if (known !== undefined) return known
    if (this.#interned.size < 10_000) this.#interned.set(text, text)
    return text
  }

  truth(): Truth & Mischief {
    const messages = { complete: 0, incomplete: 0, repeated: 0 }
    const seen = new Set<string>()
    for (const message of reassemble(this.records)) {
      if (!message.complete) {
        messages.incomplete++
        continue
      }
      messages.complete++
      const key = `${message.to} ${message.source} ${message.octets}`
      if (seen.has(key)) messages.repeated++
      seen.add(key)
    }
    return {
      submitted: this.records.length,
      refused: Object.fromEntries(this.#refused),
      receipts: {
        sent: this.#sent,
        acked: this.#acked,
        pending: this.#expected - this.#acked - this.#givenUp,
        givenUp: this.#givenUp,
      },
      byStat: Object.fromEntries(this.#byStat),
      messages,
      unanswered: this.records.length - this.#responded,
      lost: this.#lost,
      extraReceipts: this.#extraReceipts,
      faults: Object.fromEntries(this.#faults),
    }
  }
}
