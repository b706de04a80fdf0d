/** Where an upload and the objects of its plan are kept in the object store. */
import type { CampaignId, Msisdn, PlanId, TenantId } from '../ids.ts'

/** The CSV of a campaign, where its upload form puts it. */
export const uploadKey = (tenant: TenantId, campaign: CampaignId): string =>
  `uploads/${tenant}/${campaign}.csv`

/** Batches of a page, one JSON plan line each. */
export const pageKey = (campaign: CampaignId, plan: PlanId, page: number): string =>
  `${planPrefix(campaign, plan)}/page-${pageDigits(page)}.jsonl`

/** How many parts each message of a page has: all that settling needs of it. */
export const shapeKey = (campaign: CampaignId, plan: PlanId, page: number): string =>
  `${planPrefix(campaign, plan)}/page-${pageDigits(page)}.shape.json`

/** The shard of the index that knows where this number is. Absent when no number of its shard is in the plan. */
export const indexKey = (campaign: CampaignId, plan: PlanId, msisdn: Msisdn): string =>
  indexShardKey(campaign, plan, shardOf(msisdn))

/** Lines `msisdn,page,batch,i`, ascending by number. */
export const indexShardKey = (campaign: CampaignId, plan: PlanId, shard: number): string =>
  `${planPrefix(campaign, plan)}/index/${String(shard).padStart(2, '0')}.csv`

/** Rows the check refused, to be repaired and uploaded again. */
export const invalidKey = (campaign: CampaignId, plan: PlanId): string =>
  `${planPrefix(campaign, plan)}/invalid.csv`

/** Rows whose number stands in an earlier row. */
export const duplicatesKey = (campaign: CampaignId, plan: PlanId): string =>
  `${planPrefix(campaign, plan)}/duplicates.csv`

/** Rows whose number is suppressed. */
export const suppressedKey = (campaign: CampaignId, plan: PlanId): string =>
  `${planPrefix(campaign, plan)}/suppressed.csv`

/** Template, rules and prices as they were when the check began, written first. */
export const settingKey = (campaign: CampaignId, plan: PlanId): string =>
  `${planPrefix(campaign, plan)}/setting.json`

/** What was suppressed when the check began, written first. */
export const suppressionKey = (campaign: CampaignId, plan: PlanId): string =>
  `${planPrefix(campaign, plan)}/suppression.json`

/** Written last: a plan without its manifest is not complete. */
export const manifestKey = (campaign: CampaignId, plan: PlanId): string =>
  `${planPrefix(campaign, plan)}/plan.json`

/** Rows of a campaign as CSV; there once it is complete. */
export const exportKey = (campaign: CampaignId, id: string): string => `exports/${campaign}/${id}.csv`

/** What the export is to hold; there from the moment it was asked for. */
export const exportRequestKey = (campaign: CampaignId, id: string): string => `exports/${campaign}/${id}.json`

/** Why an export cannot be written; there once that is known. */
export const exportProblemKey = (campaign: CampaignId, id: string): string =>
  `exports/${campaign}/${id}.problem.json`

/** Shards of the index, by the last two digits of the number: those are spread evenly in any list. */
export const INDEX_SHARDS = 100
export const shardOf = (msisdn: Msisdn): number => Number(msisdn) % INDEX_SHARDS

const planPrefix = (campaign: CampaignId, plan: PlanId): string => `plans/${campaign}/${plan}`
const pageDigits = (page: number): string => String(page).padStart(6, '0')
