import type { PduFields } from '../shared/smpp/codec.ts'
import type { Delivery } from './delivery-desk.ts'
import type { SimulatorOptions } from './options.ts'
import { receiptFields } from './receipt-pdu.ts'
import type { SubmitRecord, TruthLog } from './truth.ts'

/** A receipt on its way to the ESME. A class, because a run holds tens of thousands of them at once. */
export class ReceiptDelivery implements Delivery {
  attempts = 0
  readonly #record: SubmitRecord
  readonly #log: TruthLog
  readonly #style: SimulatorOptions['receiptStyle']

  constructor(record: SubmitRecord, log: TruthLog, style: SimulatorOptions['receiptStyle']) {
    this.#record = record
    this.#log = log
    this.#style = style
  }

  get preferredBind(): number {
    return this.#record.bind
  }

  fields(nowMs: number): PduFields {
    return receiptFields(this.#record, nowMs, this.#style)
  }

  sent(): void {
    this.#log.receiptSent(this.#record)
  }

  ended(acknowledged: boolean, nowMs: number): void {
    if (acknowledged) this.#log.receiptAcked(this.#record, nowMs)
    else this.#log.receiptGivenUp()
  }
}
