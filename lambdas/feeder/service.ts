/**
 * Copies the pages of a plan to the dispatch queue of the campaign's pool and lane, line by line as they stand in the
 * plan, with the numbers to skip that were suppressed since. The cursor `feed.nextPage` moves only after SQS accepted
 * every line of a page: a crash in between sends the page again, which claims make harmless (design §4). CONTROL# decides
 * whether to go on and is asked before each page.
 *
 * A campaign with a canary gets the first batches of its first page, and the rest once they were judged (`canary.ts`).
 *
 * The feeder never waits. It stops when about ten minutes of work are queued or the sending hours are over; the
 * scheduler, which looks at every sending campaign each minute, calls it again. Only when its own time is over does it
 * send itself a job, so each job has at most one successor.
 */
import { changeCampaign } from '../../shared/campaign/change.ts'
import type { FeedJob } from '../../shared/contracts/jobs.ts'
import { dispatchQueue } from '../../shared/contracts/wiring.ts'
import { insideSendingHours } from '../../shared/dlt/sending-hours.ts'
import type { CampaignId, EpochMs } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import type {
  Clock,
  Control,
  Ledger,
  ObjectStore,
  Queue,
  Registry,
  Suppressions,
} from '../../shared/ports.ts'
import { publishLocator } from '../campaign-locator.ts'
import { isLaunched, type Launched } from '../launched.ts'
import { readPageLines } from '../plan-pages.ts'
import { sendLines } from '../send-lines.ts'
import { LateSuppressions } from '../suppress/late-suppressions.ts'
import { canaryFirst, isKeptBack, sentAlready } from './canary.ts'
import { feedParked } from './parked.ts'
import { batchesAhead, laneTps } from './room.ts'

export interface FeederDeps {
  queue: Queue
  ledger: Ledger
  registry: Registry
  suppressions: Suppressions
  objects: ObjectStore
  clock: Clock
  log: Log
}

/** Why the feeder came to rest. */
export type FeedEnd =
  | 'complete'
  | 'not_sending'
  | 'outside_hours'
  | 'queue_full'
  | 'out_of_time'
  | 'canary_first'

export async function feedCampaign(deps: FeederDeps, job: FeedJob, deadline: EpochMs): Promise<FeedEnd> {
  const campaign = await deps.registry.campaign(job.tenant, job.campaign)
  if (!isLaunched(campaign)) return 'not_sending'
  const state = await controlState(deps, job.campaign)
  if (state === 'cancelled') await feedParked(deps, campaign, 'all', null)
  if (state === 'cancelled' && isKeptBack(campaign)) await feedRestOfFirst(deps, campaign)
  if (state !== 'sending') return 'not_sending'
  if (!insideSendingHours(campaign.launch.terms.hours, deps.clock.now())) return 'outside_hours'
  if (campaign.feed.nextPage === 0) await publishLocator(deps.objects, campaign)
  const late = new LateSuppressions(deps, campaign)
  await feedParked(deps, campaign, 'due', late)
  const mustWait = await canaryFirst(deps, campaign, late)
  const end = mustWait ? 'canary_first' : await feedPages(deps, campaign, late, deadline)
  if (end === 'out_of_time') await deps.queue.send('feed', [JSON.stringify(job)])
  deps.log.info('feeder came to rest', { campaign: job.campaign, end })
  return end
}

async function feedPages(
  deps: FeederDeps,
  campaign: Launched,
  late: LateSuppressions,
  deadline: EpochMs,
): Promise<FeedEnd> {
  const { plan, launch } = campaign
  let room = await roomFor(deps, campaign)
  let page = campaign.feed.nextPage
  while (page < plan.pages) {
    const now = deps.clock.now()
    if (now >= deadline) return 'out_of_time'
    if (room <= 0) return 'queue_full'
    if ((await controlState(deps, campaign.id)) !== 'sending') return 'not_sending'
    if (!insideSendingHours(launch.terms.hours, now)) return 'outside_hours'
    const lines = (await readPageLines(deps.objects, campaign, page)).slice(sentAlready(campaign, page))
    await sendLines(deps.queue, campaign, lines, late)
    page = await moveCursorPast(deps, campaign, page)
    room -= lines.length
  }
  return 'complete'
}

/** What a canary kept back when its campaign was cancelled: the workers end it, and else nobody would. */
async function feedRestOfFirst(deps: FeederDeps, campaign: Launched): Promise<void> {
  const lines = (await readPageLines(deps.objects, campaign, 0)).slice(sentAlready(campaign, 0))
  await sendLines(deps.queue, campaign, lines, null)
  await moveCursorPast(deps, campaign, 0)
}

/** Batches the dispatch queue may still take. */
async function roomFor(deps: FeederDeps, campaign: Launched): Promise<number> {
  if (campaign.feed.nextPage >= campaign.plan.pages) return 0
  const routes = await deps.registry.routes()
  const depth = await deps.queue.depth(dispatchQueue(campaign.pool, campaign.lane))
  const queued = depth.visible + depth.inFlight + depth.delayed
  return batchesAhead(campaign.plan, laneTps(routes, campaign)) - queued
}

/** Answers the page to feed next: further than asked for when another feeder was faster. */
async function moveCursorPast(deps: FeederDeps, campaign: Launched, page: number): Promise<number> {
  const fedAt = deps.clock.now()
  const moved = await changeCampaign(deps.registry, campaign.tenant, campaign.id, (stored) =>
    stored.plan?.id !== campaign.plan.id || stored.feed.nextPage > page
      ? null
      : { ...stored, feed: { nextPage: page + 1, fedAt } },
  )
  return moved?.feed.nextPage ?? page + 1
}

async function controlState(deps: FeederDeps, id: CampaignId): Promise<Control['state'] | null> {
  return (await deps.registry.controls([id])).get(id)?.state ?? null
}
