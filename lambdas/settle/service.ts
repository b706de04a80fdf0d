/**
 * Folds the facts of pages into their summaries. Folding a page once too often costs a read and changes nothing, so
 * notices may come twice, late and in any order.
 */
import type { FeedJob, SettleNotice } from '../../shared/contracts/jobs.ts'
import type { CampaignId, EpochMs } from '../../shared/ids.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import type { Log } from '../../shared/log.ts'
import type { Ids, Queue } from '../../shared/ports.ts'
import { type AdvanceDeps, advanceCampaign } from '../advance-campaign.ts'
import type { PlanLibrary } from '../plan-library.ts'
import { watchCampaign } from '../watch-campaign.ts'
import { type FoldOneDeps, foldOne } from './fold-one.ts'
import { NO_LOOKUPS } from './lookup-schedule.ts'

export type SettleDeps = AdvanceDeps &
  FoldOneDeps & { queue: Queue; ids: Ids; log: Log; timing: AdvanceDeps['timing'] & FoldOneDeps['timing'] }

export type PageRef = SettleNotice['pages'][number]

/** Folds the pages, moves their campaigns on; answers the pages that could not be folded. */
export async function settlePages(
  deps: SettleDeps,
  library: PlanLibrary,
  pages: readonly PageRef[],
): Promise<PageRef[]> {
  const failed: PageRef[] = []
  for (const [campaign, refs] of Map.groupBy(pages, (ref) => ref.campaign)) {
    const numbers = [...new Set(refs.map((ref) => ref.page))]
    failed.push(...(await settleCampaign(deps, library, campaign, numbers)))
  }
  return failed
}

async function settleCampaign(
  deps: SettleDeps,
  library: PlanLibrary,
  campaign: CampaignId,
  pages: readonly number[],
): Promise<PageRef[]> {
  const pending = new Set(pages)
  try {
    const locator = await library.locator(campaign)
    const earlier = await deps.ledger.summaries(campaign)
    const pool = await library.pool(locator.pool)
    const folded: PageSummary[] = []
    for (const page of pages) {
      const shape = await library.shape(campaign, locator.plan, page)
      const lookups = earlier.get(page) ?? NO_LOOKUPS
      folded.push(await foldOne(deps, { campaign, page, locator, shape, lookups, ...pool }))
    }
    // Only now, with the summaries stored, may what follows from them be decided.
    if (folded.some((summary) => !summary.statuses.queued)) {
      await advanceCampaign(deps, locator.tenant, campaign)
    }
    if (folded.some((summary) => parkedDue(summary, deps.clock.now()))) {
      const job: FeedJob = { kind: 'feed', tenant: locator.tenant, campaign }
      await deps.queue.send('feed', [JSON.stringify(job)])
    }
    const summaries = new Map([...earlier, ...folded.map((summary, n) => [pages[n]!, summary] as const)])
    await watchCampaign(deps, library, { tenant: locator.tenant, id: campaign }, summaries)
    pending.clear()
  } catch (error) {
    deps.log.error('pages could not be settled', { campaign, pages: [...pages], error: String(error) })
  }
  return [...pending].map((page) => ({ campaign, page }))
}

const parkedDue = (summary: PageSummary, now: EpochMs) =>
  summary.parked.some((parked) => parked.notBefore <= now)
