import type { SubmitRecord } from './truth.ts'

/** What a test, or a fault in force, makes of one submit_sm. */
export interface SubmitRuling {
  /** Refuse with this command_status instead of accepting. */
  status?: number
  /** `response`: accept and report, but never answer. `message`: as if it had never come. */
  drop?: 'response' | 'message'
  /** Answer this much later. */
  delayMs?: number
  /** Hold the answer until so many of the bind wait, or that long, and give them in reverse. */
  reorder?: { window: number; holdMs: number }
  /** Report this word instead of what chance says; null reports nothing. */
  stat?: string | null
  /** Report this error code. */
  err?: string
  receipt?: ReceiptManners
}

/** How a message is reported on, beside the words. */
export interface ReceiptManners {
  /** The receipt is written before the answer. */
  early?: boolean
  /** Waits this much longer. */
  laterMs?: number
  /** Receipts after the first, each `gapMs` after the last. */
  copies?: { count: number; gapMs: number }
  /** Over another bind than the message came, while the account has one. */
  elsewhere?: boolean
  intermediate?: Intermediate
}

/** A notification that is not final: before the final receipt, or, as some gateways do, after it. */
export interface Intermediate {
  stat: string
  /** How it is labelled: esm_class 0x20, or 0x04 as if it were a receipt (SMPP 3.4 §5.2.12). */
  as: 'notification' | 'receipt'
  when: 'before' | 'after'
  gapMs: number
}

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing
export type SubmitHook = (record: Readonly<SubmitRecord>) => SubmitRuling | void
