import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { CompileJob } from '../../shared/contracts/jobs.ts'
import { FIXED_QUEUES } from '../../shared/contracts/wiring.ts'
import type { SchedulerDeps } from './service.ts'

/** After this even a job in a busy queue had its turn: its visibility has ended once. */
const SURELY_LOST_MS = FIXED_QUEUES.find((queue) => queue.name === 'jobs')!.visibilitySeconds * 1_000

/**
 * Sends the job of a check again that has been waited for too long: at once when no job is queued or running, else
 * only when it must have had its turn. It carries the plan's id, so a second run writes the same pages.
 */
export async function reviveCheck(deps: SchedulerDeps, campaign: CampaignRecord): Promise<void> {
  const { checking } = campaign
  if (!checking) return
  const depth = await deps.queue.depth('jobs')
  const quiet = depth.visible + depth.inFlight + depth.delayed === 0
  if (!quiet && checking.startedAt + SURELY_LOST_MS > deps.clock.now()) return
  const job: CompileJob = {
    kind: 'compile',
    tenant: campaign.tenant,
    campaign: campaign.id,
    plan: checking.plan,
  }
  await deps.queue.send('jobs', [JSON.stringify(job)])
  deps.log.warn('check had lost its job, sent again', { campaign: campaign.id })
}
