/**
 * A campaign that DLT refuses stops by itself: a wrong template or header fails for everybody alike, and every further
 * message costs the same as one that arrives. Two looks, both at recipients who have ended: at a canary that is sent
 * first, before the rest is; and, while it is sending, at what ended since the last look.
 */
import type { EpochMs } from '../ids.ts'
import { type PageSummary, PENDING, type Status } from '../ledger/summary.ts'
import type { CampaignRecord, Canary, Guard } from './record.ts'
import type { Problem } from './states.ts'

/** Fewer say little: one bad number in ten is no refusal rate. */
const LEAST_ENDED = 500
/** Of all recipients, how many must have ended between two looks: the campaign is written at each. */
const SHARE_BETWEEN_LOOKS = 0.02
const MINUTE_MS = 60_000

/** What becomes of the guard, and of the campaign with it. */
export type GuardStep =
  | { kind: 'none' }
  | { kind: 'note'; guard: Guard }
  /** The canary was well received: the feeder may go on. */
  | { kind: 'goOn'; guard: Guard }
  | { kind: 'pause'; guard: Guard; problem: Problem }

/** What has come of the recipients. */
interface Fate {
  ended: number
  /** Sent, and without a final receipt. */
  awaited: number
  refused: number
  /** `status|code` of the commonest refusal; null when there is none. */
  commonest: string | null
}

interface GuardedCampaign {
  plan: Pick<NonNullable<CampaignRecord['plan']>, 'recipients'>
  guard: Guard
}

/** @param isDltRefusal by the code of a reason, as the summaries have it. */
export function guardStep(
  { plan, guard }: GuardedCampaign,
  summaries: ReadonlyMap<number, PageSummary>,
  { isDltRefusal, now }: { isDltRefusal: (code: string) => boolean; now: EpochMs },
): GuardStep {
  const fate = fateOf(summaries.values(), isDltRefusal)
  const { canary, canarySent } = guard
  if (canary !== null && canarySent !== null && !canarySent.isJudged) {
    return canaryStep(guard, { canary, canarySent, fate, now })
  }
  return rateStep(guard, fate, plan.recipients)
}

function fateOf(summaries: Iterable<PageSummary>, isDltRefusal: (code: string) => boolean): Fate {
  const refusals = new Map<string, number>()
  let ended = 0
  let awaited = 0
  for (const { statuses, reasons } of summaries) {
    awaited += statuses.sent ?? 0
    for (const [status, count] of Object.entries(statuses)) {
      if (!PENDING.has(status as Status)) ended += count
    }
    for (const [reason, count] of Object.entries(reasons)) {
      if (!isDltRefusal(codeOf(reason))) continue
      refusals.set(reason, (refusals.get(reason) ?? 0) + count)
    }
  }
  const [commonest] = [...refusals].sort(([, a], [, b]) => b - a)[0] ?? [null]
  return { ended, awaited, refused: [...refusals.values()].reduce((sum, count) => sum + count, 0), commonest }
}

/** Of `status|code`. */
const codeOf = (reason: string): string => reason.slice(reason.indexOf('|') + 1)

function canaryStep(
  guard: Guard,
  at: { canary: Canary; canarySent: NonNullable<Guard['canarySent']>; fate: Fate; now: EpochMs },
): GuardStep {
  const { canary, canarySent, fate, now } = at
  const { recipients, allSentAt } = canarySent
  const judged: Guard = {
    ...guard,
    canarySent: { ...canarySent, isJudged: true },
    seen: { ended: fate.ended, refused: fate.refused },
  }
  const areTooMany = (among: number) => fate.refused * 100 > canary.maxRefusedPercent * among
  const pause = (problem: Problem): GuardStep => ({ kind: 'pause', guard: judged, problem })
  // Whatever becomes of the others.
  if (areTooMany(recipients)) return pause(canaryRefused(canary, recipients, fate))
  if (fate.ended < recipients) {
    if (fate.ended + fate.awaited < recipients) return { kind: 'none' }
    if (allSentAt === null) {
      return { kind: 'note', guard: { ...guard, canarySent: { ...canarySent, allSentAt: now } } }
    }
    if (now < allSentAt + canary.waitMinutes * MINUTE_MS) return { kind: 'none' }
  }
  if (fate.ended === 0) return pause(canarySilent(canary, recipients))
  return areTooMany(fate.ended)
    ? pause(canaryRefused(canary, fate.ended, fate))
    : { kind: 'goOn', guard: judged }
}

function rateStep(guard: Guard, fate: Fate, recipients: number): GuardStep {
  const { seen, pauseAtRefusedPercent } = guard
  const next: Guard = { ...guard, seen: { ended: fate.ended, refused: fate.refused } }
  if (pauseAtRefusedPercent === null) return { kind: 'none' }
  if (seen === null) return { kind: 'note', guard: next }
  const ended = fate.ended - seen.ended
  if (ended < Math.max(LEAST_ENDED, recipients * SHARE_BETWEEN_LOOKS)) return { kind: 'none' }
  const refused = fate.refused - seen.refused
  if (refused * 100 <= pauseAtRefusedPercent * ended) return { kind: 'note', guard: next }
  const problem = refusals(refused, ended, pauseAtRefusedPercent, fate)
  return { kind: 'pause', guard: next, problem }
}

const THEN = 'Repair what the reason says, then resume; or cancel'

const canaryRefused = (
  { maxRefusedPercent }: Canary,
  among: number,
  { refused, commonest }: Fate,
): Problem => ({
  code: 'canary_refused',
  message:
    `DLT refused ${refused} of ${among} recipients of the canary, more than the ${maxRefusedPercent} % it may; ` +
    `mostly with ${codeOf(commonest!)}. ${THEN}.`,
})

const canarySilent = ({ waitMinutes }: Canary, recipients: number): Problem => ({
  code: 'canary_silent',
  message:
    `None of the ${recipients} recipients of the canary ended within ${waitMinutes} minutes, so nothing is known of ` +
    'how the rest would fare. Look at the routes, then resume; or cancel.',
})

const refusals = (refused: number, ended: number, percent: number, { commonest }: Fate): Problem => ({
  code: 'dlt_refusals',
  message:
    `DLT refused ${refused} of the last ${ended} recipients, more than the ${percent} % it may; ` +
    `mostly with ${codeOf(commonest!)}. ${THEN}.`,
})
