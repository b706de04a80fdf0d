import { z } from 'zod'
import { CampaignId, PlanId, TenantId, Ulid } from '../ids.ts'
import { STATUSES } from '../ledger/summary.ts'

/** `jobs` queue: compile an upload into the plan with this id. The id comes with the job, so a retry writes the same keys. */
export const CompileJob = z.object({
  kind: z.literal('compile'),
  tenant: TenantId,
  campaign: CampaignId,
  plan: PlanId,
})
export type CompileJob = z.infer<typeof CompileJob>

/** `jobs` queue: read the upload of a suppression list, unless the list is no longer at this `rev`. */
export const LoadListJob = z.object({
  kind: z.literal('load-list'),
  tenant: TenantId,
  list: Ulid,
  rev: z.number().int(),
})
export type LoadListJob = z.infer<typeof LoadListJob>

/** `jobs` queue: write the rows of a campaign's plan, all or those of one status, as CSV. */
export const ExportJob = z.object({
  kind: z.literal('export'),
  tenant: TenantId,
  campaign: CampaignId,
  plan: PlanId,
  export: Ulid,
  status: z.enum(STATUSES).nullable(),
})
export type ExportJob = z.infer<typeof ExportJob>

/** Whatever the `jobs` queue holds. */
export const Job = z.discriminatedUnion('kind', [CompileJob, LoadListJob, ExportJob])
export type Job = z.infer<typeof Job>

/** `feed` queue: copy plan pages of a sending campaign to the dispatch queue. */
export const FeedJob = z.object({ kind: z.literal('feed'), tenant: TenantId, campaign: CampaignId })
export type FeedJob = z.infer<typeof FeedJob>

/** `settle` queue: pages with new facts, packed. */
export const SettleNotice = z.object({
  kind: z.literal('settle'),
  pages: z.array(z.object({ campaign: CampaignId, page: z.number().int().min(0) })).min(1),
})
export type SettleNotice = z.infer<typeof SettleNotice>

/** `inbound` queue: a mobile-originated message, as it came. */
export const InboundMessage = z.object({
  kind: z.literal('inbound'),
  route: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  dataCoding: z.number().int(),
  arrivedAt: z.number().int(),
})
export type InboundMessage = z.infer<typeof InboundMessage>

/** A message received as it is kept for the tenant it is for. */
export const InboundRecord = InboundMessage.extend({ id: z.string() })
export type InboundRecord = z.infer<typeof InboundRecord>
