/**
 * The same file with the same template, twice within a day, is mostly a mistake, and always one nobody can undo. What
 * was launched is remembered by the hash of its file for 24 hours.
 */
import { Conflict } from '../errors.ts'
import type { CampaignId, TenantId } from '../ids.ts'
import type { Registry } from '../ports.ts'
import type { CampaignRecord } from './record.ts'
import { wasStarted } from './states.ts'

/** No key of a caller has a space in it. */
const keyOf = (templateId: string, fileHash: string) => `sent ${templateId} ${fileHash}`
const REQUEST = 'launch'

type Remembering = Pick<Registry, 'once' | 'remembered' | 'campaign'>

/** The other campaign that was launched with the file and the template in the last 24 hours; null when none was. */
export async function sentBefore(
  registry: Remembering,
  campaign: Pick<CampaignRecord, 'tenant' | 'id' | 'templateId'>,
  fileHash: string,
): Promise<CampaignId | null> {
  const first = await registry.remembered(campaign.tenant, keyOf(campaign.templateId, fileHash), REQUEST)
  return first === null ? null : otherLaunched(registry, campaign, first)
}

/**
 * Remembers that the campaign is launched.
 * @throws Conflict `sent_before` when another was launched with the same file and template in the last 24 hours.
 */
export async function mustBeFirst(registry: Remembering, campaign: CampaignRecord): Promise<void> {
  if (!campaign.plan?.fileHash) return
  const key = keyOf(campaign.templateId, campaign.plan.fileHash)
  const first = await registry.once(campaign.tenant, key, REQUEST, campaign.id)
  const other = await otherLaunched(registry, campaign, first)
  if (other === null) return
  throw new Conflict(
    'sent_before',
    `the same file with the same template was launched in the last 24 hours by campaign ${other}: ` +
      'launch with allowRepeat: true if every recipient shall get it again',
  )
}

/** One that was cancelled before its start, or has vanished, sent nothing. */
async function otherLaunched(
  registry: Remembering,
  { tenant, id }: { tenant: TenantId; id: CampaignId },
  first: string,
): Promise<CampaignId | null> {
  if (first === id) return null
  const other = await registry.campaign(tenant, first as CampaignId)
  return other && (wasStarted(other) || other.state === 'scheduled') ? other.id : null
}
