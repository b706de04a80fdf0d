/**
 * Promise 8: one tenant can neither read nor influence another's data. The calls come from the OpenAPI document, so a
 * new one cannot be forgotten: a path parameter nobody gave a value fails the test.
 */
import { describe, expect, it } from 'vitest'
import { exportRequestKey } from '../../shared/campaign/plan-keys.ts'
import { type ExportJob, InboundRecord } from '../../shared/contracts/jobs.ts'
import { listUploadKey } from '../../shared/suppression/list.ts'
import { PLAN } from '../campaign/campaign.factory.ts'
import { aList, anEntry } from '../suppression/suppression.factory.ts'
import { CAMPAIGN, CHITRA, sentCampaign } from './support/sent-campaign.ts'
import { ACME, type Method, registerTemplate, TEMPLATE_ID, type World, world } from './support/world.ts'

const LIST = aList().id
const EXPORT = '01K6EXP0RT0000000000000001'
const INBOUND = InboundRecord.parse({
  ...{ kind: 'inbound', route: 'north', from: CHITRA, to: 'ACMEIN', text: 'Hello', dataCoding: 0 },
  ...{ id: '01K6NB0VND0000000000000001', arrivedAt: 0 },
})

/** What Acme has, by the path it is reached through; and what nobody has. */
const OWNED: Record<string, { acmes: string; nobodys: string }> = {
  '/v1/templates/{id}': { acmes: TEMPLATE_ID, nobodys: '1107161234567890999' },
  '/v1/campaigns/{id}': { acmes: CAMPAIGN, nobodys: '01K6CAMPAGN000000000000009' },
  '/v1/messages/{id}': { acmes: `${CAMPAIGN}.0.0.0`, nobodys: '01K6CAMPAGN000000000000009.0.0.0' },
  '/v1/recipients/{msisdn}': { acmes: CHITRA, nobodys: '919800000099' },
  '/v1/suppressions/lists/{id}': { acmes: LIST, nobodys: '01K6S0PPRESS00000000000009' },
  '/v1/suppressions/{msisdn}': { acmes: CHITRA, nobodys: '919800000099' },
}

const { document } = await world()
const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() as Method })),
)
const withId = calls.filter(({ path }) => path.includes('{'))

async function acmesWorld(): Promise<World> {
  const at = await world()
  await registerTemplate(at)
  const campaign = await sentCampaign(at.deps)
  await at.deps.objects.put(campaign.uploadKey, 'phone\n9876543210\n')
  await at.deps.registry.putInbound(INBOUND.id, INBOUND, ACME)
  await at.deps.suppressions.createList(ACME, aList())
  await at.deps.objects.put(listUploadKey(ACME, LIST), 'phone\n9876543210\n')
  await at.deps.suppressions.putEntry(ACME, anEntry({ msisdn: CHITRA }))
  const job: ExportJob = {
    ...{ kind: 'export', tenant: ACME, campaign: CAMPAIGN, plan: PLAN, export: EXPORT, status: null },
  }
  await at.deps.objects.put(exportRequestKey(CAMPAIGN, EXPORT), JSON.stringify({ job, requestedAt: 0 }))
  return at
}

const ownedAt = (path: string) => OWNED[Object.keys(OWNED).find((prefix) => path.startsWith(prefix)) ?? '']

async function stateOf({ deps }: World): Promise<string> {
  const campaign = await deps.registry.campaign('acme' as never, CAMPAIGN)
  const control = await deps.registry.controls([CAMPAIGN])
  const { items: entries } = await deps.suppressions.entries(ACME, { limit: 10 })
  const lists = await deps.suppressions.lists(ACME)
  const jobs = [deps.queue.bodies('jobs'), deps.queue.bodies('feed')]
  return JSON.stringify([campaign, [...control], entries, lists, ...jobs])
}

describe('a tenant', () => {
  it('owns something behind every path of the document that takes an id', () => {
    expect(withId.length).toBeGreaterThan(10)
    expect(withId.filter(({ path }) => ownedAt(path) === undefined)).toEqual([])
  })

  it.each(withId)(
    'sees nothing of another at $method $path, and changes nothing',
    async ({ method, path }) => {
      const at = await acmesWorld()
      const before = await stateOf(at)
      const { acmes, nobodys } = ownedAt(path)!
      const ask = async (id: string, key: string) => {
        const { status, body } = await at.call(
          method,
          path.replace(/\{\w+\}/, id).replace('{export}', EXPORT),
          { key },
        )
        return { status, text: JSON.stringify(body).replaceAll(id, '<id>') }
      }
      const foreign = await ask(acmes, at.keys.rival)
      // The two must look the same: theirs, and what does not exist.
      expect(foreign).toEqual(await ask(nobodys, at.keys.rival))
      expect(await stateOf(at)).toBe(before)
      // A number is nobody's: everybody may ask about it, and say of it what holds for themselves alone.
      const isOfNumber = path.includes('{msisdn}')
      if (!isOfNumber) expect(foreign.status).toBe(404)
      const own = await ask(acmes, at.keys.acme)
      expect(own.status, 'the owner gets past the door').not.toBe(404)
      if (!isOfNumber || method === 'GET') expect(own).not.toEqual(foreign)
    },
  )

  it.each(calls.filter(({ path, method }) => method === 'GET' && !path.includes('{')))(
    'sees nothing of another in $path',
    async ({ path }) => {
      const at = await acmesWorld()
      const { body } = await at.call('GET', path, { key: at.keys.rival })
      const text = JSON.stringify(body)
      for (const secret of [CAMPAIGN, TEMPLATE_ID, 'ACMEIN', '"acme"', LIST, CHITRA])
        expect(text).not.toContain(secret)
    },
  )

  it('cannot preview with the template of another, nor send with it', async () => {
    const at = await acmesWorld()
    const key = at.keys.rival
    const preview = await at.call('POST', '/v1/messages/preview', { json: { templateId: TEMPLATE_ID }, key })
    expect(preview).toMatchObject({ status: 422, body: { code: 'template_not_found' } })
    const campaign = await at.call('POST', '/v1/campaigns', {
      json: { name: 'x', templateId: TEMPLATE_ID },
      key,
    })
    expect(campaign).toMatchObject({ status: 422, body: { code: 'template_not_found' } })
  })

  it('cannot take the sender header of another, nor see by it who has it', async () => {
    const at = await acmesWorld()
    const key = at.keys.rival
    const header = await at.call('POST', '/v1/headers', { json: { name: 'ACMEIN' }, key })
    expect(header).toMatchObject({ status: 409, body: { code: 'header_taken' } })
    const template = {
      id: '1107000000000000077',
      name: 'x',
      header: 'ACMEIN',
      category: 'government',
      text: 'Hi',
    }
    const registered = await at.call('POST', '/v1/templates', { json: template, key })
    expect(registered).toMatchObject({ status: 409, body: { code: 'header_taken' } })
    expect(JSON.stringify([header.body, registered.body])).not.toContain('acme')
  })

  it('cannot take a sender header of another by an import, and imports what it may', async () => {
    const at = await acmesWorld()
    const form = new FormData()
    const row = (id: string, header: string) => `${id},Hi,${header},Hi {#var#} from us\n`
    const header = 'Template ID,Template Name,Header,Content\n'
    const ids = [TEMPLATE_ID, '1107000000000000077']
    form.set('file', new File([header, row(ids[0]!, 'RIVALS'), row(ids[1]!, 'ACMEIN')], 'export.csv'))
    form.set('options', '{"category":"government"}')
    const { body } = await at.call('POST', '/v1/templates/import', { body: form, key: at.keys.rival })
    expect(body).toMatchObject({
      imported: [{ id: ids[0] }],
      refused: [{ id: ids[1], code: 'header_taken' }],
    })
    expect(JSON.stringify(body)).not.toContain('acme')
  })

  it("does not meet another's Idempotency-Keys", async () => {
    const at = await acmesWorld()
    const template = {
      id: TEMPLATE_ID,
      name: 'Orders',
      header: 'RIVALS',
      category: 'government',
      text: 'Hi {#var#}',
    }
    await at.call('POST', '/v1/templates', { json: template, key: at.keys.rival })
    const json = { name: 'Orders', templateId: TEMPLATE_ID }
    const headers = { 'idempotency-key': 'order-1' }
    const acmes = await at.call('POST', '/v1/campaigns', { json, headers })
    const rivals = await at.call('POST', '/v1/campaigns', { json, headers, key: at.keys.rival })
    expect(rivals.status).toBe(201)
    expect(rivals.body.campaign.id).not.toBe(acmes.body.campaign.id)
  })
})
