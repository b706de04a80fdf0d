/**
 * The life of a campaign. Each arrow is one event; whatever is not drawn is refused.
 *
 *                     checkRefused
 *            ┌───────────────────────────┐
 *            ▼          check            │       checkDone
 *          draft ───────────────────▶ checking ─────────────▶ checked ◀──┐
 *                                        ▲       check          │ │      │ unschedule
 *                                        └──────────────────────┘ │      │
 *                                                    launch later └─▶ scheduled ⟲ launch at another time
 *                                                    launch now ↘     ↙ launch now
 *                                                             sending ⇄ paused      pause, resume
 *                                                                │ handedOver
 *                                                                ▼
 *                                                               sent ──▶ settled    settle
 *
 *          cancel and fail: from any of them but settled, cancelled and failed.
 *
 * - *draft*: has no plan. A check that finds the file unusable leads back here with the reason in `problem`, so that
 *   a better file can be uploaded and checked.
 * - *checking*: a compile job writes the plan named in `checking.plan`. Only that plan may complete the check: what
 *   an older job finds is refused. The plan and the numbers of an earlier check are gone from this moment.
 * - *checked*: plan and numbers are complete; nothing has been sent.
 * - *scheduled*: will be launched at `launch.at`. Unscheduling (a pause before the start) leads back to checked.
 * - *sending*: pages go to the dispatch queue; some recipient is still queued.
 * - *paused*: workers park what they hold; nothing is submitted until it is resumed.
 * - *sent*: every message was handed over or ended some other way; receipts are still expected.
 * - *settled*: no status will change without somebody acting. Final.
 * - *cancelled*, *failed*: final too, but after a start the messages already under way still get their receipts and
 *   the others their `cancelled` facts; `settle` then only notes when all of them were accounted for.
 *
 * `dueAt` is set exactly while the scheduler has something to look at, see {@link dueAt}.
 */
import type { LaunchTerms } from '../contracts/dispatch.ts'
import { assertNever } from '../errors.ts'
import type { EpochMs, PlanId } from '../ids.ts'
import type { Timing } from '../timing.ts'
import { IllegalState } from './errors.ts'
import {
  type CampaignRecord,
  type CampaignState,
  type CheckNumbers,
  type Guard,
  NO_GUARD,
  type PlanSummary,
} from './record.ts'

export type Problem = NonNullable<CampaignRecord['problem']>

/** What a launch decides of the guard. */
export type LaunchGuard = Pick<Guard, 'canary' | 'pauseAtRefusedPercent'>

export type CampaignEvent =
  | { kind: 'check'; plan: PlanId; thenLaunch: boolean; allowRepeat: boolean; bytesTotal: number }
  | { kind: 'checkDone'; plan: PlanSummary; numbers: CheckNumbers }
  /** `numbers` where the file could be read to its end, and none of its rows be sent. */
  | { kind: 'checkRefused'; plan: PlanId; problem: Problem; numbers: CheckNumbers | null }
  /** `at` in the future schedules it, any other starts it. */
  | { kind: 'launch'; at: EpochMs; terms: LaunchTerms; guard: LaunchGuard }
  | { kind: 'unschedule' }
  /** `guard`, when it was the guard that paused it. */
  | { kind: 'pause'; problem?: Problem; guard?: Guard }
  | { kind: 'resume' }
  | { kind: 'handedOver' }
  | { kind: 'settle' }
  | { kind: 'cancel' }
  | { kind: 'fail'; problem: Problem }

/** When an event happens, and the platform's durations. */
export interface Moment {
  now: EpochMs
  timing: Pick<Timing, 'schedulerMs'>
}

/** No compile run lives longer (Lambda: 900 s): a check older than this has lost its job. */
const CHECK_PATIENCE_MS = 15 * 60_000

/** States each event is allowed in. */
const ALLOWED: Record<CampaignEvent['kind'], readonly CampaignState[]> = {
  check: ['draft', 'checked'],
  checkDone: ['checking'],
  checkRefused: ['checking'],
  launch: ['checked', 'scheduled'],
  unschedule: ['scheduled'],
  pause: ['sending'],
  resume: ['paused'],
  handedOver: ['sending'],
  settle: ['sent', 'cancelled', 'failed'],
  cancel: ['draft', 'checking', 'checked', 'scheduled', 'sending', 'paused', 'sent'],
  fail: ['draft', 'checking', 'checked', 'scheduled', 'sending', 'paused', 'sent'],
}

/** Whether the event may happen to a campaign in this state. */
export const allows = (state: CampaignState, event: CampaignEvent['kind']): boolean =>
  ALLOWED[event].includes(state)

/**
 * The record after the event; the one given stays as it was, `rev` included (the registry raises it).
 * @throws IllegalState (`illegal_state`) naming the state, when the event is not allowed in it.
 */
export function move(campaign: CampaignRecord, event: CampaignEvent, moment: Moment): CampaignRecord {
  if (!allows(campaign.state, event.kind)) {
    throw new IllegalState(campaign.state, refusal(campaign.state, event.kind))
  }
  const next = apply(campaign, event, moment.now)
  return { ...next, dueAt: dueAt(next, moment) }
}

function apply(campaign: CampaignRecord, event: CampaignEvent, now: EpochMs): CampaignRecord {
  switch (event.kind) {
    case 'check':
      return {
        ...campaign,
        state: 'checking',
        checking: {
          plan: event.plan,
          startedAt: now,
          thenLaunch: event.thenLaunch,
          allowRepeat: event.allowRepeat,
        },
        progress: { bytes: 0, bytesTotal: event.bytesTotal, rows: 0 },
        numbers: null,
        plan: null,
        rejects: null,
        problem: null,
      }
    case 'checkDone':
      mustBeChecking(campaign, event.plan.id)
      return {
        ...campaign,
        state: 'checked',
        checking: null,
        progress: null,
        plan: event.plan,
        numbers: event.numbers,
        rejects: event.plan.id,
      }
    case 'checkRefused':
      mustBeChecking(campaign, event.plan)
      return {
        ...campaign,
        state: 'draft',
        checking: null,
        progress: null,
        numbers: event.numbers,
        rejects: event.numbers && event.plan,
        problem: event.problem,
      }
    case 'launch':
      return {
        ...campaign,
        state: event.at > now ? 'scheduled' : 'sending',
        launch: { at: event.at, terms: event.terms },
        guard: { ...NO_GUARD, ...picked(event.guard) },
        problem: null,
      }
    case 'unschedule':
      return { ...campaign, state: 'checked', launch: null }
    case 'pause':
      return {
        ...campaign,
        state: 'paused',
        problem: event.problem ?? null,
        guard: event.guard ?? campaign.guard,
      }
    case 'resume':
      return { ...campaign, state: 'sending', problem: null, guard: resumed(campaign.guard) }
    case 'handedOver':
      return { ...campaign, state: 'sent' }
    case 'settle':
      return { ...campaign, state: campaign.state === 'sent' ? 'settled' : campaign.state, settledAt: now }
    case 'cancel':
      return { ...ended(campaign), state: 'cancelled' }
    case 'fail':
      return { ...ended(campaign), state: 'failed', problem: event.problem }
    default:
      return assertNever(event)
  }
}

const picked = ({ canary, pauseAtRefusedPercent }: LaunchGuard): LaunchGuard => ({
  canary,
  pauseAtRefusedPercent,
})

/** Whoever resumes has seen the refusals so far, and does not wait for a canary any more. */
const resumed = (guard: Guard): Guard => ({
  ...guard,
  canarySent: guard.canarySent && { ...guard.canarySent, isJudged: true },
  seen: null,
})

/** A campaign that never started forgets its launch: so {@link wasStarted} tells whether there is something to settle. */
function ended(campaign: CampaignRecord): CampaignRecord {
  const launch = campaign.state === 'scheduled' ? null : campaign.launch
  return { ...campaign, checking: null, progress: null, launch }
}

/** A job that outlived its check (a cancel and a new check came between) must not complete the new one. */
function mustBeChecking(campaign: CampaignRecord, plan: PlanId): void {
  if (campaign.checking?.plan === plan) return
  throw new IllegalState(
    campaign.state,
    `campaign ${campaign.id} is checking plan ${campaign.checking?.plan}, not ${plan}: the result of an older check is dropped`,
  )
}

/** When the scheduler must look at the campaign again; null while nothing can happen without somebody acting. */
export function dueAt(campaign: CampaignRecord, { now, timing }: Moment): EpochMs | null {
  switch (campaign.state) {
    case 'draft':
    case 'checked':
    case 'paused':
    case 'settled':
      return null
    case 'checking':
      return (campaign.checking?.startedAt ?? now) + CHECK_PATIENCE_MS
    case 'scheduled':
      return campaign.launch?.at ?? now
    case 'sending':
    case 'sent':
      return now + timing.schedulerMs
    case 'cancelled':
    case 'failed':
      return wasStarted(campaign) && campaign.settledAt === null ? now + timing.schedulerMs : null
    default:
      return assertNever(campaign.state)
  }
}

/** Whether any of its messages may have left: only then is there something to settle after a cancel. */
export const wasStarted = (campaign: CampaignRecord): boolean =>
  campaign.launch !== null && campaign.state !== 'scheduled'

const INFINITIVE: Record<CampaignEvent['kind'], string> = {
  check: 'be checked',
  checkDone: 'complete a check',
  checkRefused: 'end a check',
  launch: 'be launched',
  unschedule: 'be unscheduled',
  pause: 'be paused',
  resume: 'be resumed',
  handedOver: 'be sent',
  settle: 'be settled',
  cancel: 'be cancelled',
  fail: 'fail',
}

function refusal(state: CampaignState, event: CampaignEvent['kind']): string {
  const from = ALLOWED[event].join(', ')
  return `the campaign is ${state} and cannot ${INFINITIVE[event]}: that is possible while it is ${from}`
}
