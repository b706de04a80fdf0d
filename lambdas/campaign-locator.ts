/**
 * Where a campaign's plan is, found by the campaign's id alone. Plan lines, facts and settle notices carry no tenant
 * (they travel in their hundreds of thousands), yet the settler needs the plan's pages and the campaign's record.
 * The feeder writes this before the first batch leaves, so it is there before the first fact.
 */
import { z } from 'zod'
import { NotFound } from '../shared/errors.ts'
import { type CampaignId, PlanId, PoolId, TenantId } from '../shared/ids.ts'
import type { ObjectStore } from '../shared/ports.ts'
import type { Launched } from './launched.ts'

export const CampaignLocator = z.object({ tenant: TenantId, plan: PlanId, pool: PoolId })
export type CampaignLocator = z.infer<typeof CampaignLocator>

const locatorKey = (campaign: CampaignId) => `plans/${campaign}/locator.json`

/** Writing it again writes the same bytes: a launched plan never changes. */
export async function publishLocator(objects: ObjectStore, campaign: Launched): Promise<void> {
  const locator: CampaignLocator = { tenant: campaign.tenant, plan: campaign.plan.id, pool: campaign.pool }
  await objects.put(locatorKey(campaign.id), JSON.stringify(locator), { contentType: 'application/json' })
}

/** @throws NotFound `campaign_not_fed` when no batch of the campaign was ever fed. */
export async function readLocator(objects: ObjectStore, campaign: CampaignId): Promise<CampaignLocator> {
  const stored = await objects.get(locatorKey(campaign))
  if (!stored) {
    throw new NotFound(
      'campaign_not_fed',
      `no locator of campaign ${campaign}: facts cannot exist before it is fed`,
    )
  }
  return CampaignLocator.parse(JSON.parse(stored.toString('utf8')))
}
