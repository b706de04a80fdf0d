import { pageKey, shapeKey } from '../../shared/campaign/plan-keys.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import type { CampaignId, PlanId, TenantId } from '../../shared/ids.ts'
import type { OutcomeRow, ReceiptRow, Slice } from '../../shared/ledger/facts.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import { aLaunchedCampaign } from '../campaign/campaign.factory.ts'
import { type MemoryDeps, memoryDeps } from '../support/memory-ports.ts'

export const TENANT = 'acme' as TenantId
export const CAMPAIGN = '01JCAMPAGN0000000000000001' as CampaignId
export const PLAN = '01JP0000000000000000000001' as PlanId
export const DISPATCH = 'dispatch-main-service'
export const HOUR_MS = 3_600_000

export interface Size {
  pages: number
  batches: number
  recipients: number
  /** Of every message. */
  parts: number
}

const ONE_PAGE: Size = { pages: 1, batches: 2, recipients: 3, parts: 1 }

export const numberOf = (page: number, batch: number, i: number): string =>
  `9198${String(page).padStart(3, '0')}${String(batch).padStart(2, '0')}${String(i).padStart(3, '0')}`

export function planLine(page: number, batch: number, size: Size): string {
  const messages = Array.from({ length: size.recipients }, (_, i) => ({
    i,
    to: numberOf(page, batch, i),
    dc: 0,
    parts: Array.from({ length: size.parts }, (_, part) => `part ${part + 1}`),
  }))
  return JSON.stringify({
    v: 1,
    campaign: CAMPAIGN,
    plan: PLAN,
    page,
    batch,
    lane: 'service',
    header: 'ACMEIN',
    entity: '1701158019811140068',
    template: '1107161191448698079',
    messages,
  })
}

/** A campaign that is sending, as it is after its launch: plan in the object store, pool and route registered. */
export async function launched(
  options: { size?: Partial<Size>; record?: Partial<CampaignRecord>; hours?: boolean; tps?: number } = {},
): Promise<MemoryDeps & { campaign: CampaignRecord; size: Size }> {
  const deps = memoryDeps()
  const size = { ...ONE_PAGE, ...options.size }
  const pages = Array.from({ length: size.pages }, (_, page) => page)
  for (const page of pages) {
    const lines = Array.from({ length: size.batches }, (_, batch) => planLine(page, batch, size))
    await deps.objects.put(pageKey(CAMPAIGN, PLAN, page), `${lines.join('\n')}\n`)
    const batches = lines.map(() => Array<number>(size.recipients).fill(size.parts))
    await deps.objects.put(shapeKey(CAMPAIGN, PLAN, page), JSON.stringify({ v: 1, page, batches }))
  }
  await deps.registry.putPool(PoolConfig.parse({ id: 'main' }))
  await deps.registry.putRoute(route('one', { tps: options.tps ?? 100 }))
  await deps.registry.createCampaign(record(deps.clock.now(), size, options))
  await deps.registry.setControl(CAMPAIGN, { state: 'sending', at: deps.clock.now() })
  const campaign = (await deps.registry.campaign(TENANT, CAMPAIGN))!
  return Object.assign(deps, { campaign, size })
}

export const route = (id: string, over: object = {}) =>
  RouteConfig.parse({ id, pool: 'main', host: 'smsc.example', port: 2776, secret: 'env:SMSC', ...over })

function record(
  now: number,
  size: Size,
  options: { record?: Partial<CampaignRecord>; hours?: boolean },
): CampaignRecord {
  const recipientsPerPage = Array<number>(size.pages).fill(size.batches * size.recipients)
  const recipients = size.pages * size.batches * size.recipients
  const plan = {
    id: PLAN,
    pages: size.pages,
    batches: size.pages * size.batches,
    recipients,
    segments: recipients * size.parts,
    fileHash: '',
    recipientsPerPage,
  }
  const hours = options.hours ? { fromMinute: 600, toMinute: 1_260 } : null
  const terms = { expiresAt: now + 24 * HOUR_MS, hours, policy: 'hold' } as const
  return aLaunchedCampaign({
    tenant: TENANT,
    id: CAMPAIGN,
    rev: 1,
    createdAt: now,
    plan,
    launch: { at: now, terms },
    dueAt: now,
    ...options.record,
  })
}

export function outcomeSlice(page: number, rows: OutcomeRow[], n = 0): Slice {
  return { campaign: CAMPAIGN, page, owner: '01JB00000000000000000000AA', n, kind: 'outcomes', rows }
}

export function receiptSlice(page: number, rows: ReceiptRow[], n = 0): Slice {
  return { campaign: CAMPAIGN, page, owner: '01JB00000000000000000000AA', n, kind: 'receipts', rows }
}

/** One row per message of the page, its id `id-<batch>-<i>`. */
export function acceptedRows(size: Size, at: number): OutcomeRow[] {
  return everyMessage(size).map(([batch, i]) => [batch, i, 1, 1, 'accepted', `id-${batch}-${i}`, at, at + 10])
}

export function deliveredRows(size: Size, at: number): ReceiptRow[] {
  return everyMessage(size).map(([batch, i]) => [batch, i, 1, `id-${batch}-${i}`, 'DELIVRD', '000', null, at])
}

const everyMessage = (size: Size): [number, number][] =>
  Array.from({ length: size.batches * size.recipients }, (_, k) => [
    Math.floor(k / size.recipients),
    k % size.recipients,
  ])

export function summary(over: Partial<PageSummary> = {}): PageSummary {
  return {
    statuses: {},
    reasons: {},
    latency: {},
    timeline: {},
    parked: [],
    settled: false,
    facts: 1,
    asOf: 0,
    segments: { planned: 0, accepted: 0, delivered: 0, unconfirmed: 0, resent: 0 },
    lookups: 0,
    nextLookupAt: null,
    ...over,
  }
}
