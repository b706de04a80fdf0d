import { z } from 'zod'

/** The statuses a user sees for a recipient. */
export const STATUSES = [
  'queued',
  'sent',
  'delivered',
  'undelivered',
  'expired',
  'rejected',
  'refused',
  'unconfirmed',
  'no_receipt',
  'suppressed',
  'cancelled',
] as const
export type Status = (typeof STATUSES)[number]

/** Statuses that may still change without anybody acting: a page that has some is not settled. */
export const PENDING: ReadonlySet<Status> = new Set(['queued', 'sent'])

/** What `foldPage` says of a page; one small item per page, so the totals of a campaign are one Query. */
export const PageSummary = z.object({
  /** Recipients by status; absent means none. */
  statuses: z.partialRecord(z.enum(STATUSES), z.number().int()),
  /** `status|code` → recipients, for statuses that have a reason. */
  reasons: z.record(z.string(), z.number().int()),
  segments: z.object({
    planned: z.number().int(),
    accepted: z.number().int(),
    delivered: z.number().int(),
    /** Segments that were sent without ever getting a response. */
    unconfirmed: z.number().int(),
    /** Segments of which another copy was submitted (policy resend): subscribers may have them twice. */
    resent: z.number().int().default(0),
  }),
  /** Time from submit to final receipt of segments: bucket of `latencyBucket(ms)` → segments. */
  latency: z.record(z.string(), z.number().int()),
  /** Epoch minute → segments accepted in it. */
  timeline: z.record(z.string(), z.number().int()),
  parked: z.array(
    z.object({
      batch: z.number().int(),
      gen: z.number().int(),
      owner: z.string(),
      reason: z.string(),
      notBefore: z.number().int(),
    }),
  ),
  settled: z.boolean(),
  /** Rows and claim changes seen: a summary that saw more replaces one that saw fewer. */
  facts: z.number().int(),
  /** When it was folded. */
  asOf: z.number().int(),
  /** Lookups of pending ids among unplaced receipts done so far, and when the next is due. */
  lookups: z.number().int().default(0),
  nextLookupAt: z.number().int().nullable().default(null),
})
export type PageSummary = z.infer<typeof PageSummary>
