import { z } from 'zod'
import { CampaignId, DltId, Msisdn, PlanId } from '../ids.ts'
import { Lane } from './route.ts'

/** One message of a batch: `i` is its index in the batch, `parts` the texts of its segments, cut, without UDH. */
export const PlannedMessage = z.object({
  i: z.number().int().min(0).max(99),
  to: Msisdn,
  /** SMPP data_coding: 0 GSM 03.38 default alphabet, 8 UCS-2 (SMPP 3.4 §5.2.19). */
  dc: z.union([z.literal(0), z.literal(8)]),
  parts: z.array(z.string()).min(1).max(255),
})
export type PlannedMessage = z.infer<typeof PlannedMessage>

/** One line of a plan page: a batch of at most 100 recipients, immutable once the plan is set. */
export const PlanLine = z.object({
  v: z.literal(1),
  campaign: CampaignId,
  plan: PlanId,
  page: z.number().int().min(0),
  batch: z.number().int().min(0).max(49),
  lane: Lane,
  header: z.string().min(1).max(20),
  entity: DltId,
  template: DltId,
  messages: z.array(PlannedMessage).min(1).max(100),
})
export type PlanLine = z.infer<typeof PlanLine>

/** What a launch decides for every batch of the campaign. */
export const LaunchTerms = z.object({
  /** After this nothing is sent, and validity_period on the wire ends (epoch ms). */
  expiresAt: z.number().int(),
  /** Sending hours as minutes of the day in Asia/Kolkata, or null for round the clock. */
  hours: z.object({ fromMinute: z.number().int(), toMinute: z.number().int() }).nullable(),
  /** A segment sent without a response: `hold` never sends it again, `resend` does a few times, and counts it. */
  policy: z.enum(['hold', 'resend']),
})
export type LaunchTerms = z.infer<typeof LaunchTerms>

/** What an SQS body of a dispatch queue holds. */
export interface DispatchBatch {
  launch: LaunchTerms
  /** Indexes of messages suppressed after the plan was made. */
  skip: number[]
  line: PlanLine
  /** The exact text of the line: what the claim's hash covers. */
  rawLine: string
}

/** One billed request: SQS bills per 64 KB chunk. */
const MAX_BODY_BYTES = 60 * 1024
/** What the envelope around a line may take: launch terms and a full skip list. */
const ENVELOPE_BYTES = 600
/** Longest line of a plan, in bytes of UTF-8. */
export const MAX_LINE_BYTES = MAX_BODY_BYTES - ENVELOPE_BYTES

const LINE_KEY = ',"line":'
const Envelope = z.object({
  launch: LaunchTerms,
  skip: z.array(z.number().int().min(0).max(99)),
  line: PlanLine,
})

/**
 * The SQS body of a plan line. The line is spliced in as it stands in the plan, never re-serialised, so its hash is
 * the same wherever it travels.
 */
export function dispatchBody(launch: LaunchTerms, skip: readonly number[], rawLine: string): string {
  return `{"launch":${JSON.stringify(launch)},"skip":${JSON.stringify(skip)}${LINE_KEY}${rawLine}}`
}

/**
 * Reads an SQS body. Nothing before the line can contain the key that introduces it, as launch terms and skip hold
 * no text of a caller.
 * @throws ZodError or SyntaxError when the body is not a dispatch batch: poison, for the dead-letter queue.
 */
export function parseDispatchBody(body: string): DispatchBatch {
  const start = body.indexOf(LINE_KEY)
  const parsed = Envelope.parse(JSON.parse(body))
  return { ...parsed, rawLine: body.slice(start + LINE_KEY.length, -1) }
}
