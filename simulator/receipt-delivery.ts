import type { PduFields } from '../shared/smpp/codec.ts'
import type { Delivery } from './delivery-desk.ts'
import { type ReceiptDialect, type Report, receiptFields } from './receipt-pdu.ts'
import type { SubmitRecord } from './truth.ts'
import type { TruthLog } from './truth-log.ts'

/** A receipt on its way to the ESME. A class, because a run holds tens of thousands of them at once. */
export class ReceiptDelivery implements Delivery {
  attempts = 0
  readonly #record: SubmitRecord
  readonly #log: TruthLog
  readonly #dialect: ReceiptDialect
  readonly #elsewhere: boolean

  constructor(record: SubmitRecord, log: TruthLog, dialect: ReceiptDialect, elsewhere: boolean) {
    this.#record = record
    this.#log = log
    this.#dialect = dialect
    this.#elsewhere = elsewhere
  }

  get preferredBind(): number | null {
    return this.#elsewhere ? null : this.#record.bind
  }

  get avoidedBind(): number | null {
    return this.#elsewhere ? this.#record.bind : null
  }

  fields(nowMs: number): PduFields {
    const { stat, err } = this.#record
    return receiptFields(this.#record, { stat: stat ?? 'UNKNOWN', err, as: 'receipt' }, nowMs, this.#dialect)
  }

  sent(): void {
    this.#log.receiptSent(this.#record)
  }

  ended(acknowledged: boolean, nowMs: number): void {
    if (acknowledged) this.#log.receiptAcked(this.#record, nowMs)
    else this.#log.receiptGivenUp()
  }
}

type Reported = Parameters<typeof receiptFields>[0] & { readonly bind?: number }

/** A deliver_sm about a message that settles nothing: a notification, a copy, a report on what never was. */
export class ExtraReceipt implements Delivery {
  attempts = 0
  readonly #reported: Reported
  readonly #report: Report
  readonly #log: TruthLog
  readonly #dialect: ReceiptDialect

  constructor(reported: Reported, report: Report, log: TruthLog, dialect: ReceiptDialect) {
    this.#reported = reported
    this.#report = report
    this.#log = log
    this.#dialect = dialect
  }

  get preferredBind(): number | null {
    return this.#reported.bind ?? null
  }

  get avoidedBind(): null {
    return null
  }

  fields(nowMs: number): PduFields {
    return receiptFields(this.#reported, this.#report, nowMs, this.#dialect)
  }

  sent(): void {
    this.#log.extraReceiptSent()
  }

  ended(): void {}
}
