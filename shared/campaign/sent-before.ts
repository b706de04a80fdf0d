/**
 * The same file with the same template, twice within a day, is mostly a mistake, and always one nobody can undo. So the
 * last launch of each is remembered, by the hash of the file, for 24 hours from its start.
 */
import { Conflict } from '../errors.ts'
import type { CampaignId, EpochMs, TenantId } from '../ids.ts'
import type { Clock, Registry } from '../ports.ts'
import type { CampaignRecord } from './record.ts'
import { wasStarted } from './states.ts'

/** So long after its note a campaign counts as launched whatever its record says: it is being written. */
const BEING_LAUNCHED_MS = 60_000

interface Remembering {
  registry: Pick<Registry, 'noteSending' | 'sending' | 'campaign'>
  clock: Clock
}

const fingerprintOf = (templateId: string, fileHash: string) => `${templateId}#${fileHash}`

/** The other campaign that sent the file with the template, or is about to; null when none did in the last 24 hours. */
export async function sentBefore(
  deps: Remembering,
  { tenant, id, templateId }: Pick<CampaignRecord, 'tenant' | 'id' | 'templateId'>,
  fileHash: string,
): Promise<CampaignId | null> {
  const standing = await deps.registry.sending(tenant, fingerprintOf(templateId, fileHash))
  if (standing === null || standing.campaign === id) return null
  return (await hasLaunched(deps, tenant, standing)) ? standing.campaign : null
}

/**
 * Remembers that the campaign starts at `at`. One that was noted before and never started gives way.
 * @throws Conflict `sent_before` when another sent the same file with the same template, unless that is allowed.
 */
export async function noteLaunch(
  deps: Remembering,
  { tenant, id, templateId, plan }: CampaignRecord,
  { at, allowRepeat }: { at: EpochMs; allowRepeat: boolean },
): Promise<void> {
  if (!plan?.fileHash) return
  const sending = { campaign: id, at, notedAt: deps.clock.now() }
  for (let instead: CampaignId | null = null; ; ) {
    const fingerprint = fingerprintOf(templateId, plan.fileHash)
    const standing = await deps.registry.noteSending(tenant, fingerprint, sending, instead)
    if (standing === null) return
    if (!allowRepeat && (await hasLaunched(deps, tenant, standing))) throw sentByOther(standing.campaign)
    instead = standing.campaign
  }
}

/** One that was unscheduled, cancelled before its start, or has vanished, sent nothing. */
async function hasLaunched(
  { registry, clock }: Remembering,
  tenant: TenantId,
  { campaign, notedAt }: { campaign: CampaignId; notedAt: EpochMs },
): Promise<boolean> {
  if (notedAt + BEING_LAUNCHED_MS > clock.now()) return true
  const other = await registry.campaign(tenant, campaign)
  return other !== null && (wasStarted(other) || other.state === 'scheduled')
}

const sentByOther = (other: CampaignId) =>
  new Conflict(
    'sent_before',
    `the same file with the same template was launched in the last 24 hours by campaign ${other}: ` +
      'launch with allowRepeat: true if every recipient shall get it again',
  )
