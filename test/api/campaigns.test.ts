import { beforeEach, describe, expect, it } from 'vitest'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { aPlan } from '../campaign/campaign.factory.ts'
import { CAMPAIGN, happened, launchedCampaign, refused } from './support/sent-campaign.ts'
import { ACME, registerTemplate, TEMPLATE_ID, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

const INPUT = { name: 'Orders', templateId: TEMPLATE_ID }
const create = (json: object = INPUT, headers: Record<string, string> = {}) =>
  at.call('POST', '/v1/campaigns', { json, headers })

function multipart(campaign: unknown, file: string): FormData {
  const form = new FormData()
  form.set('campaign', typeof campaign === 'string' ? campaign : JSON.stringify(campaign))
  form.set('file', new File([file], 'recipients.csv', { type: 'text/csv' }))
  return form
}

describe('creating a campaign', () => {
  beforeEach(() => registerTemplate(at))

  it('answers the draft and a form to upload the file with', async () => {
    const { status, body } = await create()
    expect(status).toBe(201)
    expect(body.campaign).toMatchObject({
      name: 'Orders',
      state: 'draft',
      header: 'ACMEIN',
      lane: 'service',
      validityHours: 24,
      createdAt: '2026-09-01T06:00:00.000Z',
    })
    const { url, fields, maxBytes, expiresAt } = body.upload
    expect(fields.key).toBe(`uploads/acme/${body.campaign.id}.csv`)
    expect({ url, maxBytes, expiresAt }).toEqual({
      url: 'https://objects.invalid/',
      maxBytes: 536_870_912,
      expiresAt: '2026-09-01T07:00:00.000Z',
    })
  })

  it.each(['hold', 'resend'] as const)('keeps the policy %s, hold when nothing is said', async (policy) => {
    const { body } = await at.call('POST', '/v1/campaigns', {
      json: policy === 'hold' ? INPUT : { ...INPUT, policy },
    })
    expect(body.campaign.policy).toBe(policy)
  })

  it('gives a curl line to paste: the fields, then the file, quoted for a shell', async () => {
    at.deps.objects.presignPost = async () => ({
      url: 'http://127.0.0.1:9000/bucket',
      fields: { key: 'a key', maxBytes: "it's $HOME" },
    })
    const { body } = await create()
    expect(body.upload.curl).toBe(
      `curl --fail-with-body --form-string 'key=a key' --form-string 'maxBytes=it'\\''s $HOME' ` +
        `-F 'file=@recipients.csv' 'http://127.0.0.1:9000/bucket'`,
    )
  })

  it('takes a small file in the same request', async () => {
    const csv = 'phone,name\n9876543210,आशा\n'
    const { status, body } = await at.call('POST', '/v1/campaigns', { body: multipart(INPUT, csv) })
    expect(status).toBe(201)
    expect(body.upload).toBeNull()
    const stored = await at.deps.objects.get(`uploads/acme/${body.campaign.id}.csv`)
    expect(stored?.toString()).toBe(csv)
  })

  it('refuses a file over 4 MiB, with the other way', async () => {
    const file = 'x'.repeat(4 * 1024 * 1024 + 1)
    const answer = await at.call('POST', '/v1/campaigns', { body: multipart(INPUT, file) })
    expect(answer).toMatchObject({ status: 413, body: { code: 'file_too_large' } })
    expect(answer.body.detail).toContain('create the campaign with JSON and upload')
  })

  it('refuses a body that is larger still before reading it', async () => {
    const file = 'x'.repeat(5 * 1024 * 1024)
    const answer = await at.call('POST', '/v1/campaigns', { body: multipart(INPUT, file) })
    expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
  })

  it.each([
    ['no JSON in the campaign field', '{', 400, 'invalid_json'],
    ['an unknown field in it', { ...INPUT, sendAt: 'now' }, 422, 'unknown_field'],
  ])('refuses a form with %s', async (_, campaign, status, code) => {
    const answer = await at.call('POST', '/v1/campaigns', { body: multipart(campaign, 'a') })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.body.detail).toContain('form.campaign')
  })

  it('refuses a form without a file', async () => {
    const form = new FormData()
    form.set('campaign', JSON.stringify(INPUT))
    const answer = await at.call('POST', '/v1/campaigns', { body: form })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'form.file' }] } })
  })

  it.each([
    ['a template nobody registered', { templateId: '1107161234567890999' }, 'template_not_found'],
    [
      'columns for other variables than the template has',
      { mapping: { variables: ['a', 'b'] } },
      'mapping_variables_count',
    ],
  ])('refuses %s', async (_, fields, code) => {
    expect(await create({ ...INPUT, ...fields })).toMatchObject({ status: 422, body: { code } })
  })

  it('refuses a lane the tenant has no pool for', async () => {
    const id = '1107161234567890124'
    await registerTemplate(at, { id, category: 'promotional' })
    expect(await create({ ...INPUT, templateId: id })).toMatchObject({
      status: 422,
      body: { code: 'lane_without_pool', detail: expect.stringContaining('promotional lane') },
    })
  })

  it('twice with one Idempotency-Key makes one campaign', async () => {
    const key = { 'idempotency-key': 'order-42' }
    const [first, second] = [await create(INPUT, key), await create(INPUT, key)]
    expect(second.body.campaign).toEqual(first.body.campaign)
    expect((await at.call('GET', '/v1/campaigns')).body.items).toHaveLength(1)
    const other = await create({ ...INPUT, name: 'Other' }, key)
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } })
  })

  it('refuses an Idempotency-Key that is none', async () => {
    const answer = await create(INPUT, { 'idempotency-key': 'a b' })
    expect(answer.body.errors).toEqual([{ path: 'header.idempotency-key', message: expect.any(String) }])
  })
})

describe('listing campaigns', () => {
  it('gives the newest first, page by page', async () => {
    await registerTemplate(at)
    for (const name of ['a', 'b', 'c']) await create({ ...INPUT, name })
    const names = (body: { items: { name: string }[] }) => body.items.map((item) => item.name)
    const first = await at.call('GET', '/v1/campaigns?limit=2')
    expect(names(first.body)).toEqual(['c', 'b'])
    const second = await at.call('GET', `/v1/campaigns?limit=2&cursor=${first.body.next}`)
    expect(names(second.body)).toEqual(['a'])
    expect(second.body.next).toBeNull()
  })
})

describe('looking at a campaign', () => {
  it('shows where its recipients stand once it was launched', async () => {
    await launchedCampaign(at.deps)
    await happened(at.deps, { outcomes: [refused(2, 0x45)] })
    const { body } = await at.call('GET', `/v1/campaigns/${CAMPAIGN}`)
    expect(body).toMatchObject({
      state: 'sending',
      launch: { at: '2026-09-01T05:30:00.000Z', expiresAt: '2026-09-02T05:30:00.000Z', hours: null },
      totals: { recipients: 4, statuses: { queued: 3, refused: 1 }, settled: false },
      numbers: { cost: { paise: 36, rupees: '₹0.36' } },
    })
  })

  it('writes sending hours as times of the day in India', async () => {
    const hours = { fromMinute: 600, toMinute: 1_260 }
    const terms = { expiresAt: Date.UTC(2026, 8, 2), hours, policy: 'hold' } as const
    await launchedCampaign(at.deps, { launch: { at: Date.UTC(2026, 8, 1), terms } })
    expect((await at.call('GET', `/v1/campaigns/${CAMPAIGN}`)).body.launch.hours).toEqual({
      from: '10:00',
      to: '21:00',
      zone: 'Asia/Kolkata',
    })
  })

  it.each(['01K6CAMPAGN000000000000009', 'no%20id', '..'])('finds none under %s', async (id) => {
    const answer = await at.call('GET', `/v1/campaigns/${id}/report`)
    expect(answer.status).toBe(404)
  })

  describe('with waitSeconds', () => {
    const wait = async (seconds: number, fields: Partial<CampaignRecord> = {}) => {
      const { id } = await launchedCampaign(at.deps, fields)
      let answered = false
      const answer = at.call('GET', `/v1/campaigns/${id}?waitSeconds=${seconds}`).then((response) => {
        answered = true
        return response
      })
      return { id, answer, answered: () => answered }
    }
    const stored = async (id: string) => (await at.deps.registry.campaign(ACME, id as never))!

    it('answers when the state changes', async () => {
      const waiting = await wait(20)
      await at.deps.clock.advance(3_000)
      expect(waiting.answered()).toBe(false)
      await at.deps.registry.updateCampaign({ ...(await stored(waiting.id)), state: 'cancelled' })
      await at.deps.clock.advance(1_000)
      expect((await waiting.answer).body.state).toBe('cancelled')
    })

    it('answers when progress is made', async () => {
      const waiting = await wait(20)
      await at.deps.clock.advance(1_000)
      const progress = { bytes: 10, bytesTotal: 100, rows: 1 }
      await at.deps.registry.updateCampaign({ ...(await stored(waiting.id)), progress })
      await at.deps.clock.advance(1_000)
      expect((await waiting.answer).body.progress).toEqual(progress)
    })

    it('answers with what there is when the time is over', async () => {
      const waiting = await wait(2)
      await at.deps.clock.advance(1_999)
      expect(waiting.answered()).toBe(false)
      await at.deps.clock.advance(1)
      expect((await waiting.answer).body.state).toBe('sending')
      expect(at.deps.clock.sleepers()).toBe(0)
    })

    it('answers when a receipt has come', async () => {
      const waiting = await wait(20, { state: 'paused', dueAt: null })
      await at.deps.clock.advance(1_000)
      expect(waiting.answered()).toBe(false)
      await happened(at.deps, { outcomes: [refused(0, 0x45)] })
      await at.deps.clock.advance(1_000)
      expect((await waiting.answer).body.totals.statuses).toMatchObject({ refused: 1 })
    })

    it.each(['draft', 'checked', 'failed'] as const)(
      'answers at once while it is %s: nothing happens by itself',
      async (state) => {
        const waiting = await wait(20, { state, launch: null, dueAt: null })
        expect((await waiting.answer).body.state).toBe(state)
      },
    )

    it('answers at once when it has ended', async () => {
      const plan = aPlan({ pages: 1, batches: 1, recipients: 3, segments: 4, recipientsPerPage: [3] })
      const ended = { state: 'settled', settledAt: at.deps.clock.now(), dueAt: null, plan } as const
      const { id } = await launchedCampaign(at.deps, ended)
      await happened(at.deps, { outcomes: [refused(0, 0x45), refused(1, 0x45), refused(2, 0x45)] })
      const { body } = await at.call('GET', `/v1/campaigns/${id}?waitSeconds=20`)
      expect(body).toMatchObject({ state: 'settled', totals: { settled: true } })
    })
  })
})
