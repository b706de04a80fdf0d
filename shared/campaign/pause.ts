/** The three words an operator may say to a campaign under way; what they do is told in `states.ts` and `course.ts`. */
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
  why: { problem?: Problem; guard?: Guard } = {},
): Promise<CampaignRecord> {
  if (campaign.state === 'scheduled') {
    const moment = { now: deps.clock.now(), timing: deps.timing }
    return deps.registry.updateCampaign(move(campaign, { kind: 'unschedule' }, moment))
  }
  return steer(deps, campaign, { kind: 'pause', ...why }, 'paused')
}

/**
 * Goes on where it stopped; the expiry decided at launch stands.
 * @throws IllegalState unless it is paused.
 */
export async function resumeCampaign(deps: CourseDeps, campaign: CampaignRecord): Promise<CampaignRecord> {
  const resumed = await steer(deps, campaign, { kind: 'resume' }, 'sending')
  await feed(deps, resumed)
  return resumed
}

/**
 * Ends it: nothing not yet written to a bind will be sent. CONTROL# is written even before a launch, against one
 * that is happening at this moment.
 * @throws IllegalState when it is settled, cancelled or failed.
 */
export async function cancelCampaign(deps: CourseDeps, campaign: CampaignRecord): Promise<CampaignRecord> {
  return steer(deps, campaign, { kind: 'cancel' }, 'cancelled')
}
