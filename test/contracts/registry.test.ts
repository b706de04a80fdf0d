import { beforeEach, describe, expect, it } from 'vitest'
import { DynamoRegistry } from '../../aws/dynamo-registry.ts'
import type { InboundMessage } from '../../shared/contracts/jobs.ts'
import type { CampaignId, RouteId } from '../../shared/ids.ts'
import type { Clock, Registry } from '../../shared/ports.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { fakeIds, seededRandom } from '../support/fake-random.ts'
import { makeHostile } from '../support/hostile-sdk.ts'
import { MemoryRegistry } from '../support/memory-registry.ts'
import { shiftableClock } from '../support/shiftable-clock.ts'
import * as some from './registry.factory.ts'

const aws = withEmulators()

const dynamo = (clock: Clock, client = aws.clients.dynamodb) =>
  new DynamoRegistry({
    client,
    clock,
    table: aws.config.registryTable,
    random: seededRandom(6),
    ids: fakeIds(),
  })

const hostileDynamo = (clock: Clock) => {
  const client = aws.ownClients().dynamodb
  // No late duplicates: a plain put of settings that arrives late is the price of settings being plain puts.
  makeHostile(client, { random: seededRandom(7), sentTwice: 0.4, late: 0, unprocessed: 0.4 })
  return dynamo(clock, client)
}

const registries: [string, (clock: Clock) => Registry][] = [
  ['in memory', (clock) => new MemoryRegistry(clock)],
  ['on DynamoDB', (clock) => dynamo(clock)],
  ['on DynamoDB through a hostile SDK', hostileDynamo],
]

const DAY_MS = 86_400_000
const TEMPLATE = '1107123456789012345'

describe.each(registries)('a registry %s', (_name, make) => {
  let clock: ReturnType<typeof shiftableClock>
  let registry: Registry
  beforeEach(() => {
    clock = shiftableClock()
    registry = make(clock)
  })

  describe('tenants and keys', () => {
    it('gives back a tenant, and the one that replaced it', async () => {
      const tenant = some.tenantRecord()
      await registry.putTenant(tenant)
      expect(await registry.tenant(tenant.id)).toEqual(tenant)
      await registry.putTenant({ ...tenant, name: 'Renamed' })
      expect(await registry.tenant(tenant.id)).toMatchObject({ name: 'Renamed' })
    })

    it('finds a key by its id, a revoked one too', async () => {
      const key = some.keyRecord()
      await registry.putKey(key)
      expect(await registry.key(key.id)).toEqual(key)
      await registry.putKey({ ...key, revokedAt: some.NOW })
      expect(await registry.key(key.id)).toMatchObject({ revokedAt: some.NOW })
    })

    it('lists the keys of one tenant and of no other, oldest first, as they are by now', async () => {
      const tenant = some.someTenant()
      const [first, second] = [some.keyRecord(tenant), some.keyRecord(tenant)]
      for (const key of [second, first, some.keyRecord()]) await registry.putKey(key)
      expect(await registry.keysOf(tenant)).toEqual([first, second])
      const revoked = { ...first, revokedAt: some.NOW }
      await registry.putKey(revoked)
      expect(await registry.keysOf(tenant)).toEqual([revoked, second])
      expect(await registry.keysOf(some.someTenant())).toEqual([])
    })

    it('answers null for whom it does not know', async () => {
      expect(await registry.tenant(some.someTenant())).toBeNull()
      expect(await registry.key(some.someUlid())).toBeNull()
    })
  })

  describe('templates and headers', () => {
    it('lists the templates of one tenant and of no other', async () => {
      const [mine, theirs] = [some.someTenant(), some.someTenant()]
      await registry.createTemplate(mine, some.templateRecord('1107000000000000002'))
      await registry.createTemplate(mine, some.templateRecord('1107000000000000001'))
      await registry.createTemplate(theirs, some.templateRecord('1107000000000000003'))
      const found = await registry.templates(mine)
      expect(found.map(({ id }) => id)).toEqual(['1107000000000000001', '1107000000000000002'])
      expect(await registry.template(mine, '1107000000000000003')).toBeNull()
    })

    it('refuses an id that is registered, and leaves the first as it was', async () => {
      const tenant = some.someTenant()
      await registry.createTemplate(tenant, some.templateRecord(TEMPLATE))
      const again = registry.createTemplate(tenant, some.templateRecord(TEMPLATE, 'Another text'))
      await expect(again).rejects.toMatchObject({ code: 'template_exists', retryable: false })
      expect(await registry.template(tenant, TEMPLATE)).toMatchObject({ text: 'Hello {#var#}' })
    })

    it('replaces a template that is there, and only that', async () => {
      const tenant = some.someTenant()
      const template = some.templateRecord(TEMPLATE)
      await expect(registry.updateTemplate(tenant, template)).rejects.toMatchObject({
        code: 'template_not_found',
      })
      await registry.createTemplate(tenant, template)
      await registry.updateTemplate(tenant, { ...template, types: ['numeric'] })
      expect(await registry.template(tenant, TEMPLATE)).toEqual({ ...template, types: ['numeric'] })
    })

    it('keeps headers that differ in case apart', async () => {
      const tenant = some.someTenant()
      const name = some.someHeader()
      const names = [name, name.toLowerCase()]
      for (const name of names) await registry.registerHeader(tenant, { name, createdAt: some.NOW })
      expect((await registry.headers(tenant)).map(({ name }) => name)).toEqual(names)
    })

    it('gives a header to the first tenant that registers it, and to no other', async () => {
      const [mine, theirs] = [some.someTenant(), some.someTenant()]
      const name = some.someHeader()
      const first = await registry.registerHeader(mine, { name, createdAt: some.NOW })
      expect(await registry.registerHeader(mine, { name, createdAt: some.NOW + 1 })).toEqual(first)
      await expect(registry.registerHeader(theirs, { name, createdAt: some.NOW })).rejects.toMatchObject({
        code: 'header_taken',
      })
      expect(await registry.headers(theirs)).toEqual([])
      expect(await registry.headerOwner(name)).toBe(mine)
      expect(await registry.headerOwner(name.toLowerCase())).toBeNull()
    })
  })

  describe('rules and CTAs', () => {
    it('knows none until somebody has said, and then the last that was said, to that tenant', async () => {
      const tenant = some.someTenant()
      expect(await registry.rules(tenant)).toEqual({})
      expect(await registry.ctas(tenant)).toBeNull()
      await registry.putRules(tenant, { reading: 'jio' })
      await registry.putRules(tenant, { maxVariables: 5 })
      const ctas = { urls: [], numbers: ['18001234567'], emails: [] }
      await registry.putCtas(tenant, ctas)
      expect(await registry.rules(tenant)).toEqual({ maxVariables: 5 })
      expect(await registry.ctas(tenant)).toEqual(ctas)
      expect(await registry.rules(some.someTenant())).toEqual({})
    })
  })

  describe('what is being sent', () => {
    const sending = (campaign: string, at: number) => ({ campaign: campaign as CampaignId, at, notedAt: at })

    it('is noted by one campaign until a day after its start, and again by the same', async () => {
      const tenant = some.someTenant()
      const now = clock.now()
      expect(await registry.noteSending(tenant, 'file', sending('one', now), null)).toBeNull()
      expect(await registry.noteSending(tenant, 'file', sending('one', now + 1_000), null)).toBeNull()
      expect(await registry.noteSending(tenant, 'file', sending('two', now), null)).toEqual(
        sending('one', now + 1_000),
      )
      expect(await registry.noteSending(tenant, 'other', sending('two', now), null)).toBeNull()
      expect(await registry.sending(some.someTenant(), 'file')).toBeNull()
      clock.shift(DAY_MS + 2_000)
      expect(await registry.sending(tenant, 'file')).toBeNull()
      expect(await registry.noteSending(tenant, 'file', sending('two', clock.now()), null)).toBeNull()
    })

    it('gives way to another in place of the one that is named', async () => {
      const tenant = some.someTenant()
      const now = clock.now()
      await registry.noteSending(tenant, 'file', sending('one', now), null)
      const instead = async (of: string) =>
        registry.noteSending(tenant, 'file', sending('two', now), of as CampaignId)
      expect(await instead('three')).toEqual(sending('one', now))
      expect(await instead('one')).toBeNull()
      expect(await registry.sending(tenant, 'file')).toEqual(sending('two', now))
    })
  })

  describe('the audit', () => {
    it('lists newest first, page after page, and an entry written twice once', async () => {
      const tenant = some.someTenant()
      const entries = [1, 2, 3].map((n) => some.auditRecord({ subject: `${n}` }))
      for (const entry of [...entries, entries[1]!]) await registry.putAudit(tenant, entry)
      await registry.putAudit(some.someTenant(), some.auditRecord())
      const [first, second, third] = entries
      const page = await registry.audit(tenant, { limit: 2 })
      expect(page).toEqual({ items: [third, second], next: second!.id })
      expect(await registry.audit(tenant, { limit: 2, before: page.next! })).toEqual({
        ...{ items: [first], next: null },
      })
    })
  })

  describe('campaigns', () => {
    it('gives back what was created, to its tenant only', async () => {
      const campaign = some.campaignRecord()
      await registry.createCampaign(campaign)
      expect(await registry.campaign(campaign.tenant, campaign.id)).toEqual(campaign)
      expect(await registry.campaign(some.someTenant(), campaign.id)).toBeNull()
    })

    it('refuses to create one twice', async () => {
      const campaign = some.campaignRecord()
      await registry.createCampaign(campaign)
      await expect(registry.createCampaign({ ...campaign, name: 'Again' })).rejects.toMatchObject({
        code: 'campaign_exists',
      })
    })

    it('updates the revision it was shown', async () => {
      const campaign = some.campaignRecord()
      await registry.createCampaign(campaign)
      const updated = await registry.updateCampaign({ ...campaign, state: 'checked' })
      expect(updated).toMatchObject({ state: 'checked', rev: 1 })
      expect(await registry.campaign(campaign.tenant, campaign.id)).toEqual(updated)
    })

    it('refuses an update of an older revision, and says that it may be tried again', async () => {
      const campaign = some.campaignRecord()
      await registry.createCampaign(campaign)
      await registry.updateCampaign({ ...campaign, name: 'First' })
      await expect(registry.updateCampaign({ ...campaign, name: 'Second' })).rejects.toMatchObject({
        code: 'campaign_changed',
        retryable: true,
      })
      expect(await registry.campaign(campaign.tenant, campaign.id)).toMatchObject({ name: 'First', rev: 1 })
    })

    it('lets exactly one of many concurrent updates through', async () => {
      const campaign = some.campaignRecord()
      await registry.createCampaign(campaign)
      const updates = Array.from({ length: 8 }, (_, n) =>
        registry.updateCampaign({ ...campaign, name: `Update ${n}` }).then(
          () => 'stored',
          () => 'refused',
        ),
      )
      const results = await Promise.all(updates)
      expect(results.filter((result) => result === 'stored')).toHaveLength(1)
    })

    it('refuses to update a campaign that does not exist', async () => {
      await expect(registry.updateCampaign(some.campaignRecord())).rejects.toMatchObject({
        code: 'campaign_changed',
      })
    })

    it('lists newest first, page by page, to the end', async () => {
      const tenant = some.someTenant()
      const created = Array.from({ length: 5 }, () => some.campaignRecord({ tenant }))
      for (const campaign of created) await registry.createCampaign(campaign)
      const seen: string[] = []
      let pages = 0
      for (let before: string | undefined; ; pages++) {
        const page = await registry.campaigns(tenant, { limit: 2, ...(before ? { before } : {}) })
        seen.push(...page.items.map(({ id }) => id))
        if (page.next === null) break
        before = page.next
      }
      expect(seen).toEqual(created.map(({ id }) => id).reverse())
      expect(pages).toBe(2)
    })

    it('knows at the end of a full page that there is no other', async () => {
      const tenant = some.someTenant()
      for (let n = 0; n < 2; n++) await registry.createCampaign(some.campaignRecord({ tenant }))
      expect((await registry.campaigns(tenant, { limit: 2 })).next).toBeNull()
    })
  })

  describe('the progress of a check', () => {
    const progress = { bytes: 10, bytesTotal: 100, rows: 3 }

    it('is noted without a new revision', async () => {
      const campaign = some.checkingRecord()
      await registry.createCampaign(campaign)
      await registry.noteProgress(campaign.tenant, campaign.id, campaign.checking!.plan, progress)
      expect(await registry.campaign(campaign.tenant, campaign.id)).toEqual({ ...campaign, progress })
    })

    it('is ignored when another plan is being checked', async () => {
      const campaign = some.checkingRecord()
      await registry.createCampaign(campaign)
      await registry.noteProgress(campaign.tenant, campaign.id, some.someUlid() as never, progress)
      expect(await registry.campaign(campaign.tenant, campaign.id)).toEqual(campaign)
    })

    it('is ignored once the check is over', async () => {
      const campaign = some.checkingRecord()
      await registry.createCampaign(campaign)
      await registry.updateCampaign({ ...campaign, state: 'checked', checking: null })
      await registry.noteProgress(campaign.tenant, campaign.id, campaign.checking!.plan, progress)
      expect(await registry.campaign(campaign.tenant, campaign.id)).toMatchObject({ progress: null })
    })

    it('creates no campaign', async () => {
      const campaign = some.checkingRecord()
      await registry.noteProgress(campaign.tenant, campaign.id, campaign.checking!.plan, progress)
      expect(await registry.campaign(campaign.tenant, campaign.id)).toBeNull()
    })
  })

  describe('due campaigns', () => {
    /** Each test has an hour of its own, before those of all others: due lists reach over tenants. */
    let hour = some.NOW
    beforeEach(() => {
      hour -= 10 * DAY_MS
    })
    const create = async (dueAt: number | null) => {
      const campaign = some.campaignRecord({ dueAt })
      await registry.createCampaign(campaign)
      return { tenant: campaign.tenant, id: campaign.id }
    }

    it('are those whose time has come, of all tenants, oldest first', async () => {
      const later = await create(hour + 20)
      const sooner = await create(hour + 10)
      await create(hour + 31)
      await create(null)
      expect(await registry.dueCampaigns(hour + 30, 10)).toEqual([sooner, later])
      await registry.updateCampaign(some.campaignRecord({ ...sooner, rev: 0 }))
      await registry.updateCampaign(some.campaignRecord({ ...later, rev: 0 }))
    })

    it('are no more than asked for, the oldest of them', async () => {
      const created = []
      for (let n = 0; n < 12; n++) created.push(await create(hour + n))
      expect(await registry.dueCampaigns(hour + 30, 5)).toEqual(created.slice(0, 5))
      for (const { tenant, id } of created)
        await registry.updateCampaign(some.campaignRecord({ tenant, id, rev: 0 }))
    })

    it('leave the list when nothing is due any more', async () => {
      const { tenant, id } = await create(hour)
      await registry.updateCampaign(some.campaignRecord({ tenant, id, rev: 0, dueAt: null }))
      expect(await registry.dueCampaigns(hour, 10)).toEqual([])
    })
  })

  describe('controls', () => {
    it('are read for many campaigns at once; one without is absent', async () => {
      const many = Array.from({ length: 120 }, () => some.someUlid() as CampaignId)
      for (const id of many) await registry.setControl(id, { state: 'sending', at: some.NOW })
      const unknown = some.someUlid() as CampaignId
      const found = await registry.controls([...many, unknown, many[0] as CampaignId])
      expect(found.size).toBe(120)
      expect(found.has(unknown)).toBe(false)
      expect(found.get(many[7] as CampaignId)).toEqual({ state: 'sending', at: some.NOW })
    })

    it('say the last thing that was set', async () => {
      const id = some.someUlid() as CampaignId
      await registry.setControl(id, { state: 'sending', at: some.NOW })
      await registry.setControl(id, { state: 'paused', at: some.NOW + 1 })
      expect((await registry.controls([id])).get(id)).toEqual({ state: 'paused', at: some.NOW + 1 })
    })
  })

  describe('pools, routes and heartbeats', () => {
    it('gives back pools and routes as configured, and lists the routes', async () => {
      const pool = some.poolConfig(`pool-${some.someUlid().toLowerCase()}`)
      const route = some.routeConfig(`route-${some.someUlid().toLowerCase()}`)
      await registry.putPool(pool)
      await registry.putRoute(route)
      expect(await registry.pool(pool.id)).toEqual(pool)
      expect(await registry.route(route.id)).toEqual(route)
      expect(await registry.routes()).toContainEqual(route)
    })

    it('keeps the latest heartbeat of every bind of a route', async () => {
      const route = `route-${some.someUlid().toLowerCase()}` as RouteId
      const boot = some.someUlid()
      await registry.putHeartbeat(route, some.heartbeat(10, boot))
      await registry.putHeartbeat(route, some.heartbeat(2, boot))
      await registry.putHeartbeat(route, { ...some.heartbeat(2, boot), submitted: 99 })
      const beats = await registry.heartbeats(route)
      expect(beats.map(({ bind, submitted }) => [bind, submitted])).toEqual([
        [2, 99],
        [10, 10],
      ])
    })

    it('forgets a heartbeat days after the bind fell silent', async () => {
      const route = `route-${some.someUlid().toLowerCase()}` as RouteId
      await registry.putHeartbeat(route, some.heartbeat(0))
      clock.shift(3 * DAY_MS)
      expect(await registry.heartbeats(route)).toEqual([])
    })
  })

  describe('messages received', () => {
    const inbound = (route: string, n: number): InboundMessage => ({
      kind: 'inbound',
      route,
      from: '919876543210',
      to: '56161',
      text: `STOP ${n}`,
      dataCoding: 0,
      arrivedAt: some.NOW + n,
    })

    it('are listed newest first, no more than asked for', async () => {
      const route = `route-${some.someUlid().toLowerCase()}` as RouteId
      for (const n of [2, 0, 1]) await registry.putInbound(some.someUlid(), inbound(route, n))
      expect(await registry.inbound(route, 2)).toEqual([inbound(route, 2), inbound(route, 1)])
    })

    it('are kept once however often they are put', async () => {
      const route = `route-${some.someUlid().toLowerCase()}` as RouteId
      for (let n = 0; n < 2; n++) await registry.putInbound('same', inbound(route, 0))
      expect(await registry.inbound(route, 10)).toHaveLength(1)
    })
  })

  describe('messages received for a tenant', () => {
    it('are listed to it newest first, page after page, each once, and to no other', async () => {
      const tenant = some.someTenant()
      const route = `route-${some.someUlid().toLowerCase()}`
      const said = { kind: 'inbound', route, from: '919876543210', to: 'ACMEIN', dataCoding: 0 } as const
      const records = [1, 2, 3].map((n) => ({
        ...{ ...said, text: `Hello ${n}`, arrivedAt: some.NOW + n, id: some.someUlid() },
      }))
      for (const { id, ...message } of [...records, records[0]!]) {
        await registry.putInbound(id, message, tenant)
      }
      await registry.putInbound(some.someUlid(), { ...said, text: 'whose?', arrivedAt: some.NOW })
      const [first, second, third] = records
      const page = await registry.inboundOf(tenant, { limit: 2 })
      expect(page).toEqual({ items: [third, second], next: second!.id })
      expect(await registry.inboundOf(tenant, { limit: 2, before: page.next! })).toEqual({
        ...{ items: [first], next: null },
      })
      expect(await registry.inbound(route as RouteId, 10)).toHaveLength(4)
      expect((await registry.inboundOf(some.someTenant(), { limit: 2 })).items).toEqual([])
    })
  })

  describe('idempotency keys', () => {
    it('answer the second request what the first was answered', async () => {
      const tenant = some.someTenant()
      expect(await registry.once(tenant, 'key', 'hash', 'first')).toBe('first')
      expect(await registry.once(tenant, 'key', 'hash', 'second')).toBe('first')
      expect(await registry.remembered(tenant, 'key', 'hash')).toBe('first')
    })

    it('belong to their tenant', async () => {
      await registry.once(some.someTenant(), 'key', 'hash', 'theirs')
      const mine = some.someTenant()
      expect(await registry.remembered(mine, 'key', 'hash')).toBeNull()
      expect(await registry.once(mine, 'key', 'hash', 'mine')).toBe('mine')
    })

    it('are refused for a different request', async () => {
      const tenant = some.someTenant()
      await registry.once(tenant, 'key', 'hash', 'first')
      const reused = { code: 'idempotency_key_reused' }
      await expect(registry.once(tenant, 'key', 'other', 'second')).rejects.toMatchObject(reused)
      await expect(registry.remembered(tenant, 'key', 'other')).rejects.toMatchObject(reused)
    })

    it('are free again after a day', async () => {
      const tenant = some.someTenant()
      await registry.once(tenant, 'key', 'hash', 'first')
      clock.shift(DAY_MS + 2_000)
      expect(await registry.remembered(tenant, 'key', 'hash')).toBeNull()
      expect(await registry.once(tenant, 'key', 'other', 'second')).toBe('second')
    })
  })
})
