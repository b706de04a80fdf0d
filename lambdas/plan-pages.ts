import { pageLines } from '../shared/campaign/plan.ts'
import { pageKey } from '../shared/campaign/plan-keys.ts'
import { NotFound } from '../shared/errors.ts'
import type { CampaignId, PlanId } from '../shared/ids.ts'
import type { ObjectStore } from '../shared/ports.ts'

/** The lines of a plan page as they stand; the index of a line is its batch. @throws NotFound `plan_page_missing` */
export async function readPageLines(
  objects: Pick<ObjectStore, 'get'>,
  campaign: { id: CampaignId; plan: { id: PlanId } },
  page: number,
): Promise<string[]> {
  const key = pageKey(campaign.id, campaign.plan.id, page)
  const stored = await objects.get(key)
  if (!stored) throw new NotFound('plan_page_missing', `${key} is gone: a launched plan must be kept`)
  return pageLines(stored.toString('utf8'))
}
