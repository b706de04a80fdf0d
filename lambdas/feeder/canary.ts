import { changeCampaign } from '../../shared/campaign/change.ts'
import { readShape } from '../../shared/campaign/plan.ts'
import { shapeKey } from '../../shared/campaign/plan-keys.ts'
import { BATCH_RECIPIENTS } from '../../shared/campaign/plan-size.ts'
import { dispatchBody } from '../../shared/contracts/dispatch.ts'
import { dispatchQueue } from '../../shared/contracts/wiring.ts'
import { NotFound } from '../../shared/errors.ts'
import type { Launched } from '../launched.ts'
import { readPageLines } from '../plan-pages.ts'
import type { LateSuppressions } from '../suppress/late-suppressions.ts'
import type { FeederDeps } from './service.ts'

/** Batches of the page that went with the canary. */
export const sentAlready = ({ guard }: Launched, page: number): number =>
  page === 0 ? (guard.canarySent?.batches ?? 0) : 0

/** Whether the rest of the first page waits for its canary. */
export const isKeptBack = ({ guard, feed }: Launched): boolean =>
  guard.canarySent !== null && feed.nextPage === 0

/**
 * Whether the rest must wait for the canary, which is sent here when it was not yet: the first batches of the first page.
 * That they were sent is written down after SQS took them; a crash in between sends them again, which claims make harmless.
 */
export async function canaryFirst(
  deps: FeederDeps,
  campaign: Launched,
  late: LateSuppressions,
): Promise<boolean> {
  const { canary, canarySent } = campaign.guard
  if (canary === null || campaign.feed.nextPage > 0) return false
  if (canarySent !== null) return !canarySent.isJudged
  const batches = Math.ceil(canary.recipients / BATCH_RECIPIENTS)
  const lines = (await readPageLines(deps.objects, campaign, 0)).slice(0, batches)
  const skips = await late.skips(lines)
  await deps.queue.send(
    dispatchQueue(campaign.pool, campaign.lane),
    lines.map((line, batch) => dispatchBody(campaign.launch.terms, skips[batch]!, line)),
  )
  const recipients = await recipientsOf(deps, campaign, lines.length)
  const at = deps.clock.now()
  const sent = { batches: lines.length, recipients, at, allSentAt: null, isJudged: false }
  await changeCampaign(deps.registry, campaign.tenant, campaign.id, (stored) =>
    stored.guard.canarySent === null
      ? { ...stored, guard: { ...stored.guard, canarySent: sent }, feed: { ...stored.feed, fedAt: at } }
      : null,
  )
  return true
}

async function recipientsOf(
  { objects }: Pick<FeederDeps, 'objects'>,
  { id, plan }: Launched,
  batches: number,
): Promise<number> {
  const key = shapeKey(id, plan.id, 0)
  const stored = await objects.get(key)
  if (!stored) throw new NotFound('plan_page_missing', `${key} is gone: a launched plan must be kept`)
  const shape = readShape(stored.toString('utf8'))
  return shape.batches.slice(0, batches).reduce((sum, parts) => sum + parts.length, 0)
}
