import { reassemble } from './reassembly.ts'
import type { Mischief, ScrubVerdict, SubmitRecord, Truth, TruthEvent } from './truth.ts'

/** Everything a run saw, in the order it came. */
export class TruthLog {
  readonly #tell: ((event: TruthEvent) => void) | null
  readonly records: SubmitRecord[] = []
  /** Those the DLT check refused; by the answer, and they are not among `records`. */
  readonly refusedByScrub: SubmitRecord[] = []
  readonly #scrubbed = new Map<string, Truth['scrubbed'][number]>()
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

  /** The DLT check refused a message: all its parts that came. */
  scrubbed(parts: readonly SubmitRecord[], verdict: ScrubVerdict): void {
    const { reason, code } = verdict
    const count = this.#scrubbed.get(`${reason} ${code}`) ?? { reason, code, messages: 0, segments: 0 }
    this.#scrubbed.set(`${reason} ${code}`, count)
    count.messages++
    count.segments += parts.length
    for (const record of parts) {
      record.scrub = verdict
      this.refusedByScrub.push(record)
      this.#tell?.({ kind: 'scrubbed', record })
    }
  }

  /** What the receipt of an accepted message says instead; null: none comes. */
  reworded(record: SubmitRecord, stat: string | null, err: string): void {
    this.#expected += Number(stat !== null) - Number(record.stat !== null)
    record.stat = stat
    record.err = err
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
      scrubbed: [...this.#scrubbed.values()],
      byStat: Object.fromEntries(this.#byStat),
      messages,
      unanswered: this.records.length - this.#responded,
      lost: this.#lost,
      extraReceipts: this.#extraReceipts,
      faults: Object.fromEntries(this.#faults),
    }
  }
}
