/**
 * Looks, every minute, at the campaigns that are due (`dueAt`, see `shared/campaign/states.ts`), and does for each
 * what nobody else would: start it, feed it, find what got lost, stop waiting. Everything it does may be done twice.
 */

import type { Deps } from '../../aws/deps.ts'
import { changeCampaign } from '../../shared/campaign/change.ts'
import { reconcile } from '../../shared/campaign/course.ts'
import { startScheduled } from '../../shared/campaign/launch.ts'
import type { CampaignRecord, CampaignSummary } from '../../shared/campaign/record.ts'
import { dueAt } from '../../shared/campaign/states.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { PlanLibrary } from '../plan-library.ts'
import { reviveCheck } from './checks.ts'
import { tendStarted } from './started.ts'

export type SchedulerDeps = Omit<Deps, 'random'>

/** More than this many due campaigns are served in the minutes that follow, oldest first. */
const CAMPAIGNS_PER_RUN = 200

/** One run; stops before `deadline`, what is left stays due. A campaign that fails does not keep the others waiting. */
export async function runScheduler(
  deps: SchedulerDeps,
  library: PlanLibrary,
  deadline: EpochMs,
): Promise<void> {
  const boot = deps.ids.ulid()
  for (const due of await deps.registry.dueCampaigns(deps.clock.now(), CAMPAIGNS_PER_RUN)) {
    if (deps.clock.now() >= deadline) return
    try {
      await tend(deps, library, due, boot)
    } catch (error) {
      deps.log.error('campaign could not be tended, it stays due', { campaign: due.id, error: String(error) })
    }
  }
}

async function tend(
  deps: SchedulerDeps,
  library: PlanLibrary,
  due: CampaignSummary,
  boot: string,
): Promise<void> {
  const stored = await deps.registry.campaign(due.tenant, due.id)
  if (!stored) return
  // The index is eventually consistent: the campaign may have been looked at a moment ago.
  if (stored.dueAt === null || stored.dueAt > deps.clock.now()) return
  const campaign = await reconcile(deps, stored)
  await tendByState(deps, library, campaign, boot)
  await changeCampaign(deps.registry, due.tenant, due.id, (now) => rearmed(deps, now))
}

async function tendByState(
  deps: SchedulerDeps,
  library: PlanLibrary,
  campaign: CampaignRecord,
  boot: string,
): Promise<void> {
  switch (campaign.state) {
    case 'checking':
      return reviveCheck(deps, campaign)
    case 'scheduled':
      if (campaign.launch && campaign.launch.at <= deps.clock.now()) await startScheduled(deps, campaign)
      return
    case 'sending':
    case 'sent':
    case 'cancelled':
    case 'failed':
      return tendStarted(deps, library, campaign, boot)
    case 'draft':
    case 'checked':
    case 'paused':
    case 'settled':
      return
  }
}

function rearmed(deps: SchedulerDeps, campaign: CampaignRecord): CampaignRecord | null {
  const next = dueAt(campaign, { now: deps.clock.now(), timing: deps.timing })
  return next === campaign.dueAt ? null : { ...campaign, dueAt: next }
}
