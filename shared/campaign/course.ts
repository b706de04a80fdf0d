/**
 * Changing the course of a campaign that may be under way. Workers obey CONTROL#, which is written first and is the
 * truth; the campaign's record follows. A crash between the two leaves them apart until the scheduler calls
 * {@link reconcile}. Only a final state is stronger than CONTROL#: what was cancelled never starts again because a
 * resume that lost the race wrote its word last.
 */
import { Conflict, NotFound } from '../errors.ts'
import type { Clock, Control, Ids, Queue, Registry } from '../ports.ts'
import type { Timing } from '../timing.ts'
import { IllegalState } from './errors.ts'
import type { CampaignRecord, CampaignState } from './record.ts'
import { type CampaignEvent, type Moment, move } from './states.ts'

export interface CourseDeps {
  registry: Registry
  ids: Ids
  queue: Queue
  clock: Clock
  timing: Pick<Timing, 'schedulerMs'>
}

/** The feeder moves its cursor meanwhile: how often a record that changed is read again before giving up. */
const ATTEMPTS = 8

/** What CONTROL# must say for a campaign in this state; null where nothing obeys it. */
function controlOf(state: CampaignState): Control['state'] | null {
  if (state === 'sending' || state === 'sent') return 'sending'
  if (state === 'paused') return 'paused'
  if (state === 'cancelled' || state === 'failed') return 'cancelled'
  return null
}

/**
 * Writes CONTROL#, then the record as the event leaves it. When the record changed meanwhile the event is applied to
 * what it is now; when that is no longer allowed CONTROL# is set back to what the record says.
 * @throws IllegalState, before anything is written when the campaign given does not allow the event.
 */
export async function steer(
  deps: CourseDeps,
  campaign: CampaignRecord,
  event: CampaignEvent,
  control: Control['state'],
): Promise<CampaignRecord> {
  const moment = (): Moment => ({ now: deps.clock.now(), timing: deps.timing })
  move(campaign, event, moment())
  let current = await arm(deps, campaign)
  await deps.registry.setControl(campaign.id, { state: control, at: deps.clock.now() })
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.registry.updateCampaign(move(current, event, moment()))
    } catch (error) {
      if (error instanceof IllegalState) await reassert(deps, current, control)
      if (!isStale(error) || attempt === ATTEMPTS) throw error
      current = await reread(deps, campaign)
      // Somebody else, or this very update whose answer was lost, brought it where it should go.
      if (controlOf(current.state) === control) return current
    }
  }
}

/** A paused campaign is nobody's concern: makes it the scheduler's, in case the next two writes are cut apart. */
async function arm(deps: CourseDeps, campaign: CampaignRecord): Promise<CampaignRecord> {
  if (campaign.state !== 'paused' || campaign.dueAt !== null) return campaign
  const dueAt = deps.clock.now() + deps.timing.schedulerMs
  return deps.registry.updateCampaign({ ...campaign, dueAt })
}

/**
 * CONTROL# was written for a change that cannot come about. Not after any other failure: an update whose answer was
 * lost may stand, and one that does not is brought about by {@link reconcile}.
 */
async function reassert(deps: CourseDeps, current: CampaignRecord, written: Control['state']): Promise<void> {
  const due = controlOf(current.state)
  if (due === null || due === written) return
  await deps.registry.setControl(current.id, { state: due, at: deps.clock.now() })
}

const isStale = (error: unknown): boolean => error instanceof Conflict && error.code === 'campaign_changed'

async function reread(deps: CourseDeps, campaign: CampaignRecord): Promise<CampaignRecord> {
  const current = await deps.registry.campaign(campaign.tenant, campaign.id)
  if (!current) throw new NotFound('campaign_not_found', `campaign ${campaign.id} has vanished`)
  return current
}

/** What must be written so that a campaign and its CONTROL# agree. */
export type Repair =
  | { kind: 'none' }
  | { kind: 'record'; campaign: CampaignRecord }
  | { kind: 'control'; state: Control['state'] }

/** Pure: see the head of this file for which of the two is right. */
export function repairFromControl(
  campaign: CampaignRecord,
  control: Pick<Control, 'state'> | null,
  moment: Moment,
): Repair {
  const due = controlOf(campaign.state)
  if (control === null) return due === null ? { kind: 'none' } : { kind: 'control', state: due }
  if (due === control.state) return disarm(campaign)
  const record = (event: CampaignEvent): Repair => ({
    kind: 'record',
    campaign: move(campaign, event, moment),
  })
  switch (campaign.state) {
    case 'cancelled':
    case 'failed':
      return { kind: 'control', state: 'cancelled' }
    case 'settled':
      return { kind: 'none' }
    case 'sending':
      return record({ kind: control.state === 'paused' ? 'pause' : 'cancel' })
    case 'paused':
      return record({ kind: control.state === 'sending' ? 'resume' : 'cancel' })
    case 'sent':
      return control.state === 'cancelled'
        ? record({ kind: 'cancel' })
        : { kind: 'control', state: 'sending' }
    default:
      // Before its launch only a cancel matters; a launch cut off before its record was written never took place.
      return control.state === 'cancelled' ? record({ kind: 'cancel' }) : { kind: 'none' }
  }
}

function disarm(campaign: CampaignRecord): Repair {
  if (campaign.state !== 'paused' || campaign.dueAt === null) return { kind: 'none' }
  return { kind: 'record', campaign: { ...campaign, dueAt: null } }
}

/** Reads CONTROL# and brings record and control together again; answers the campaign as it then is. */
export async function reconcile(
  deps: Pick<CourseDeps, 'registry' | 'clock' | 'timing'>,
  campaign: CampaignRecord,
): Promise<CampaignRecord> {
  const control = (await deps.registry.controls([campaign.id])).get(campaign.id) ?? null
  const now = deps.clock.now()
  const repair = repairFromControl(campaign, control, { now, timing: deps.timing })
  if (repair.kind === 'record') return deps.registry.updateCampaign(repair.campaign)
  if (repair.kind === 'control') await deps.registry.setControl(campaign.id, { state: repair.state, at: now })
  return campaign
}
