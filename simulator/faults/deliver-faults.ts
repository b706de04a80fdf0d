/**
 * Faults of receipts, and messages nobody asked for. They bite on messages accepted while the fault lasts, whenever
 * their receipts come; `orphan-receipts` and `mo` happen at once.
 */
import { z } from 'zod'
import { IdFormat, ReceiptIdFormat, ReceiptStyle } from '../settings.ts'
import type { SubmitRuling } from '../submit-ruling.ts'
import { CHANCE, type Dice } from './chance.ts'
import { DLT_FAMILIES, DLT_FAMILY_NAMES, type DltFamily } from './dlt-codes.ts'
import { Milliseconds } from './latency.ts'
import type { Random } from './random.ts'
import type { SubmitRule } from './submit-faults.ts'

/** How receipts are written: no chance here, a gateway has one dialect at a time. All last. */
export const DialectFault = z.discriminatedUnion('fault', [
  /** Message ids as another gateway writes them. */
  z.strictObject({
    fault: z.literal('ids'),
    response: IdFormat.optional(),
    receipt: ReceiptIdFormat.optional(),
  }),
  /** Id and state in the TLVs only, in the text only, or both. */
  z.strictObject({ fault: z.literal('receipt-style'), style: ReceiptStyle }),
  /** The text in message_payload, short_message empty (SMPP 3.4 §5.3.2.32). */
  z.strictObject({ fault: z.literal('receipt-payload') }),
  /** Octets in one alphabet, data_coding of another: ASCII labelled UCS-2 (8) unless told. */
  z.strictObject({
    fault: z.literal('receipt-coding'),
    octets: z.enum(['ascii', 'ucs2']).default('ascii'),
    label: z.number().int().min(0).max(255).default(8),
  }),
  /** Dates a month early (January is 00), in another zone (India's +330 unless told), or with seconds. */
  z.strictObject({
    fault: z.literal('receipt-dates'),
    monthEarly: z.boolean().default(false),
    zoneMinutes: z.number().int().min(-720).max(840).default(330),
    seconds: z.boolean().default(false),
  }),
])
export type DialectFault = z.infer<typeof DialectFault>

/** What single messages meet. All last. */
export const ReceiptFault = z.discriminatedUnion('fault', [
  /** A notification that is not final, before or after the final receipt. */
  z.strictObject({
    fault: z.literal('intermediate'),
    stat: z.string().min(1).max(20).default('ENROUTE'),
    as: z.enum(['notification', 'receipt']).default('notification'),
    when: z.enum(['before', 'after']).default('before'),
    gapMs: Milliseconds.default(20),
    ...CHANCE,
  }),
  /** The same receipt again. */
  z.strictObject({
    fault: z.literal('duplicate-receipts'),
    count: z.number().int().min(1).max(100).default(1),
    gapMs: Milliseconds.default(20),
    ...CHANCE,
  }),
  /** Receipts wait up to `withinMs` longer, each its own while: out of order. */
  z.strictObject({ fault: z.literal('shuffle-receipts'), withinMs: Milliseconds.default(500), ...CHANCE }),
  /** The receipt first, the answer to the submit_sm `responseAfterMs` later. */
  z.strictObject({
    fault: z.literal('early-receipts'),
    responseAfterMs: Milliseconds.default(100),
    ...CHANCE,
  }),
  /** Over another bind of the account than the message came, while there is one. */
  z.strictObject({ fault: z.literal('receipts-elsewhere'), ...CHANCE }),
  /** Never reports. */
  z.strictObject({ fault: z.literal('no-receipts'), ...CHANCE }),
  /** Of a message of several parts, reports on the first only. */
  z.strictObject({ fault: z.literal('first-part-only'), ...CHANCE }),
  /** UNDELIV or REJECTD with a scrubbing error of one family of codes, or of any (facts A9). */
  z.strictObject({
    fault: z.literal('dlt-errors'),
    family: z.enum([...DLT_FAMILY_NAMES, 'any']).default('any'),
    stat: z.enum(['UNDELIV', 'REJECTD', 'any']).default('any'),
    ...CHANCE,
  }),
])
export type ReceiptFault = z.infer<typeof ReceiptFault>

/** Deliveries out of nowhere. They happen at once, again with every `every`. */
export const DeliveryStrike = z.discriminatedUnion('fault', [
  /** Receipts for ids nobody was given: DELIVRD, to an Indian number. */
  z.strictObject({
    fault: z.literal('orphan-receipts'),
    count: z.number().int().min(1).max(100_000).default(1),
    systemId: z.string().optional(),
  }),
  /** Messages of subscribers; many of them are a storm. */
  z.strictObject({
    fault: z.literal('mo'),
    count: z.number().int().min(1).max(100_000).default(1),
    from: z.string().max(20).default('919876543210'),
    to: z.string().max(20).default('56767'),
    text: z.string().max(10_000).default('STOP'),
    systemId: z.string().optional(),
  }),
])
export type DeliveryStrike = z.infer<typeof DeliveryStrike>

/** Bits 1 and 0 of registered_delivery: whether any receipt was asked for (SMPP 3.4 §5.2.17). */
const RECEIPT_BITS = 3

export function receiptRule(fault: ReceiptFault, strikes: Dice, random: Random): SubmitRule {
  const rulingOf = receiptRuling(fault, random)
  return (record) => {
    if ((record.registeredDelivery & RECEIPT_BITS) === 0) return null
    if (fault.fault === 'first-part-only' && record.part === 1) return null
    return strikes(record) ? rulingOf() : null
  }
}

function receiptRuling(fault: ReceiptFault, random: Random): () => SubmitRuling {
  switch (fault.fault) {
    case 'intermediate': {
      const { stat, as, when, gapMs } = fault
      return () => ({ receipt: { intermediate: { stat, as, when, gapMs } } })
    }
    case 'duplicate-receipts':
      return () => ({ receipt: { copies: { count: fault.count, gapMs: fault.gapMs } } })
    case 'shuffle-receipts':
      return () => ({ receipt: { laterMs: fault.withinMs * random() } })
    case 'early-receipts':
      return () => ({ delayMs: fault.responseAfterMs, receipt: { early: true } })
    case 'receipts-elsewhere':
      return () => ({ receipt: { elsewhere: true } })
    case 'no-receipts':
    case 'first-part-only':
      return () => ({ stat: null })
    case 'dlt-errors':
      return () => dltError(fault.family, fault.stat, random)
  }
}

function dltError(family: DltFamily | 'any', stat: string, random: Random): SubmitRuling {
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  return {
    stat: stat === 'any' ? oneOf(['UNDELIV', 'REJECTD']) : stat,
    err: oneOf<string>(DLT_FAMILIES[family === 'any' ? oneOf(DLT_FAMILY_NAMES) : family]),
  }
}
