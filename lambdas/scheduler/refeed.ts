import { changeCampaign } from '../../shared/campaign/change.ts'
import { dispatchQueue } from '../../shared/contracts/wiring.ts'
import { insideSendingHours } from '../../shared/dlt/sending-hours.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import { sentAlready } from '../feeder/canary.ts'
import type { Launched } from '../launched.ts'
import { readPageLines } from '../plan-pages.ts'
import { sendLines } from '../send-lines.ts'
import { LateSuppressions } from '../suppress/late-suppressions.ts'
import { batchesWithoutWorker } from './lost-batches.ts'
import type { SchedulerDeps } from './service.ts'
import { openPages } from './sweep.ts'

/**
 * Feeds batches again whose copies are lost: at most every `refeedMs`, and only while their queue is empty, for a
 * copy that is merely waiting must not be doubled. A copy too many is harmless (claims), only not free. Those of a
 * cancelled campaign go at any hour: the worker that claims them ends their messages as cancelled.
 */
export async function feedLostBatches(
  deps: SchedulerDeps,
  campaign: Launched,
  summaries: ReadonlyMap<number, PageSummary>,
): Promise<void> {
  const now = deps.clock.now()
  const { fedAt } = campaign.feed
  if (fedAt === null || fedAt + deps.timing.refeedMs > now) return
  if (campaign.state === 'sending' && !insideSendingHours(campaign.launch.terms.hours, now)) return
  const suspects = openPages(campaign, summaries).filter(
    ({ summary }) => !summary || (summary.statuses.queued ?? 0) > 0,
  )
  if (suspects.length === 0) return
  if (!isEmpty(await deps.queue.depth(dispatchQueue(campaign.pool, campaign.lane)))) return

  const late = new LateSuppressions(deps, campaign)
  let sent = 0
  for (const { page } of suspects) {
    const [lines, facts] = await Promise.all([
      readPageLines(deps.objects, campaign, page),
      deps.ledger.readPage(campaign.id, page),
    ])
    const fed = page < campaign.feed.nextPage ? lines.length : sentAlready(campaign, page)
    const batches = batchesWithoutWorker(fed, facts.claims, now, deps.timing.takeoverGraceMs)
    const lost = batches.map((batch) => lines[batch]!)
    await sendLines(deps.queue, campaign, lost, late)
    sent += lost.length
  }
  deps.log.warn('batches without copy fed again', { campaign: campaign.id, batches: sent })
  await changeCampaign(deps.registry, campaign.tenant, campaign.id, (stored) => ({
    ...stored,
    feed: { ...stored.feed, fedAt: now },
  }))
}

const isEmpty = (depth: { visible: number; inFlight: number; delayed: number }) =>
  depth.visible + depth.inFlight + depth.delayed === 0
