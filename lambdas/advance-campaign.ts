import { nextEvent } from '../shared/campaign/advance.ts'
import { changeCampaign } from '../shared/campaign/change.ts'
import type { CampaignRecord } from '../shared/campaign/record.ts'
import { move } from '../shared/campaign/states.ts'
import type { CampaignId, TenantId } from '../shared/ids.ts'
import type { Clock, Ledger, Registry } from '../shared/ports.ts'
import type { Timing } from '../shared/timing.ts'

export interface AdvanceDeps {
  ledger: Ledger
  registry: Registry
  clock: Clock
  timing: Pick<Timing, 'schedulerMs'>
}

/** Moves a campaign on as far as its page summaries allow; answers it as it then is. */
export async function advanceCampaign(
  deps: AdvanceDeps,
  tenant: TenantId,
  id: CampaignId,
): Promise<CampaignRecord | null> {
  const summaries = await deps.ledger.summaries(id)
  return changeCampaign(deps.registry, tenant, id, (stored) => {
    let campaign = stored
    for (let kind = nextEvent(campaign, summaries); kind; kind = nextEvent(campaign, summaries)) {
      campaign = move(campaign, { kind }, { now: deps.clock.now(), timing: deps.timing })
    }
    return campaign === stored ? null : campaign
  })
}
