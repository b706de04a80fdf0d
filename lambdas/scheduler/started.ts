import { feed } from '../../shared/campaign/launch.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { SettleNotice } from '../../shared/contracts/jobs.ts'
import { insideSendingHours } from '../../shared/dlt/sending-hours.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import { advanceCampaign } from '../advance-campaign.ts'
import { isKeptBack } from '../feeder/canary.ts'
import { isLaunched, type Launched } from '../launched.ts'
import type { PlanLibrary } from '../plan-library.ts'
import { watchCampaign } from '../watch-campaign.ts'
import { giveUpWaiting } from './no-receipt.ts'
import { feedLostBatches } from './refeed.ts'
import type { SchedulerDeps } from './service.ts'
import { inNotices, pagesToFold } from './sweep.ts'

/** What a campaign whose messages are under way needs each minute. */
export async function tendStarted(
  deps: SchedulerDeps,
  library: PlanLibrary,
  campaign: CampaignRecord,
  boot: string,
): Promise<void> {
  if (!isLaunched(campaign)) return
  const now = deps.clock.now()
  const summaries = await deps.ledger.summaries(campaign.id)
  if (needsFeeding(campaign, summaries, now)) await feed(deps, campaign)
  await feedLostBatches(deps, campaign, summaries)
  await watchCampaign(deps, library, campaign, summaries)
  const givenUp = await giveUpWaiting(deps, library, campaign, summaries, boot)
  const quietMs = 2 * deps.timing.schedulerMs
  const toFold = new Set([...givenUp, ...pagesToFold(campaign, summaries, now, quietMs)])
  await askToFold(deps, campaign, [...toFold])
  await advanceCampaign(deps, campaign.tenant, campaign.id)
}

function needsFeeding(
  campaign: Launched,
  summaries: ReadonlyMap<number, PageSummary>,
  now: EpochMs,
): boolean {
  const parked = [...summaries.values()].flatMap((summary) => summary.parked)
  // What was parked, or kept back behind a canary, when a campaign ended goes to the workers, who end it.
  if (campaign.state === 'cancelled' || campaign.state === 'failed') {
    return parked.length > 0 || isKeptBack(campaign)
  }
  if (campaign.state !== 'sending' || !insideSendingHours(campaign.launch.terms.hours, now)) return false
  return campaign.feed.nextPage < campaign.plan.pages || parked.some(({ notBefore }) => notBefore <= now)
}

async function askToFold(deps: SchedulerDeps, campaign: Launched, pages: readonly number[]): Promise<void> {
  const notices = inNotices(pages).map(
    (some): SettleNotice => ({
      kind: 'settle',
      pages: some.map((page) => ({ campaign: campaign.id, page })),
    }),
  )
  await deps.queue.send(
    'settle',
    notices.map((notice) => JSON.stringify(notice)),
  )
}
