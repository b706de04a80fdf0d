import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { PlanId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Registry } from '../../shared/ports.ts'

const EVERY_MS = 1_000

/** Notes how far a check has come, at most once a second. A note that is lost is no reason to stop. */
export function progressNotes(
  deps: { registry: Pick<Registry, 'noteProgress'>; clock: Clock; log: Log },
  campaign: Pick<CampaignRecord, 'tenant' | 'id'>,
  plan: PlanId,
  bytesTotal: number,
): (bytes: number, rows: number) => Promise<void> {
  let notedAt = deps.clock.monotonicMs()
  return async (bytes, rows) => {
    const now = deps.clock.monotonicMs()
    if (now - notedAt < EVERY_MS) return
    notedAt = now
    try {
      await deps.registry.noteProgress(campaign.tenant, campaign.id, plan, { bytes, bytesTotal, rows })
    } catch (error) {
      deps.log.warn('progress of a check could not be noted', { campaign: campaign.id, error: String(error) })
    }
  }
}
