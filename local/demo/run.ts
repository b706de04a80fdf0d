import type { Clock } from '../../shared/ports.ts'
import type { ApiClient, Campaign } from './api-client.ts'
import type { DemoCampaign } from './mix.ts'
import type { CampaignRun } from './result.ts'

/** How often the campaigns are looked at. */
const LOOK_MS = 250
/** Nothing changed for so long: something is stuck, say how far it came. */
const STUCK_MS = 300_000

/** States a campaign does not leave by itself; a draft is one whose file was refused. */
const ENDED = new Set(['settled', 'cancelled', 'failed', 'draft'])

/**
 * Uploads, checks, launches and waits: until every campaign has ended, or nothing moved for five minutes.
 * `onProgress` gets the campaigns each time they were looked at.
 */
export async function runCampaigns(
  api: ApiClient,
  clock: Clock,
  plans: readonly DemoCampaign[],
  onProgress: (campaigns: readonly Campaign[]) => void,
): Promise<CampaignRun[]> {
  const ids = await Promise.all(plans.map((plan) => api.createAndUpload(plan)))
  await Promise.all(ids.map((id) => api.checkAndLaunch(id)))
  const campaigns = await untilEnded(api, clock, ids, onProgress)
  const reports = await Promise.all(ids.map((id) => api.report(id)))
  return plans.map((plan, n) => ({ plan, campaign: campaigns[n]!, report: reports[n]! }))
}

async function untilEnded(
  api: ApiClient,
  clock: Clock,
  ids: readonly string[],
  onProgress: (campaigns: readonly Campaign[]) => void,
): Promise<Campaign[]> {
  let [seen, changedAtMs] = ['', clock.monotonicMs()]
  for (;;) {
    const campaigns = await Promise.all(ids.map((id) => api.campaign(id)))
    onProgress(campaigns)
    const now = clock.monotonicMs()
    const look = JSON.stringify(campaigns)
    if (look !== seen) [seen, changedAtMs] = [look, now]
    if (campaigns.every(({ state }) => ENDED.has(state)) || now - changedAtMs > STUCK_MS) return campaigns
    await clock.sleep(LOOK_MS)
  }
}
