import { beforeEach, describe, expect, it } from 'vitest'
import { move } from '../../shared/campaign/states.ts'
import type { CampaignId } from '../../shared/ids.ts'
import { aPlan, someNumbers } from '../campaign/campaign.factory.ts'
import { CAMPAIGN, launchedCampaign } from './support/sent-campaign.ts'
import { ACME, createCampaign, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

const post = (id: string, action: string, json?: object, headers?: Record<string, string>) =>
  at.call('POST', `/v1/campaigns/${id}/${action}`, { ...(json && { json }), ...(headers && { headers }) })
const jobs = (queue: 'jobs' | 'feed') => at.deps.queue.bodies(queue).map((body) => JSON.parse(body))

async function uploaded(): Promise<string> {
  const id = await createCampaign(at)
  await at.deps.objects.put(`uploads/acme/${id}.csv`, 'phone,name\n9876543210,Asha\n')
  return id
}

/** As the compile function leaves it. */
async function checked(): Promise<string> {
  const id = await uploaded()
  await post(id, 'check')
  const campaign = (await at.deps.registry.campaign(ACME, id as CampaignId))!
  const event = {
    kind: 'checkDone',
    plan: aPlan({ id: campaign.checking!.plan }),
    numbers: someNumbers(),
  } as const
  const moment = { now: at.deps.clock.now(), timing: at.deps.timing }
  await at.deps.registry.updateCampaign(move(campaign, event, moment))
  return id
}

describe('check', () => {
  it('starts a compile job whose plan is the one the campaign waits for', async () => {
    const id = await uploaded()
    const { status, body } = await post(id, 'check', { thenLaunch: true })
    expect(status).toBe(202)
    expect(body).toMatchObject({
      state: 'checking',
      checking: { thenLaunch: true, startedAt: '2026-09-01T06:00:00.000Z' },
      progress: { bytes: 0, bytesTotal: 27, rows: 0 },
    })
    const plan = (await at.deps.registry.campaign(ACME, id as CampaignId))!.checking!.plan
    expect(jobs('jobs')).toEqual([{ kind: 'compile', tenant: 'acme', campaign: id, plan }])
  })

  it('without a body does not launch', async () => {
    expect((await post(await uploaded(), 'check')).body.checking.thenLaunch).toBe(false)
  })

  it('is refused while the file is not there', async () => {
    const refused = await post(await createCampaign(at), 'check')
    expect(refused).toMatchObject({ status: 422, body: { code: 'upload_missing' } })
    expect(jobs('jobs')).toEqual([])
  })

  it('is refused while a check is under way, naming the state', async () => {
    const id = await uploaded()
    await post(id, 'check')
    expect(await post(id, 'check')).toMatchObject({
      status: 409,
      body: {
        code: 'illegal_state',
        state: 'checking',
        detail: expect.stringContaining('is checking and cannot'),
      },
    })
    expect(jobs('jobs')).toHaveLength(1)
  })

  it('tells, once it is complete, when the campaign would be through', async () => {
    const { body } = await at.call('GET', `/v1/campaigns/${await checked()}`)
    expect(body.forecast).toEqual({
      ...{ startsAt: '2026-09-01T06:00:00.000Z', finishesAt: '2026-09-01T06:00:00.030Z' },
      ...{ segmentsPerSecond: 100, expired: 0 },
      stretches: [{ from: '2026-09-01T06:00:00.000Z', to: '2026-09-01T06:00:00.030Z', segments: 3 }],
    })
  })

  it('may be repeated once it is complete', async () => {
    expect((await post(await checked(), 'check')).body).toMatchObject({ state: 'checking', numbers: null })
  })
})

describe('launch', () => {
  it('starts a checked campaign', async () => {
    const id = await checked()
    const { status, body } = await post(id, 'launch')
    expect(status).toBe(202)
    expect(body).toMatchObject({ state: 'sending', totals: null, launch: { at: '2026-09-01T06:00:00.000Z' } })
    expect(jobs('feed')).toEqual([{ kind: 'feed', tenant: 'acme', campaign: id }])
  })

  it('at a time in any zone schedules it; pause takes it off the schedule', async () => {
    const id = await checked()
    const { body } = await post(id, 'launch', { at: '2026-09-01T18:00:00+05:30' })
    expect(body).toMatchObject({ state: 'scheduled', launch: { at: '2026-09-01T12:30:00.000Z' } })
    expect(jobs('feed')).toEqual([])
    expect((await post(id, 'pause')).body).toMatchObject({ state: 'checked', launch: null })
  })

  it.each([
    ['over', '2026-09-01T05:00:00Z', 'launch_in_past'],
    ['without a zone', '2026-09-01T18:00:00', 'invalid_request'],
  ])('at a time that is %s is refused', async (_, when, code) => {
    expect(await post(await checked(), 'launch', { at: when })).toMatchObject({ status: 422, body: { code } })
  })

  it('may send a canary first, and says when it pauses itself', async () => {
    const json = { canary: { recipients: 200 }, pauseAtRefusedPercent: null }
    const { body } = await post(await checked(), 'launch', json)
    const canary = { recipients: 200, maxRefusedPercent: 5, waitMinutes: 10, sentAt: null, isJudged: false }
    expect(body.guard).toEqual({ canary, pauseAtRefusedPercent: null })
    expect((await post(await checked(), 'launch')).body.guard).toEqual({
      ...{ canary: null, pauseAtRefusedPercent: 30 },
    })
  })

  it('of a file that was launched today needs allowRepeat', async () => {
    const withHash = async () => {
      const id = await checked()
      const campaign = (await at.deps.registry.campaign(ACME, id as CampaignId))!
      await at.deps.registry.updateCampaign({ ...campaign, plan: { ...campaign.plan!, fileHash: 'cafe' } })
      return id
    }
    const first = await withHash()
    await post(first, 'launch')
    const second = await withHash()
    const refused = await post(second, 'launch')
    expect(refused).toMatchObject({ status: 409, body: { code: 'sent_before' } })
    expect(refused.body.detail).toContain(first)
    expect(await post(second, 'launch', { allowRepeat: true })).toMatchObject({ status: 202 })
  })

  it('is audited, with who launched it', async () => {
    const id = await checked()
    await post(id, 'launch')
    await post(id, 'pause')
    const { body } = await at.call('GET', '/v1/audit?limit=2')
    expect(body.items.map(({ action, subject }: Record<string, string>) => [action, subject])).toEqual([
      ['campaign.pause', id],
      ['campaign.launch', id],
    ])
  })

  it('is refused before a check, naming the state', async () => {
    const refused = await post(await createCampaign(at), 'launch')
    expect(refused).toMatchObject({ status: 409, body: { code: 'illegal_state', state: 'draft' } })
  })

  it('repeated with the same Idempotency-Key has no second effect and no second answer', async () => {
    const id = await checked()
    const first = await post(id, 'launch', {}, { 'idempotency-key': 'k1' })
    const second = await post(id, 'launch', {}, { 'idempotency-key': 'k1' })
    expect(second).toMatchObject({ status: 202, body: first.body })
    expect(jobs('feed')).toHaveLength(1)
    expect(await post(id, 'launch', {}, { 'idempotency-key': 'k2' })).toMatchObject({ status: 409 })
  })

  it('repeated while the first is under way takes its result instead of a conflict', async () => {
    const id = await checked()
    const key = { 'idempotency-key': 'k1' }
    const remembered = at.deps.registry.remembered.bind(at.deps.registry)
    let asked = 0
    // The second asks before the first has answered, and again after it was refused.
    at.deps.registry.remembered = async (...call) => (++asked === 1 ? null : remembered(...call))
    const first = await post(id, 'launch', {}, key)
    asked = 0
    const second = await post(id, 'launch', {}, key)
    expect(second).toMatchObject({ status: 202, body: first.body })
  })
})

describe('steering', () => {
  it('pauses, resumes and cancels what is sending', async () => {
    await launchedCampaign(at.deps)
    expect((await post(CAMPAIGN, 'pause')).body.state).toBe('paused')
    expect((await post(CAMPAIGN, 'resume')).body.state).toBe('sending')
    expect((await post(CAMPAIGN, 'cancel')).body.state).toBe('cancelled')
    expect((await at.deps.registry.controls([CAMPAIGN])).get(CAMPAIGN)?.state).toBe('cancelled')
  })

  it.each([
    ['pause', 'draft'],
    ['resume', 'draft'],
    ['cancel', 'settled'],
    ['cancel', 'cancelled'],
    ['pause', 'paused'],
    ['resume', 'sending'],
    ['check', 'sending'],
    ['launch', 'paused'],
  ] as const)('refuses to %s what is %s', async (action, state) => {
    const campaign = await launchedCampaign(at.deps, { state })
    await at.deps.objects.put(campaign.uploadKey, 'x')
    expect(await post(CAMPAIGN, action)).toMatchObject({
      status: 409,
      body: { code: 'illegal_state', state },
    })
  })
})
