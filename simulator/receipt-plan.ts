import type { Delivery } from './delivery-desk.ts'
import { ExtraReceipt, ReceiptDelivery } from './receipt-delivery.ts'
import type { ReceiptDialect } from './receipt-pdu.ts'
import type { ReceiptManners } from './submit-ruling.ts'
import type { SubmitRecord } from './truth.ts'
import type { TruthLog } from './truth-log.ts'

export interface PlannedDelivery {
  /** Milliseconds from the moment the message was accepted. */
  inMs: number
  delivery: Delivery
}

const PLAIN: ReceiptManners = {}

/** Every deliver_sm about one message; none when nothing is to be reported. */
export function planReceipts(
  record: SubmitRecord,
  delayMs: number,
  manners: ReceiptManners = PLAIN,
  { log, dialect }: { log: TruthLog; dialect: ReceiptDialect },
): PlannedDelivery[] {
  if (record.stat === null) return []
  const { early, laterMs = 0, copies, elsewhere = false, intermediate } = manners
  const finalMs = early ? 0 : delayMs + laterMs + (intermediate?.when === 'before' ? intermediate.gapMs : 0)
  const plan: PlannedDelivery[] = [
    { inMs: finalMs, delivery: new ReceiptDelivery(record, log, dialect, elsewhere) },
  ]
  const final = { stat: record.stat, err: record.err, as: 'receipt' } as const
  for (let n = 1; n <= (copies?.count ?? 0); n++) {
    plan.push({
      inMs: finalMs + n * copies!.gapMs,
      delivery: new ExtraReceipt(record, final, log, dialect),
    })
  }
  if (intermediate) {
    const { stat, as, when, gapMs } = intermediate
    const inMs = Math.max(0, when === 'before' ? finalMs - gapMs : finalMs + gapMs)
    plan.push({ inMs, delivery: new ExtraReceipt(record, { stat, err: '000', as }, log, dialect) })
  }
  return plan
}
