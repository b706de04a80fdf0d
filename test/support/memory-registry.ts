import type { CampaignRecord, CampaignSummary, Progress } from '../../shared/campaign/record.ts'
import type { InboundMessage, InboundRecord } from '../../shared/contracts/jobs.ts'
import {
  type ApiKeyRecord,
  type AuditRecord,
  type HeaderRecord,
  type Heartbeat,
  headerTaken,
  type SendingRecord,
  type TemplateRecord,
  type TenantRecord,
} from '../../shared/contracts/records.ts'
import type { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import type { CtaWhitelist } from '../../shared/dlt/cta/whitelist.ts'
import type { DltRuleOverrides } from '../../shared/dlt/rules/overrides.ts'
import { Conflict, NotFound } from '../../shared/errors.ts'
import type { CampaignId, EpochMs, PlanId, PoolId, RouteId, TenantId } from '../../shared/ids.ts'
import type { Clock, Control, Registry } from '../../shared/ports.ts'

const DAY_MS = 86_400_000

/** Copies in, copies out; `under` lists in the order of the keys, as a Query does. */
class Shelf<T> {
  readonly #items = new Map<string, T>()

  put(key: string, value: T): void {
    this.#items.set(key, structuredClone(value))
  }
  get(key: string): T | null {
    const found = this.#items.get(key)
    return found === undefined ? null : structuredClone(found)
  }
  under(prefix: string): T[] {
    const keys = [...this.#items.keys()].filter((key) => key.startsWith(prefix)).sort()
    return keys.map((key) => structuredClone(this.#items.get(key) as T))
  }
}

/** The registry in memory. */
export class MemoryRegistry implements Registry {
  readonly #clock: Clock
  readonly #tenants = new Shelf<TenantRecord>()
  readonly #keys = new Shelf<ApiKeyRecord>()
  readonly #templates = new Shelf<TemplateRecord>()
  readonly #headers = new Shelf<HeaderRecord>()
  readonly #headerOwners = new Map<string, TenantId>()
  readonly #rules = new Shelf<DltRuleOverrides>()
  readonly #ctas = new Shelf<CtaWhitelist>()
  readonly #sendings = new Shelf<SendingRecord>()
  readonly #audit = new Shelf<AuditRecord>()
  readonly #campaigns = new Shelf<CampaignRecord>()
  readonly #controls = new Shelf<Control>()
  readonly #pools = new Shelf<PoolConfig>()
  readonly #routes = new Shelf<RouteConfig>()
  readonly #heartbeats = new Shelf<{ heartbeat: Heartbeat; until: EpochMs }>()
  readonly #inbound = new Shelf<InboundMessage>()
  readonly #tenantInbound = new Shelf<InboundRecord>()
  readonly #answers = new Shelf<{ requestHash: string; answer: string; until: EpochMs }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async putTenant(tenant: TenantRecord) {
    this.#tenants.put(tenant.id, tenant)
  }
  async tenant(id: TenantId) {
    return this.#tenants.get(id)
  }

  async putKey(key: ApiKeyRecord) {
    this.#keys.put(key.id, key)
  }
  async key(id: string) {
    return this.#keys.get(id)
  }
  async keysOf(tenant: TenantId) {
    return this.#keys.under('').filter((key) => key.tenant === tenant)
  }

  async createTemplate(tenant: TenantId, template: TemplateRecord) {
    const key = `${tenant}#${template.id}`
    if (this.#templates.get(key)) {
      throw new Conflict('template_exists', `Template ${template.id} is registered already.`)
    }
    this.#templates.put(key, template)
  }
  async template(tenant: TenantId, id: string) {
    return this.#templates.get(`${tenant}#${id}`)
  }
  async templates(tenant: TenantId) {
    return this.#templates.under(`${tenant}#`)
  }
  async updateTemplate(tenant: TenantId, template: TemplateRecord) {
    const key = `${tenant}#${template.id}`
    if (!this.#templates.get(key)) {
      throw new NotFound('template_not_found', `Template ${template.id} is not registered.`)
    }
    this.#templates.put(key, template)
  }
  async registerHeader(tenant: TenantId, header: HeaderRecord) {
    const owner = this.#headerOwners.get(header.name) ?? tenant
    if (owner !== tenant) throw headerTaken(header.name)
    this.#headerOwners.set(header.name, tenant)
    const key = `${tenant}#${header.name}`
    const standing = this.#headers.get(key)
    if (!standing) this.#headers.put(key, header)
    return standing ?? header
  }
  async headers(tenant: TenantId) {
    return this.#headers.under(`${tenant}#`)
  }
  async headerOwner(name: string) {
    return this.#headerOwners.get(name) ?? null
  }

  async putRules(tenant: TenantId, overrides: DltRuleOverrides) {
    this.#rules.put(tenant, overrides)
  }
  async rules(tenant: TenantId) {
    return this.#rules.get(tenant) ?? {}
  }
  async putCtas(tenant: TenantId, whitelist: CtaWhitelist) {
    this.#ctas.put(tenant, whitelist)
  }
  async ctas(tenant: TenantId) {
    return this.#ctas.get(tenant)
  }

  async noteSending(
    tenant: TenantId,
    fingerprint: string,
    sending: SendingRecord,
    instead: CampaignId | null,
  ) {
    const standing = this.#sending(tenant, fingerprint)
    if (standing && standing.campaign !== sending.campaign && standing.campaign !== instead) return standing
    this.#sendings.put(`${tenant}#${fingerprint}`, sending)
    return null
  }
  async sending(tenant: TenantId, fingerprint: string) {
    return this.#sending(tenant, fingerprint)
  }
  #sending(tenant: TenantId, fingerprint: string): SendingRecord | null {
    const standing = this.#sendings.get(`${tenant}#${fingerprint}`)
    return standing && standing.at + DAY_MS > this.#clock.now() ? standing : null
  }

  async putAudit(tenant: TenantId, entry: AuditRecord) {
    this.#audit.put(`${tenant}#${entry.id}`, entry)
  }
  async audit(tenant: TenantId, options: { limit: number; before?: string }) {
    return newestFirst(this.#audit.under(`${tenant}#`), options)
  }

  async createCampaign(campaign: CampaignRecord) {
    const key = campaignKey(campaign.tenant, campaign.id)
    if (this.#campaigns.get(key)) {
      throw new Conflict('campaign_exists', `Campaign ${campaign.id} exists already.`)
    }
    this.#campaigns.put(key, campaign)
  }
  async campaign(tenant: TenantId, id: CampaignId) {
    return this.#campaigns.get(campaignKey(tenant, id))
  }
  async updateCampaign(campaign: CampaignRecord) {
    const key = campaignKey(campaign.tenant, campaign.id)
    if (this.#campaigns.get(key)?.rev !== campaign.rev) {
      throw new Conflict('campaign_changed', `Campaign ${campaign.id} has changed: read it again.`, {
        retryable: true,
      })
    }
    const stored = { ...campaign, rev: campaign.rev + 1 }
    this.#campaigns.put(key, stored)
    return structuredClone(stored)
  }
  async campaigns(tenant: TenantId, options: { limit: number; before?: string }) {
    return newestFirst(this.#campaigns.under(`${tenant}#`), options)
  }
  async noteProgress(tenant: TenantId, id: CampaignId, plan: PlanId, progress: Progress) {
    const campaign = await this.campaign(tenant, id)
    if (campaign?.checking?.plan === plan) {
      this.#campaigns.put(campaignKey(tenant, id), { ...campaign, progress })
    }
  }
  async dueCampaigns(now: EpochMs, limit: number): Promise<CampaignSummary[]> {
    const due = this.#campaigns
      .under('')
      .flatMap(({ tenant, id, dueAt }) => (dueAt !== null && dueAt <= now ? [{ tenant, id, dueAt }] : []))
    return due
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit)
      .map(({ tenant, id }) => ({ tenant, id }))
  }

  async setControl(id: CampaignId, control: Control) {
    this.#controls.put(id, control)
  }
  async controls(ids: readonly CampaignId[]) {
    const found = new Map<CampaignId, Control>()
    for (const id of ids) {
      const control = this.#controls.get(id)
      if (control) found.set(id, control)
    }
    return found
  }

  async putPool(pool: PoolConfig) {
    this.#pools.put(pool.id, pool)
  }
  async pool(id: PoolId) {
    return this.#pools.get(id)
  }
  async putRoute(route: RouteConfig) {
    this.#routes.put(route.id, route)
  }
  async route(id: RouteId) {
    return this.#routes.get(id)
  }
  async routes() {
    return this.#routes.under('')
  }
  async putHeartbeat(route: RouteId, heartbeat: Heartbeat) {
    const until = this.#clock.now() + DAY_MS
    this.#heartbeats.put(`${route}#${heartbeat.boot}#${padded(heartbeat.bind, 3)}`, { heartbeat, until })
  }
  async heartbeats(route: RouteId) {
    const now = this.#clock.now()
    const kept = this.#heartbeats.under(`${route}#`)
    return kept.flatMap(({ heartbeat, until }) => (until > now ? [heartbeat] : []))
  }

  async putInbound(id: string, message: InboundMessage, owner?: TenantId) {
    this.#inbound.put(`${message.route}#${padded(message.arrivedAt, 15)}#${id}`, message)
    if (owner) this.#tenantInbound.put(`${owner}#${id}`, { ...message, id })
  }
  async inbound(route: RouteId, limit: number) {
    return this.#inbound.under(`${route}#`).reverse().slice(0, limit)
  }
  async inboundOf(tenant: TenantId, options: { limit: number; before?: string }) {
    return newestFirst(this.#tenantInbound.under(`${tenant}#`), options)
  }

  async once(tenant: TenantId, key: string, requestHash: string, answer: string) {
    const first = await this.remembered(tenant, key, requestHash)
    if (first !== null) return first
    this.#answers.put(`${tenant}#${key}`, { requestHash, answer, until: this.#clock.now() + DAY_MS })
    return answer
  }
  async remembered(tenant: TenantId, key: string, requestHash: string) {
    const stored = this.#answers.get(`${tenant}#${key}`)
    if (!stored || stored.until <= this.#clock.now()) return null
    if (stored.requestHash !== requestHash) {
      throw new Conflict(
        'idempotency_key_reused',
        'This Idempotency-Key came with a different request before.',
      )
    }
    return stored.answer
  }
}

const campaignKey = (tenant: TenantId, id: CampaignId) => `${tenant}#${id}`
const padded = (value: number, digits: number) => String(value).padStart(digits, '0')

/** A page of what lies in the order of its ids, from the end. */
function newestFirst<T extends { id: string }>(
  all: readonly T[],
  { limit, before }: { limit: number; before?: string },
): { items: T[]; next: string | null } {
  const rest = all.filter(({ id }) => before === undefined || id < before).reverse()
  const items = rest.slice(0, limit)
  return { items, next: rest.length > limit ? (items.at(-1)?.id ?? null) : null }
}
