import { describe, expect, it } from 'vitest'
import { IllegalState } from '../../shared/campaign/errors.ts'
import { type CampaignRecord, CampaignState, NO_GUARD } from '../../shared/campaign/record.ts'
import { type CampaignEvent, type Moment, move } from '../../shared/campaign/states.ts'
import { PlanId } from '../../shared/ids.ts'
import {
  aCampaign,
  aCheckedCampaign,
  aLaunchedCampaign,
  aPlan,
  PLAN,
  someNumbers,
} from './campaign.factory.ts'

const NOW = Date.UTC(2026, 8, 1, 6)
const MOMENT: Moment = { now: NOW, timing: { schedulerMs: 60_000 } }
const TERMS = { expiresAt: NOW + 3_600_000, hours: null, policy: 'hold' } as const
const PROBLEM = { code: 'file_empty', message: 'the file is empty' }

const EVENTS: { [Kind in CampaignEvent['kind']]: Extract<CampaignEvent, { kind: Kind }> } = {
  check: { kind: 'check', plan: PLAN, thenLaunch: false, allowRepeat: false, bytesTotal: 100 },
  checkDone: { kind: 'checkDone', plan: aPlan(), numbers: someNumbers() },
  checkRefused: { kind: 'checkRefused', plan: PLAN, problem: PROBLEM, numbers: null },
  launch: { kind: 'launch', at: NOW, terms: TERMS, guard: NO_GUARD },
  unschedule: { kind: 'unschedule' },
  pause: { kind: 'pause' },
  resume: { kind: 'resume' },
  handedOver: { kind: 'handedOver' },
  settle: { kind: 'settle' },
  cancel: { kind: 'cancel' },
  fail: { kind: 'fail', problem: PROBLEM },
}

/** The whole table: state → event → state after it. What is not here must be refused. */
const ARROWS: Record<CampaignState, Partial<Record<CampaignEvent['kind'], CampaignState>>> = {
  draft: { check: 'checking', cancel: 'cancelled', fail: 'failed' },
  checking: { checkDone: 'checked', checkRefused: 'draft', cancel: 'cancelled', fail: 'failed' },
  checked: { check: 'checking', launch: 'sending', cancel: 'cancelled', fail: 'failed' },
  scheduled: { launch: 'sending', unschedule: 'checked', cancel: 'cancelled', fail: 'failed' },
  sending: { pause: 'paused', handedOver: 'sent', cancel: 'cancelled', fail: 'failed' },
  paused: { resume: 'sending', cancel: 'cancelled', fail: 'failed' },
  sent: { settle: 'settled', cancel: 'cancelled', fail: 'failed' },
  settled: {},
  cancelled: { settle: 'cancelled' },
  failed: { settle: 'failed' },
}

function inState(state: CampaignState): CampaignRecord {
  if (state === 'draft') return aCampaign()
  if (state === 'checking') {
    return aCampaign({
      state,
      checking: { plan: PLAN, startedAt: NOW - 5_000, thenLaunch: false, allowRepeat: false },
    })
  }
  if (state === 'checked') return aCheckedCampaign()
  return aLaunchedCampaign({ state })
}

describe('a campaign', () => {
  const pairs = CampaignState.options.flatMap((state) =>
    Object.values(EVENTS).map((event) => ({ state, kind: event.kind, event, to: ARROWS[state][event.kind] })),
  )

  it.each(pairs.filter(({ to }) => to !== undefined))('that is $state becomes $to by $kind', (pair) => {
    expect(move(inState(pair.state), pair.event, MOMENT).state).toBe(pair.to)
  })

  it.each(pairs.filter(({ to }) => to === undefined))(
    'that is $state refuses $kind, naming its state',
    (pair) => {
      const campaign = inState(pair.state)
      const before = structuredClone(campaign)
      const attempt = () => move(campaign, pair.event, MOMENT)
      expect(attempt).toThrow(IllegalState)
      expect(attempt).toThrow(expect.objectContaining({ code: 'illegal_state', state: pair.state }))
      expect(attempt).toThrow(new RegExp(`is ${pair.state} and cannot`))
      expect(campaign).toEqual(before)
    },
  )

  it('launched for later is scheduled, and may be given another time', () => {
    const scheduled = move(aCheckedCampaign(), { ...EVENTS.launch, at: NOW + 1 }, MOMENT)
    expect(scheduled.state).toBe('scheduled')
    const later = move(scheduled, { ...EVENTS.launch, at: NOW + 7_200_000 }, MOMENT)
    expect(later).toMatchObject({
      state: 'scheduled',
      launch: { at: NOW + 7_200_000 },
      dueAt: NOW + 7_200_000,
    })
  })

  it('forgets plan and numbers of an earlier check when it is checked again', () => {
    const again = move(aCheckedCampaign(), EVENTS.check, MOMENT)
    expect(again).toMatchObject({
      plan: null,
      numbers: null,
      progress: { bytes: 0, bytesTotal: 100, rows: 0 },
    })
  })

  it('drops the result of a check that is not the one under way', () => {
    const other = PlanId.parse('01K6P1AN000000000000000002')
    const done: CampaignEvent = { ...EVENTS.checkDone, plan: aPlan({ id: other }) }
    expect(() => move(inState('checking'), done, MOMENT)).toThrow(/result of an older check is dropped/)
    const refused: CampaignEvent = { ...EVENTS.checkRefused, plan: other }
    expect(() => move(inState('checking'), refused, MOMENT)).toThrow(IllegalState)
  })

  it('goes back to draft with the reason when its file is refused, and loses the reason with the next check', () => {
    const refused = move(inState('checking'), EVENTS.checkRefused, MOMENT)
    expect(refused).toMatchObject({ state: 'draft', problem: PROBLEM, checking: null })
    expect(move(refused, EVENTS.check, MOMENT).problem).toBeNull()
  })

  it('keeps when a cancelled campaign was accounted for, without calling it settled', () => {
    const cancelled = move(inState('sending'), EVENTS.cancel, MOMENT)
    expect(move(cancelled, EVENTS.settle, MOMENT)).toMatchObject({ state: 'cancelled', settledAt: NOW })
  })

  it('leaves the record it was given as it was', () => {
    const campaign = aCheckedCampaign()
    const before = structuredClone(campaign)
    move(campaign, EVENTS.launch, MOMENT)
    expect(campaign).toEqual(before)
  })
})

describe('the scheduler must look at a campaign', () => {
  const due = (state: CampaignState, event: CampaignEvent) => move(inState(state), event, MOMENT).dueAt

  it('a quarter of an hour after its check began, when no compile run can still live', () => {
    expect(due('draft', EVENTS.check)).toBe(NOW + 15 * 60_000)
  })

  it('at its launch when it is scheduled', () => {
    expect(due('checked', { ...EVENTS.launch, at: NOW + 5_000 })).toBe(NOW + 5_000)
  })

  it('one round later while it is sending or sent', () => {
    expect(due('checked', EVENTS.launch)).toBe(NOW + 60_000)
    expect(due('sending', EVENTS.handedOver)).toBe(NOW + 60_000)
    expect(due('paused', EVENTS.resume)).toBe(NOW + 60_000)
  })

  it('never while it is draft, checked, paused or settled', () => {
    expect(due('checking', EVENTS.checkRefused)).toBeNull()
    expect(due('checking', EVENTS.checkDone)).toBeNull()
    expect(due('scheduled', EVENTS.unschedule)).toBeNull()
    expect(due('sending', EVENTS.pause)).toBeNull()
    expect(due('sent', EVENTS.settle)).toBeNull()
  })

  it('after a cancel only if it was started, and until everything is accounted for', () => {
    expect(due('draft', EVENTS.cancel)).toBeNull()
    expect(due('scheduled', EVENTS.cancel)).toBeNull()
    expect(due('sending', EVENTS.cancel)).toBe(NOW + 60_000)
    expect(due('paused', EVENTS.fail)).toBe(NOW + 60_000)
    expect(due('cancelled', EVENTS.settle)).toBeNull()
  })
})
