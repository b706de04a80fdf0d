import { Conflict } from '../errors.ts'
import type { CampaignId, TenantId } from '../ids.ts'
import type { Registry } from '../ports.ts'
import type { CampaignRecord } from './record.ts'

/** Feeder, settler, scheduler and API write the same item; more rounds than this mean somebody is stuck in a loop. */
const MAX_ROUNDS = 10

/**
 * Reads a campaign, changes it and stores it; reads again when somebody else stored it in between.
 * `change` answers the new record, or null when there is nothing (more) to do.
 * Answers the record as it now stands, null when there is no such campaign.
 *
 * @throws Conflict `campaign_changed` when others won ten times in a row.
 *
 * @example await changeCampaign(registry, tenant, id, (c) => (c.dueAt === null ? null : { ...c, dueAt: null }))
 */
export async function changeCampaign(
  registry: Pick<Registry, 'campaign' | 'updateCampaign'>,
  tenant: TenantId,
  id: CampaignId,
  change: (campaign: CampaignRecord) => CampaignRecord | null,
): Promise<CampaignRecord | null> {
  for (let round = 1; ; round++) {
    const stored = await registry.campaign(tenant, id)
    const changed = stored && change(stored)
    if (!changed) return stored
    try {
      return await registry.updateCampaign(changed)
    } catch (error) {
      const lost = error instanceof Conflict && error.code === 'campaign_changed'
      if (!lost || round === MAX_ROUNDS) throw error
    }
  }
}
