/**
 * Launching decides, once and for every batch, until when and in which hours it may be sent. The decision travels
 * with each batch, so no worker has to ask.
 */
import type { LaunchTerms } from '../contracts/dispatch.ts'
import type { FeedJob } from '../contracts/jobs.ts'
import { DEFAULT_RULES } from '../dlt/rules/rules.ts'
import { Conflict } from '../errors.ts'
import type { EpochMs } from '../ids.ts'
import { type CourseDeps, steer } from './course.ts'
import type { CampaignRecord } from './record.ts'
import { move } from './states.ts'

/** What holds for every batch of a campaign that starts at `startAt`. */
export function launchTerms(
  campaign: Pick<CampaignRecord, 'lane' | 'policy' | 'validityHours'>,
  startAt: EpochMs,
): LaunchTerms {
  return {
    expiresAt: startAt + Math.round(campaign.validityHours * 3_600_000),
    hours: campaign.lane === 'promotional' ? { ...DEFAULT_RULES.promotionalHours } : null,
    policy: campaign.policy,
  }
}

/**
 * Launches a checked (or scheduled) campaign: at once, or at `at` when that is in the future. Starting writes
 * CONTROL# first, then the campaign, then asks the feeder; a crash after the second is made good by the scheduler,
 * which feeds whatever is sending. Called by the API, by the end of a check with `thenLaunch`, and by the scheduler.
 * @throws IllegalState when it is neither checked nor scheduled.
 * @throws Conflict `nothing_to_send` when the check accepted no recipient.
 */
export async function launchCampaign(
  deps: CourseDeps,
  campaign: CampaignRecord,
  options: { at?: EpochMs } = {},
): Promise<CampaignRecord> {
  const now = deps.clock.now()
  const at = Math.max(options.at ?? now, now)
  const event = { kind: 'launch', at, terms: launchTerms(campaign, at) } as const
  if (campaign.plan?.recipients === 0) {
    throw new Conflict(
      'nothing_to_send',
      'the check accepted no recipient of the file: see its invalid rows, upload a corrected file and check again',
    )
  }
  if (at > now) return deps.registry.updateCampaign(move(campaign, event, { now, timing: deps.timing }))
  const launched = await steer(deps, campaign, event, 'sending')
  await feed(deps, launched)
  return launched
}

/** Asks the feeder to look at the campaign. */
export async function feed(deps: Pick<CourseDeps, 'queue'>, campaign: CampaignRecord): Promise<void> {
  const job: FeedJob = { kind: 'feed', tenant: campaign.tenant, campaign: campaign.id }
  await deps.queue.send('feed', [JSON.stringify(job)])
}
