/** How the simulator behaves all the time, without defaults: a scenario says some of it, `options.ts` the rest. */
import { z } from 'zod'
import { Latency, Milliseconds } from './faults/latency.ts'
import { Scrub } from './scrub/setting.ts'

/**
 * How message ids are written: 16 hexadecimal digits, or as many as there are, in either case; decimal, bare or padded
 * to 20; more than 64 bits of it; a UUID; or the same for every message, as careless gateways do.
 */
export const IdFormat = z.union([
  z.enum(['hex', 'short-hex', 'HEX', 'decimal', 'padded', 'wide', 'uuid']),
  z.strictObject({ constant: z.string().min(1).max(64) }),
])
export type IdFormat = z.infer<typeof IdFormat>

/** How receipts write an id: alike, in capitals, without leading zeros, or as a number in another notation. */
export const ReceiptIdFormat = z.enum([
  'same',
  'upper',
  'stripped',
  'hex',
  'short-hex',
  'HEX',
  'decimal',
  'padded',
])
export type ReceiptIdFormat = z.infer<typeof ReceiptIdFormat>

export const ReceiptStyle = z.enum(['text', 'tlv', 'both'])
export type ReceiptStyle = z.infer<typeof ReceiptStyle>

const Range = z
  .object({ min: Milliseconds, max: Milliseconds })
  .refine((range) => range.min <= range.max, { message: 'min must not exceed max' })

export const Settings = z.strictObject({
  /** Refuse submit_sm without a value in the TLVs of entity (0x1400) and template (0x1401), as operators do. */
  requireDlt: z.boolean(),
  /** Compare every message with a DLT registry and refuse what does not fit; null takes all. */
  scrub: Scrub.nullable(),
  responseDelayMs: Latency,
  receiptDelayMs: Range,
  /** The word of the receipt → its weight. */
  outcomes: z
    .record(z.string().min(1).max(20), z.number().min(0))
    .refine((weights) => Object.values(weights).some((weight) => weight > 0), {
      message: 'at least one outcome needs a weight above 0',
    }),
  /** Outcomes and receipt delays are a function of this, the destination and the text; so are the draws of faults. */
  seed: z.string(),
  /** How message ids are written in submit_sm_resp. */
  idFormat: IdFormat,
  /** How receipts write them: some gateways answer in hexadecimal and report in decimal. */
  receiptIdFormat: ReceiptIdFormat,
  /** The number the ids count from; null takes the clock, so that no two lives of the simulator share an id. */
  firstId: z.number().int().min(0).nullable(),
  /** Where receipts carry id and state: the text, the TLVs, or both. */
  receiptStyle: ReceiptStyle,
  /** A link silent for this long is asked; one that does not answer within the same time is closed. */
  enquireLinkSeconds: z.number().positive(),
  /** A connection that has not bound by then is closed. */
  sessionInitMs: Milliseconds,
  /** deliver_sm without an answer on one bind at any moment. */
  receiptWindow: z.number().int().min(1),
  /** A deliver_sm unanswered for this long is sent again. */
  receiptTimeoutMs: Milliseconds,
  /** Wait before a deliver_sm that was refused is sent again. */
  receiptRetryMs: Milliseconds,
  /** After so many tries a deliver_sm is given up. */
  receiptAttempts: z.number().int().min(1),
})
