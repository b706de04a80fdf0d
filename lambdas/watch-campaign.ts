import { isDeepStrictEqual } from 'node:util'
import { changeCampaign } from '../shared/campaign/change.ts'
import type { CourseDeps } from '../shared/campaign/course.ts'
import { guardStep } from '../shared/campaign/guard.ts'
import { feed } from '../shared/campaign/launch.ts'
import { pauseCampaign } from '../shared/campaign/pause.ts'
import type { CampaignRecord, CampaignSummary, Guard } from '../shared/campaign/record.ts'
import { poolExplainer } from '../shared/dlt/reasons/pool-reasons.ts'
import type { PageSummary } from '../shared/ledger/summary.ts'
import type { Log } from '../shared/log.ts'
import { isLaunched } from './launched.ts'
import type { PlanLibrary } from './plan-library.ts'

export type WatchDeps = CourseDeps & { log: Log }

/** Lets the guard of a campaign under way look at the summaries: it may pause the campaign, or let its canary pass. */
export async function watchCampaign(
  deps: WatchDeps,
  library: Pick<PlanLibrary, 'pool'>,
  { tenant, id }: CampaignSummary,
  summaries: ReadonlyMap<number, PageSummary>,
): Promise<void> {
  const campaign = await deps.registry.campaign(tenant, id)
  if (!isLaunched(campaign) || campaign.state !== 'sending') return
  const { routes } = await library.pool(campaign.pool)
  const explain = poolExplainer(routes)
  const now = deps.clock.now()
  const step = guardStep(campaign, summaries, { isDltRefusal: (code) => explain(code).dlt, now })
  switch (step.kind) {
    case 'none':
      return
    case 'note':
      return keep(deps, campaign, step.guard)
    case 'goOn':
      await keep(deps, campaign, step.guard)
      return feed(deps, campaign)
    case 'pause': {
      const { problem, guard } = step
      await pauseCampaign(deps, campaign, { problem, guard })
      deps.log.warn('campaign paused itself', { campaign: id, problem: problem.code })
    }
  }
}

/** Unless the campaign was paused or ended meanwhile, or another look was faster. */
async function keep(
  { registry }: WatchDeps,
  { tenant, id, guard: seen }: CampaignRecord,
  guard: Guard,
): Promise<void> {
  await changeCampaign(registry, tenant, id, (stored) =>
    stored.state === 'sending' && isDeepStrictEqual(stored.guard, seen) ? { ...stored, guard } : null,
  )
}
