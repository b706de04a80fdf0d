import { CampaignRecord, type CampaignSummary, Progress } from '../shared/campaign/record.ts'
import { DUE_INDEX } from '../shared/contracts/wiring.ts'
import { CampaignId, TenantId } from '../shared/ids.ts'
import { docOf, type Item, type Key, key, number, text, textOf } from './items.ts'

/**
 * The due index spreads over several partitions, so that a thousand campaigns due in one minute are not one hot key;
 * a reader asks them all.
 */
export const DUE_BUCKETS: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7']

const TENANT = 'T#'
/** What the sort keys of campaigns begin with. */
export const CAMPAIGN_SK = 'CAMPAIGN#'

export const tenantPk = (tenant: TenantId): string => `${TENANT}${tenant}`
export const campaignKey = (tenant: TenantId, id: string): Key => key(tenantPk(tenant), `${CAMPAIGN_SK}${id}`)

/**
 * The record as one document, beside it what conditions look at and what a check notes without touching the
 * document: `progress`, valid while `checkingPlan` is the plan it was noted for.
 */
export function campaignItem(campaign: CampaignRecord): Item {
  const { progress, ...doc } = campaign
  return {
    ...campaignKey(campaign.tenant, campaign.id),
    rev: number(campaign.rev),
    doc: text(JSON.stringify({ ...doc, progress: null })),
    ...(progress ? { progress: text(JSON.stringify(progress)) } : {}),
    ...(campaign.checking ? { checkingPlan: text(campaign.checking.plan) } : {}),
    ...(campaign.dueAt === null
      ? {}
      : { [DUE_INDEX.hash]: text(dueBucket(campaign.id)), [DUE_INDEX.range]: number(campaign.dueAt) }),
  }
}

export function campaignOf(item: Item): CampaignRecord {
  const progress = item.progress ? docOf(item, 'progress', Progress) : null
  return { ...docOf(item, 'doc', CampaignRecord), progress }
}

/** The keys of an item are all the due index holds, and they name the campaign. */
export function summaryOf(item: Item): CampaignSummary {
  return {
    tenant: TenantId.parse(textOf(item, 'pk').slice(TENANT.length)),
    id: CampaignId.parse(textOf(item, 'sk').slice(CAMPAIGN_SK.length)),
  }
}

/** The last character of a ULID is random enough to spread by. */
function dueBucket(id: CampaignId): string {
  const spread = id.charCodeAt(id.length - 1) % DUE_BUCKETS.length
  return DUE_BUCKETS[spread] as string
}
