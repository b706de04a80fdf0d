import { z } from 'zod'
import { LaunchTerms } from '../contracts/dispatch.ts'
import { Lane } from '../contracts/route.ts'
import { CampaignId, DltId, PlanId, PoolId, TenantId } from '../ids.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from './plan-size.ts'
import { UnicodeNumbers } from './unicode-tally.ts'

/** What each means, and what moves between them: `states.ts`. */
export const CampaignState = z.enum([
  'draft',
  'checking',
  'checked',
  'scheduled',
  'sending',
  'paused',
  'sent',
  'settled',
  'cancelled',
  'failed',
])
export type CampaignState = z.infer<typeof CampaignState>

/** How far a check has come. `bytesTotal` is the upload's size. */
export const Progress = z.object({
  bytes: z.number().int(),
  bytesTotal: z.number().int(),
  rows: z.number().int(),
})
export type Progress = z.infer<typeof Progress>

/** Which column is the number and which fill the template's variables; names are compared without case and spaces. */
export const ColumnMapping = z.object({
  to: z.string().min(1).optional(),
  /** One entry per variable of the template, in its order: the column that fills it. */
  variables: z.array(z.string().min(1)).optional(),
  /** Instead of `variables`: the column that holds the whole text, to be compared with the template. */
  text: z.string().min(1).optional(),
})
export type ColumnMapping = z.infer<typeof ColumnMapping>

/** The numbers of a check. rows = accepted + invalid + duplicates + suppressed. */
export const CheckNumbers = z.object({
  rows: z.number().int(),
  accepted: z.number().int(),
  invalid: z.number().int(),
  duplicates: z.number().int(),
  /** Checks that knew no suppression lists did not say. */
  suppressed: z.number().int().default(0),
  segments: z.number().int(),
  /** Recipients whose text needs UCS-2 (70/67 characters per part instead of 160/153). */
  unicode: z.number().int(),
  /** Recipients whose text takes more than one part. */
  long: z.number().int(),
  /** Refused rows by code. */
  reasons: z.record(z.string(), z.number().int()),
  costPaise: z.number(),
  samples: z.array(z.object({ to: z.string(), text: z.string(), segments: z.number().int() })).max(5),
  firstInvalid: z.array(z.object({ line: z.number().int(), code: z.string(), message: z.string() })).max(10),
  /** What the DLT rules warn of in the template, its header and its CTAs. */
  findings: z.array(z.object({ code: z.string(), message: z.string() })).default([]),
  /** Accepted rows that operators may refuse, by code, with the first of them. */
  warnings: z
    .record(
      z.string(),
      z.object({
        rows: z.number().int(),
        first: z.object({ line: z.number().int(), message: z.string() }),
      }),
    )
    .default({}),
  unicodeCost: UnicodeNumbers.nullable().default(null),
  /** The campaign that sent the same file with the same template in the 24 hours before the check. */
  repeats: CampaignId.nullable().default(null),
})
export type CheckNumbers = z.infer<typeof CheckNumbers>

/** A complete plan: what it holds and where its pages are. */
export const PlanSummary = z.object({
  id: PlanId,
  pages: z.number().int(),
  batches: z.number().int(),
  recipients: z.number().int(),
  segments: z.number().int(),
  /** SHA-256 of the upload, in hexadecimal. */
  fileHash: z.string().default(''),
  /** Recipients in each page: what a page without a summary still has queued. */
  recipientsPerPage: z.array(z.number().int()),
})
export type PlanSummary = z.infer<typeof PlanSummary>

export const RefusedPercent = z.number().min(0).max(100)
export const DEFAULT_REFUSED_PERCENT = 30

/** Some recipients who are sent to first; the others wait until it is seen how they fared. */
export const Canary = z.object({
  /** Rounded up to whole batches. */
  recipients: z
    .number()
    .int()
    .min(1)
    .max(PAGE_BATCHES * BATCH_RECIPIENTS),
  /** The campaign pauses itself when DLT refuses more than this of them. */
  maxRefusedPercent: RefusedPercent,
  /** How long receipts are waited for, once all have been sent; who has none by then is left out of the account. */
  waitMinutes: z
    .number()
    .min(1)
    .max(24 * 60),
})
export type Canary = z.infer<typeof Canary>

/** When a campaign under way pauses itself; see `guard.ts`. */
export const Guard = z.object({
  canary: Canary.nullable(),
  /** Set once the canary's batches were sent. */
  canarySent: z
    .object({
      batches: z.number().int(),
      recipients: z.number().int(),
      at: z.number().int(),
      /** When it was first seen that none of them was queued any more: from then on receipts are waited for. */
      allSentAt: z.number().int().nullable(),
      isJudged: z.boolean(),
    })
    .nullable(),
  /** Of what left lately, how much DLT may refuse; null never pauses. */
  pauseAtRefusedPercent: RefusedPercent.nullable(),
  /** Recipients that had ended at the last look, and that DLT had refused of them; null counts from the next look on. */
  seen: z.object({ ended: z.number().int(), refused: z.number().int() }).nullable(),
})
export type Guard = z.infer<typeof Guard>

export const NO_GUARD: Guard = {
  canary: null,
  canarySent: null,
  pauseAtRefusedPercent: DEFAULT_REFUSED_PERCENT,
  seen: { ended: 0, refused: 0 },
}

/** A campaign as the registry keeps it; times are epoch ms. */
export const CampaignRecord = z.object({
  tenant: TenantId,
  id: CampaignId,
  name: z.string().min(1).max(200),
  state: CampaignState,
  /** Grows with every update; an update names the one it saw. */
  rev: z.number().int(),
  templateId: DltId,
  /** Header and lane as the template had them when the campaign was created. */
  header: z.string(),
  lane: Lane,
  pool: PoolId,
  mapping: ColumnMapping,
  policy: z.enum(['hold', 'resend']),
  /** From the launch on; after them nothing is sent. */
  validityHours: z.number().positive().max(72),
  createdAt: z.number().int(),
  uploadKey: z.string(),
  /** Set while checking. */
  checking: z
    .object({
      plan: PlanId,
      startedAt: z.number().int(),
      thenLaunch: z.boolean(),
      allowRepeat: z.boolean().default(false),
    })
    .nullable(),
  progress: Progress.nullable(),
  numbers: CheckNumbers.nullable(),
  /** Set only when the plan is complete. */
  plan: PlanSummary.nullable(),
  /** The plan id under which the last check left its rejected rows, also when it accepted none. */
  rejects: PlanId.nullable().default(null),
  launch: z.object({ at: z.number().int(), terms: LaunchTerms }).nullable(),
  guard: Guard.default(NO_GUARD),
  /** The feeder's cursor. */
  feed: z.object({ nextPage: z.number().int(), fedAt: z.number().int().nullable() }),
  settledAt: z.number().int().nullable(),
  /** Why it failed, is paused or was sent back to draft. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** When the scheduler must look at it next; null when it need not. */
  dueAt: z.number().int().nullable(),
})
export type CampaignRecord = z.infer<typeof CampaignRecord>

/** Pages of which batches were fed: those before the cursor, and the first with its canary. */
export const pagesBegun = ({ feed, guard }: Pick<CampaignRecord, 'feed' | 'guard'>): number =>
  Math.max(feed.nextPage, guard.canarySent === null ? 0 : 1)

/** Enough of a campaign to find it again. */
export interface CampaignSummary {
  tenant: TenantId
  id: CampaignId
}
