import { describe, expect, it } from 'vitest'
import { reconcile, repairFromControl } from '../../shared/campaign/course.ts'
import { launchCampaign, launchTerms } from '../../shared/campaign/launch.ts'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../shared/campaign/pause.ts'
import type { CampaignRecord, CampaignState } from '../../shared/campaign/record.ts'
import { DEFAULT_RULES } from '../../shared/dlt/rules/rules.ts'
import type { Control } from '../../shared/ports.ts'
import { type MemoryDeps, memoryDeps } from '../support/memory-ports.ts'
import {
  aCampaign,
  aCheckedCampaign,
  aLaunchedCampaign,
  aPlan,
  CAMPAIGN,
  TENANT,
} from './campaign.factory.ts'

async function stored(campaign: CampaignRecord): Promise<{ deps: MemoryDeps; campaign: CampaignRecord }> {
  const deps = memoryDeps()
  await deps.registry.createCampaign(campaign)
  return { deps, campaign }
}

const controlOf = async (deps: MemoryDeps) =>
  (await deps.registry.controls([CAMPAIGN])).get(CAMPAIGN)?.state ?? null
const recordOf = async (deps: MemoryDeps) => (await deps.registry.campaign(TENANT, CAMPAIGN))!

/** Makes one call of the registry fail as if the process died there. */
function dieAt(deps: MemoryDeps, method: 'setControl' | 'updateCampaign', nth = 1) {
  const original = deps.registry[method].bind(deps.registry) as (...args: unknown[]) => Promise<unknown>
  let calls = 0
  Object.assign(deps.registry, {
    [method]: (...args: unknown[]) =>
      ++calls === nth ? Promise.reject(new Error('died')) : original(...args),
  })
}

/** Something else stores the campaign just before the next update of it. */
function meanwhile(deps: MemoryDeps, change: (campaign: CampaignRecord) => CampaignRecord) {
  const original = deps.registry.updateCampaign.bind(deps.registry)
  let first = true
  deps.registry.updateCampaign = async (campaign) => {
    if (first) {
      first = false
      await original(change(await recordOf(deps)))
    }
    return original(campaign)
  }
}

describe('launching', () => {
  it('starts now: CONTROL# sending, terms from now, the feeder asked', async () => {
    const { deps, campaign } = await stored(aCheckedCampaign())
    const launched = await launchCampaign(deps, campaign)
    const now = deps.clock.now()
    expect(launched).toMatchObject({ state: 'sending', launch: { at: now } })
    expect(launched.launch?.terms).toEqual({ expiresAt: now + 86_400_000, hours: null, policy: 'hold' })
    expect(await controlOf(deps)).toBe('sending')
    expect(deps.queue.bodies('feed').map((body) => JSON.parse(body))).toEqual([
      { kind: 'feed', tenant: 'acme', campaign: CAMPAIGN },
    ])
  })

  it('for later only schedules: nothing obeys it yet', async () => {
    const { deps, campaign } = await stored(aCheckedCampaign())
    const at = deps.clock.now() + 3_600_000
    const scheduled = await launchCampaign(deps, campaign, { at })
    expect(scheduled).toMatchObject({ state: 'scheduled', dueAt: at })
    expect(scheduled.launch?.terms.expiresAt).toBe(at + 86_400_000)
    expect(await controlOf(deps)).toBeNull()
    expect(deps.queue.bodies('feed')).toEqual([])
  })

  it('of a scheduled campaign at its time starts it, with a full validity even when that is late', async () => {
    const { deps, campaign } = await stored(aCheckedCampaign())
    const scheduled = await launchCampaign(deps, campaign, { at: deps.clock.now() + 1_000 })
    await deps.clock.advance(5_000)
    const started = await launchCampaign(deps, scheduled)
    expect(started.state).toBe('sending')
    expect(started.launch?.terms.expiresAt).toBe(deps.clock.now() + 86_400_000)
  })

  it('gives promotional campaigns 10:00 to 21:00, and only those', () => {
    const at = 0
    const base = { policy: 'hold', validityHours: 1.5 } as const
    expect(launchTerms({ ...base, lane: 'promotional' }, at, DEFAULT_RULES)).toEqual({
      expiresAt: 5_400_000,
      hours: { fromMinute: 600, toMinute: 1_260 },
      policy: 'hold',
    })
    expect(launchTerms({ ...base, lane: 'otp' }, at, DEFAULT_RULES).hours).toBeNull()
  })

  it('refuses a plan without recipients', async () => {
    const { deps, campaign } = await stored(aCheckedCampaign({ plan: aPlan({ recipients: 0 }) }))
    await expect(launchCampaign(deps, campaign)).rejects.toMatchObject({ code: 'nothing_to_send' })
    expect(await controlOf(deps)).toBeNull()
  })

  it('writes nothing when the state forbids it', async () => {
    const { deps, campaign } = await stored(aCampaign())
    await expect(launchCampaign(deps, campaign)).rejects.toMatchObject({
      code: 'illegal_state',
      state: 'draft',
    })
    expect(await controlOf(deps)).toBeNull()
  })

  it('that loses to a cancel leaves CONTROL# cancelled', async () => {
    const { deps, campaign } = await stored(aCheckedCampaign())
    meanwhile(deps, (current) => ({ ...current, state: 'cancelled' }))
    await expect(launchCampaign(deps, campaign)).rejects.toMatchObject({ state: 'cancelled' })
    expect(await controlOf(deps)).toBe('cancelled')
    expect(deps.queue.bodies('feed')).toEqual([])
  })
})

describe('steering', () => {
  it('pauses although the feeder moves its cursor meanwhile, and keeps the cursor', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign())
    meanwhile(deps, (current) => ({ ...current, feed: { nextPage: 7, fedAt: 1 } }))
    const paused = await pauseCampaign(deps, campaign)
    expect(paused).toMatchObject({ state: 'paused', feed: { nextPage: 7 }, dueAt: null })
    expect(await controlOf(deps)).toBe('paused')
  })

  it('pauses with the reason when the platform does it', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign())
    const problem = { code: 'route_gone', message: 'no route is bound' }
    expect(await pauseCampaign(deps, campaign, { problem })).toMatchObject({ state: 'paused', problem })
  })

  it('takes a scheduled campaign off the schedule instead of pausing it', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign({ state: 'scheduled' }))
    expect(await pauseCampaign(deps, campaign)).toMatchObject({ state: 'checked', launch: null, dueAt: null })
    expect(await controlOf(deps)).toBeNull()
  })

  it('resumes and asks the feeder', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign({ state: 'paused' }))
    expect((await resumeCampaign(deps, campaign)).state).toBe('sending')
    expect(await controlOf(deps)).toBe('sending')
    expect(deps.queue.bodies('feed')).toHaveLength(1)
  })

  it.each(['draft', 'checking', 'checked', 'scheduled', 'sending', 'paused', 'sent'] as const)(
    'cancels what is %s and says so to workers',
    async (state) => {
      const { deps, campaign } = await stored(aLaunchedCampaign({ state }))
      expect((await cancelCampaign(deps, campaign)).state).toBe('cancelled')
      expect(await controlOf(deps)).toBe('cancelled')
    },
  )

  it('a resume that loses to a cancel does not leave workers sending', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign({ state: 'paused', dueAt: 1 }))
    meanwhile(deps, (current) => ({ ...current, state: 'cancelled' }))
    await expect(resumeCampaign(deps, campaign)).rejects.toMatchObject({ state: 'cancelled' })
    expect(await controlOf(deps)).toBe('cancelled')
    expect((await recordOf(deps)).state).toBe('cancelled')
  })

  it('takes an update whose answer was lost for done', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign())
    meanwhile(deps, (current) => ({ ...current, state: 'paused' }))
    expect((await pauseCampaign(deps, campaign)).state).toBe('paused')
  })
})

describe('a crash between CONTROL# and the record', () => {
  it.each([
    ['pause', pauseCampaign, 'sending', 'paused'],
    ['resume', resumeCampaign, 'paused', 'sending'],
    ['cancel', cancelCampaign, 'paused', 'cancelled'],
    ['cancel', cancelCampaign, 'sending', 'cancelled'],
  ] as const)('of a %s is made good by the scheduler', async (_, act, from, to) => {
    const { deps, campaign } = await stored(
      aLaunchedCampaign({ state: from, dueAt: from === 'paused' ? null : 1 }),
    )
    dieAt(deps, 'updateCampaign', from === 'paused' ? 2 : 1)
    await expect(act(deps, campaign)).rejects.toThrow('died')

    await deps.clock.advance(deps.timing.schedulerMs)
    const due = await deps.registry.dueCampaigns(deps.clock.now(), 10)
    expect(due).toContainEqual({ tenant: TENANT, id: CAMPAIGN })
    expect((await reconcile(deps, await recordOf(deps))).state).toBe(to)
    expect((await recordOf(deps)).state).toBe(to)
  })

  it('before anything but the reminder was written leaves a paused campaign paused, and lets it rest again', async () => {
    const { deps, campaign } = await stored(aLaunchedCampaign({ state: 'paused' }))
    await deps.registry.setControl(CAMPAIGN, { state: 'paused', at: 0 })
    dieAt(deps, 'setControl')
    await expect(resumeCampaign(deps, campaign)).rejects.toThrow('died')
    expect(await reconcile(deps, await recordOf(deps))).toMatchObject({ state: 'paused', dueAt: null })
  })
})

describe('repairFromControl', () => {
  const moment = { now: 0, timing: { schedulerMs: 60_000 } }
  const repair = (state: CampaignState, control: Control['state'] | null) => {
    const found = repairFromControl(aLaunchedCampaign({ state }), control && { state: control }, moment)
    if (found.kind === 'record') return `record ${found.campaign.state}`
    return found.kind === 'control' ? `control ${found.state}` : 'none'
  }

  it.each([
    ['sending', 'paused', 'record paused'],
    ['sending', 'cancelled', 'record cancelled'],
    ['sending', 'sending', 'none'],
    ['sending', null, 'control sending'],
    ['paused', 'sending', 'record sending'],
    ['paused', 'cancelled', 'record cancelled'],
    ['paused', 'paused', 'none'],
    ['sent', 'cancelled', 'record cancelled'],
    ['sent', 'paused', 'control sending'],
    ['cancelled', 'sending', 'control cancelled'],
    ['cancelled', 'paused', 'control cancelled'],
    ['failed', 'sending', 'control cancelled'],
    ['settled', 'sending', 'none'],
    ['checked', 'sending', 'none'],
    ['checked', 'cancelled', 'record cancelled'],
    ['scheduled', null, 'none'],
    ['draft', null, 'none'],
  ] as const)('of a record %s and CONTROL# %s: %s', (state, control, expected) => {
    expect(repair(state, control)).toBe(expected)
  })
})
