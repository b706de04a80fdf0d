import { changeCampaign } from '../../shared/campaign/change.ts'
import { shapeKey } from '../../shared/campaign/plan-keys.ts'
import { BATCH_RECIPIENTS } from '../../shared/campaign/plan-size.ts'
import type { Launched } from '../launched.ts'
import { readPageLines, readPageShape } from '../plan-pages.ts'
import { sendLines } from '../send-lines.ts'
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
  await sendLines(deps.queue, campaign, lines, late)
  const shape = await readPageShape(deps.objects, shapeKey(campaign.id, campaign.plan.id, 0))
  const recipients = shape.batches.slice(0, lines.length).reduce((sum, parts) => sum + parts.length, 0)
  const at = deps.clock.now()
  const sent = { batches: lines.length, recipients, at, allSentAt: null, isJudged: false }
  await changeCampaign(deps.registry, campaign.tenant, campaign.id, (stored) =>
    stored.guard.canarySent === null
      ? { ...stored, guard: { ...stored.guard, canarySent: sent }, feed: { ...stored.feed, fedAt: at } }
      : null,
  )
  return true
}
