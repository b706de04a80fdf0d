/**
 * Launching decides, once and for every batch, until when and in which hours it may be sent. The decision travels
 * with each batch, so no worker has to ask.
 */

import { noteDeed, PLATFORM } from '../audit.ts'
import type { LaunchTerms } from '../contracts/dispatch.ts'
import type { FeedJob } from '../contracts/jobs.ts'
import type { DltRules } from '../dlt/rules/rules.ts'
import { Conflict } from '../errors.ts'
import type { EpochMs } from '../ids.ts'
import { type CourseDeps, steer } from './course.ts'
import { rulesOfCampaign } from './dlt-rules.ts'
import { type CampaignRecord, NO_GUARD } from './record.ts'
import { noteLaunch } from './sent-before.ts'
import { type LaunchGuard, move } from './states.ts'

/** What holds for every batch of a campaign that starts at `startAt`. */
export function launchTerms(
  campaign: Pick<CampaignRecord, 'lane' | 'policy' | 'validityHours'>,
  startAt: EpochMs,
  rules: Pick<DltRules, 'promotionalHours'>,
): LaunchTerms {
  return {
    expiresAt: startAt + Math.round(campaign.validityHours * 3_600_000),
    hours: campaign.lane === 'promotional' ? { ...rules.promotionalHours } : null,
    policy: campaign.policy,
  }
}

export interface LaunchOptions {
  /** Who launches it, for the audit. */
  by?: string
  /** In the future schedules it. */
  at?: EpochMs
  /** Launch although the same file was sent with the same template in the last 24 hours. */
  allowRepeat?: boolean
  guard?: LaunchGuard
}

/**
 * Launches a checked (or scheduled) campaign: at once, or at `at` when that is in the future. Starting writes
 * CONTROL# first, then the campaign, then asks the feeder; a crash after the second is made good by the scheduler,
 * which feeds whatever is sending. Called by the API, by the end of a check with `thenLaunch`, and by the scheduler.
 * @throws IllegalState when it is neither checked nor scheduled.
 * @throws Conflict `nothing_to_send` when the check accepted no recipient; `sent_before` when the same file was.
 */
export async function launchCampaign(
  deps: CourseDeps,
  campaign: CampaignRecord,
  options: LaunchOptions = {},
): Promise<CampaignRecord> {
  const now = deps.clock.now()
  const at = Math.max(options.at ?? now, now)
  const event = {
    kind: 'launch',
    at,
    terms: launchTerms(campaign, at, await rulesOfCampaign(deps.registry, campaign)),
    guard: options.guard ?? NO_GUARD,
  } as const
  const launched = move(campaign, event, { now, timing: deps.timing })
  if (campaign.plan?.recipients === 0) {
    throw new Conflict(
      'nothing_to_send',
      'the check accepted no recipient of the file: see its invalid rows, upload a corrected file and check again',
    )
  }
  await noteLaunch(deps, campaign, { at, allowRepeat: options.allowRepeat ?? false })
  const isLater = at > now
  const stored = isLater
    ? await deps.registry.updateCampaign(launched)
    : await steer(deps, campaign, event, 'sending')
  if (!isLater) await feed(deps, stored)
  await noteDeed(deps, campaign.tenant, {
    ...{ actor: options.by ?? PLATFORM, action: isLater ? 'campaign.schedule' : 'campaign.launch' },
    ...{ subject: campaign.id, detail: { at, allowRepeat: options.allowRepeat ?? false } },
  })
  return stored
}

/** What a schedule decided stands: only its time has come. */
export function startScheduled(deps: CourseDeps, campaign: CampaignRecord): Promise<CampaignRecord> {
  return launchCampaign(deps, campaign, { allowRepeat: true, guard: campaign.guard })
}

/** Asks the feeder to look at the campaign. */
export async function feed(deps: Pick<CourseDeps, 'queue'>, campaign: CampaignRecord): Promise<void> {
  const job: FeedJob = { kind: 'feed', tenant: campaign.tenant, campaign: campaign.id }
  await deps.queue.send('feed', [JSON.stringify(job)])
}
