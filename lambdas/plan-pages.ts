import { type PageShape, pageLines, readShape } from '../shared/campaign/plan.ts'
import { pageKey } from '../shared/campaign/plan-keys.ts'
import { NotFound } from '../shared/errors.ts'
import type { CampaignId, PlanId } from '../shared/ids.ts'
import type { ObjectStore } from '../shared/ports.ts'

type Objects = Pick<ObjectStore, 'get'>

/** The lines of a plan page as they stand; the index of a line is its batch. @throws NotFound `plan_page_missing` */
export async function readPageLines(
  objects: Objects,
  campaign: { id: CampaignId; plan: { id: PlanId } },
  page: number,
): Promise<string[]> {
  return pageLines(await textOf(objects, pageKey(campaign.id, campaign.plan.id, page)))
}

/** The shape of a plan page; `key` as `shapeKey` makes it. @throws NotFound `plan_page_missing` */
export async function readPageShape(objects: Objects, key: string): Promise<PageShape> {
  return readShape(await textOf(objects, key))
}

async function textOf(objects: Objects, key: string): Promise<string> {
  const stored = await objects.get(key)
  if (!stored) throw new NotFound('plan_page_missing', `${key} is gone: a launched plan must be kept`)
  return stored.toString('utf8')
}
