/**
 * The three words an operator may say to a campaign under way; what they do is told in `states.ts` and `course.ts`. Who
 * said it (`by`) is in the audit.
 */
import { noteDeed, PLATFORM } from '../audit.ts'
import { type CourseDeps, steer } from './course.ts'
import { feed } from './launch.ts'
import type { CampaignRecord, Guard } from './record.ts'
import { move, type Problem } from './states.ts'

/**
 * Stops submitting within a poll of CONTROL#; what was written to a bind stays sent. A campaign that is only
 * scheduled is unscheduled: it is checked again and waits for a launch.
 * @throws IllegalState unless it is sending or scheduled.
 */
export async function pauseCampaign(
  deps: CourseDeps,
  campaign: CampaignRecord,
  { by = PLATFORM, ...why }: { by?: string; problem?: Problem; guard?: Guard } = {},
): Promise<CampaignRecord> {
  const moment = { now: deps.clock.now(), timing: deps.timing }
  const paused =
    campaign.state === 'scheduled'
      ? await deps.registry.updateCampaign(move(campaign, { kind: 'unschedule' }, moment))
      : await steer(deps, campaign, { kind: 'pause', ...why }, 'paused')
  const detail = why.problem === undefined ? {} : { problem: why.problem.code }
  await noteDeed(deps, campaign.tenant, { actor: by, action: 'campaign.pause', subject: campaign.id, detail })
  return paused
}

/**
 * Goes on where it stopped; the expiry decided at launch stands.
 * @throws IllegalState unless it is paused.
 */
export async function resumeCampaign(
  deps: CourseDeps,
  campaign: CampaignRecord,
  { by = PLATFORM }: { by?: string } = {},
): Promise<CampaignRecord> {
  const resumed = await steer(deps, campaign, { kind: 'resume' }, 'sending')
  await feed(deps, resumed)
  await noteDeed(deps, campaign.tenant, { actor: by, action: 'campaign.resume', subject: campaign.id })
  return resumed
}

/**
 * Ends it: nothing not yet written to a bind will be sent. CONTROL# is written even before a launch, against one
 * that is happening at this moment.
 * @throws IllegalState when it is settled, cancelled or failed.
 */
export async function cancelCampaign(
  deps: CourseDeps,
  campaign: CampaignRecord,
  { by = PLATFORM }: { by?: string } = {},
): Promise<CampaignRecord> {
  const cancelled = await steer(deps, campaign, { kind: 'cancel' }, 'cancelled')
  await noteDeed(deps, campaign.tenant, { actor: by, action: 'campaign.cancel', subject: campaign.id })
  return cancelled
}
