import { z } from 'zod'
import type { CampaignRecord, Progress } from '../shared/campaign/record.ts'
import { InboundMessage, InboundRecord } from '../shared/contracts/jobs.ts'
import {
  ApiKeyRecord,
  AuditRecord,
  HeaderRecord,
  Heartbeat,
  headerTaken,
  SendingRecord,
  TemplateRecord,
  TenantRecord,
} from '../shared/contracts/records.ts'
import { PoolConfig, RouteConfig } from '../shared/contracts/route.ts'
import { CtaWhitelist } from '../shared/dlt/cta/whitelist.ts'
import { DltRuleOverrides } from '../shared/dlt/rules/overrides.ts'
import { Conflict, NotFound } from '../shared/errors.ts'
import {
  type CampaignId,
  type EpochMs,
  type PlanId,
  type PoolId,
  type RouteId,
  TenantId,
} from '../shared/ids.ts'
import type { Control, Ids, Registry } from '../shared/ports.ts'
import { tenantPk } from './campaign-items.ts'
import { DynamoCampaigns } from './dynamo-campaigns.ts'
import { absent, condition, present } from './expressions.ts'
import { docItem, docOf, type Item, type Key, key, number, padded, text, textOf, ttlAfter } from './items.ts'
import { Table, type TableOptions } from './table.ts'

const HEARTBEAT_DAYS = 1
const INBOUND_DAYS = 90
const IDEMPOTENCY_SECONDS = 86_400
const SENDING_SECONDS = 86_400

const ControlDoc = z.object({ state: z.enum(['sending', 'paused', 'cancelled']), at: z.number() })

/** Where everything is kept. Routes share one partition, so that listing them is a Query and not a Scan. */
const keys = {
  tenant: (id: TenantId) => key(tenantPk(id), 'TENANT'),
  apiKey: (id: string) => key(`KEY#${id}`, 'KEY'),
  apiKeyOf: (tenant: TenantId, id: string) => key(tenantPk(tenant), `KEY#${id}`),
  template: (tenant: TenantId, id: string) => key(tenantPk(tenant), `TEMPLATE#${id}`),
  header: (tenant: TenantId, name: string) => key(tenantPk(tenant), `HEADER#${name}`),
  headerOwner: (name: string) => key(`HEADER#${name}`, 'OWNER'),
  rules: (tenant: TenantId) => key(tenantPk(tenant), 'RULES'),
  ctas: (tenant: TenantId) => key(tenantPk(tenant), 'CTAS'),
  sending: (tenant: TenantId, fingerprint: string) => key(tenantPk(tenant), `SENDING#${fingerprint}`),
  audit: (tenant: TenantId, id: string) => key(`${tenantPk(tenant)}#AUDIT`, id),
  control: (id: CampaignId) => key(`CONTROL#${id}`, 'CONTROL'),
  pool: (id: PoolId) => key(`POOL#${id}`, 'CONFIG'),
  route: (id: RouteId) => key('ROUTES', id),
  heartbeat: (route: RouteId, { boot, bind }: Heartbeat) =>
    key(`ROUTE#${route}`, `${boot}#${padded(bind, 3)}`),
  inbound: (route: string, arrivedAt: EpochMs, id: string) =>
    key(`ROUTE#${route}#INBOUND`, `${padded(arrivedAt, 15)}#${id}`),
  inboundOf: (tenant: TenantId, id: string) => key(`${tenantPk(tenant)}#INBOUND`, id),
  answer: (tenant: TenantId, idempotencyKey: string) => key(`IDEM#${tenant}#${idempotencyKey}`, 'IDEM'),
}

/** The registry: what tenants registered, what campaigns are, what workers obey and say. */
export class DynamoRegistry implements Registry {
  readonly #table: Table
  readonly #campaigns: DynamoCampaigns
  readonly #ids: Ids

  constructor(options: TableOptions & { ids: Ids }) {
    this.#table = new Table(options)
    this.#ids = options.ids
    this.#campaigns = new DynamoCampaigns(this.#table, options.ids)
  }

  async putTenant(tenant: TenantRecord) {
    await this.#putDoc(keys.tenant(tenant.id), tenant)
  }
  async tenant(id: TenantId) {
    return this.#doc(keys.tenant(id), TenantRecord)
  }

  /** Listed before it is one: no key that opens is missing from the list. */
  async putKey(record: ApiKeyRecord) {
    await this.#table.put({ ...keys.apiKeyOf(record.tenant, record.id), key: text(record.id) })
    await this.#putDoc(keys.apiKey(record.id), record)
  }
  async key(id: string) {
    return this.#doc(keys.apiKey(id), ApiKeyRecord)
  }
  async keysOf(tenant: TenantId) {
    const listed: Key[] = []
    const query = this.#table.query(partition(tenantPk(tenant), 'KEY#'))
    for await (const item of query) listed.push(keys.apiKey(textOf(item, 'key')))
    const items = await this.#table.getAll(listed, { consistent: true })
    return items.map((item) => docOf(item, 'doc', ApiKeyRecord)).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  async createTemplate(tenant: TenantId, template: TemplateRecord) {
    const write = this.#ids.ulid()
    const item = { ...docItem(keys.template(tenant, template.id), template), write: text(write) }
    const answer = await this.#table.putIf(item, absent)
    // A repeat whose first answer was lost finds its own write.
    if (answer.done || answer.item?.write?.S === write) return
    throw new Conflict('template_exists', `Template ${template.id} is registered already.`)
  }
  async template(tenant: TenantId, id: string) {
    return this.#doc(keys.template(tenant, id), TemplateRecord)
  }
  async templates(tenant: TenantId) {
    return this.#docs(tenantPk(tenant), 'TEMPLATE#', TemplateRecord)
  }
  async updateTemplate(tenant: TenantId, template: TemplateRecord) {
    const answer = await this.#table.putIf(docItem(keys.template(tenant, template.id), template), present)
    if (answer.done) return
    throw new NotFound('template_not_found', `Template ${template.id} is not registered.`)
  }
  async registerHeader(tenant: TenantId, header: HeaderRecord) {
    const claim = { ...keys.headerOwner(header.name), tenant: text(tenant) }
    const owned = condition({ equal: { tenant: text(tenant) }, orAbsent: true })
    if (!(await this.#table.putIf(claim, owned)).done) throw headerTaken(header.name)
    await this.#table.putIf(docItem(keys.header(tenant, header.name), header), absent)
    return (await this.#doc(keys.header(tenant, header.name), HeaderRecord)) ?? header
  }
  async headers(tenant: TenantId) {
    return this.#docs(tenantPk(tenant), 'HEADER#', HeaderRecord)
  }
  async headerOwner(name: string) {
    const claim = await this.#table.get(keys.headerOwner(name))
    return claim && TenantId.parse(textOf(claim, 'tenant'))
  }

  async putRules(tenant: TenantId, overrides: DltRuleOverrides) {
    await this.#putDoc(keys.rules(tenant), overrides)
  }
  async rules(tenant: TenantId) {
    return (await this.#doc(keys.rules(tenant), DltRuleOverrides)) ?? {}
  }
  async putCtas(tenant: TenantId, whitelist: CtaWhitelist) {
    await this.#putDoc(keys.ctas(tenant), whitelist)
  }
  async ctas(tenant: TenantId) {
    return this.#doc(keys.ctas(tenant), CtaWhitelist)
  }

  async noteSending(
    tenant: TenantId,
    fingerprint: string,
    sending: SendingRecord,
    instead: CampaignId | null,
  ) {
    const at = keys.sending(tenant, fingerprint)
    const ttl = number(Math.ceil(sending.at / 1000) + SENDING_SECONDS)
    const item = { ...docItem(at, sending), campaign: text(sending.campaign), ttl }
    const free = {
      ConditionExpression: 'attribute_not_exists(pk) OR campaign IN (:own, :instead) OR #ttl <= :now',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ...{ ':own': text(sending.campaign), ':instead': text(instead ?? sending.campaign) },
        ':now': number(Math.floor(this.#table.now() / 1000)),
      },
    }
    const answer = await this.#table.putIf(item, free)
    return answer.done || !answer.item ? null : docOf(answer.item, 'doc', SendingRecord)
  }
  async sending(tenant: TenantId, fingerprint: string) {
    return this.#doc(keys.sending(tenant, fingerprint), SendingRecord)
  }

  async putAudit(tenant: TenantId, entry: AuditRecord) {
    await this.#putDoc(keys.audit(tenant, entry.id), entry)
  }
  audit(tenant: TenantId, options: { limit: number; before?: string }) {
    return this.#newestFirst((id) => keys.audit(tenant, id), AuditRecord, options)
  }

  createCampaign(campaign: CampaignRecord) {
    return this.#campaigns.createCampaign(campaign)
  }
  campaign(tenant: TenantId, id: CampaignId) {
    return this.#campaigns.campaign(tenant, id)
  }
  updateCampaign(campaign: CampaignRecord) {
    return this.#campaigns.updateCampaign(campaign)
  }
  campaigns(tenant: TenantId, options: { limit: number; before?: string }) {
    return this.#campaigns.campaigns(tenant, options)
  }
  noteProgress(tenant: TenantId, id: CampaignId, plan: PlanId, progress: Progress) {
    return this.#campaigns.noteProgress(tenant, id, plan, progress)
  }
  dueCampaigns(now: EpochMs, limit: number) {
    return this.#campaigns.dueCampaigns(now, limit)
  }

  async setControl(id: CampaignId, control: Control) {
    await this.#putDoc(keys.control(id), control)
  }
  async controls(ids: readonly CampaignId[]) {
    const items = await this.#table.getAll(ids.map(keys.control), { consistent: true })
    const idOf = (item: Item) => textOf(item, 'pk').slice('CONTROL#'.length) as CampaignId
    return new Map(items.map((item): [CampaignId, Control] => [idOf(item), docOf(item, 'doc', ControlDoc)]))
  }

  async putPool(pool: PoolConfig) {
    await this.#putDoc(keys.pool(pool.id), pool)
  }
  async pool(id: PoolId) {
    return this.#doc(keys.pool(id), PoolConfig)
  }
  async putRoute(route: RouteConfig) {
    await this.#putDoc(keys.route(route.id), route)
  }
  async route(id: RouteId) {
    return this.#doc(keys.route(id), RouteConfig)
  }
  async routes() {
    return this.#docs('ROUTES', '', RouteConfig)
  }
  async putHeartbeat(route: RouteId, heartbeat: Heartbeat) {
    await this.#putDoc(keys.heartbeat(route, heartbeat), heartbeat, HEARTBEAT_DAYS)
  }
  async heartbeats(route: RouteId) {
    return this.#docs(`ROUTE#${route}`, '', Heartbeat)
  }

  async putInbound(id: string, message: InboundMessage, owner?: TenantId) {
    await this.#putDoc(keys.inbound(message.route, message.arrivedAt, id), message, INBOUND_DAYS)
    if (owner) await this.#putDoc(keys.inboundOf(owner, id), { ...message, id }, INBOUND_DAYS)
  }
  async inbound(route: RouteId, limit: number) {
    return this.#docs(`ROUTE#${route}#INBOUND`, '', InboundMessage, { newestFirst: true, limit })
  }
  inboundOf(tenant: TenantId, options: { limit: number; before?: string }) {
    return this.#newestFirst((id) => keys.inboundOf(tenant, id), InboundRecord, options)
  }

  async once(tenant: TenantId, idempotencyKey: string, requestHash: string, answer: string) {
    const now = this.#table.now()
    const item = {
      ...keys.answer(tenant, idempotencyKey),
      requestHash: text(requestHash),
      answer: text(answer),
      ttl: number(Math.ceil(now / 1000) + IDEMPOTENCY_SECONDS),
    }
    const expired = condition({ atMost: { ttl: number(Math.floor(now / 1000)) }, orAbsent: true })
    const written = await this.#table.putIf(item, expired)
    if (written.done || !written.item) return answer
    return answerOf(written.item, requestHash)
  }
  async remembered(tenant: TenantId, idempotencyKey: string, requestHash: string) {
    const item = await this.#table.get(keys.answer(tenant, idempotencyKey))
    return item && answerOf(item, requestHash)
  }

  async #putDoc(at: Key, record: object, days?: number): Promise<void> {
    const ttl = days === undefined ? {} : { ttl: ttlAfter(this.#table.now(), days) }
    await this.#table.put({ ...docItem(at, record), ...ttl })
  }

  async #doc<T>(at: Key, schema: z.ZodType<T>): Promise<T | null> {
    const item = await this.#table.get(at)
    return item && docOf(item, 'doc', schema)
  }

  /** A page of a partition whose sort keys are ids that sort by time. */
  async #newestFirst<T extends { id: string }>(
    keyOf: (id: string) => Key,
    schema: z.ZodType<T>,
    { limit, before }: { limit: number; before?: string },
  ): Promise<{ items: T[]; next: string | null }> {
    const found = await this.#docs(keyOf('').pk.S, '', schema, {
      ...{ newestFirst: true, limit: limit + 1 },
      ...(before !== undefined && { after: keyOf(before) }),
    })
    const items = found.slice(0, limit)
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
  }

  async #docs<T>(
    pk: string,
    prefix: string,
    schema: z.ZodType<T>,
    { newestFirst = false, limit, after }: { newestFirst?: boolean; limit?: number; after?: Key } = {},
  ): Promise<T[]> {
    const found: T[] = []
    const query = this.#table.query({
      ...partition(pk, prefix),
      ScanIndexForward: !newestFirst,
      ...(limit !== undefined && { Limit: limit }),
      ...(after !== undefined && { ExclusiveStartKey: after }),
    })
    for await (const item of query) {
      found.push(docOf(item, 'doc', schema))
      if (found.length === limit) break
    }
    return found
  }
}

/** Items of a partition whose sort keys begin with `prefix`. */
const partition = (pk: string, prefix: string) => ({
  KeyConditionExpression: prefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
  ExpressionAttributeValues: { ':pk': text(pk), ...(prefix ? { ':prefix': text(prefix) } : {}) },
})

function answerOf(item: Item, requestHash: string): string {
  if (textOf(item, 'requestHash') === requestHash) return textOf(item, 'answer')
  throw new Conflict('idempotency_key_reused', 'This Idempotency-Key came with a different request before.')
}
