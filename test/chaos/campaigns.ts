/** What is sent in a run: one campaign that comes as a CSV and is compiled, one whose plan is there, in many batches. */
import { pageKey, shapeKey, uploadKey } from '../../shared/campaign/plan-keys.ts'
import { CampaignRecord } from '../../shared/campaign/record.ts'
import { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import type { EpochMs } from '../../shared/ids.ts'
import { CampaignId, PlanId, PoolId, RouteId, TenantId } from '../../shared/ids.ts'
import type { Random } from '../../shared/ports.ts'
import type { Ports } from './ports-wire.ts'
import type { Scenario } from './scenario.ts'

export const TENANT = TenantId.parse('chaos')
export const ROUTE = RouteId.parse('chaos')
export const POOL = PoolConfig.parse({ id: PoolId.parse('chaos') })
export const CREDENTIALS = { systemId: 'chaos', password: 'secret' }
export const CAMPAIGNS = [
  CampaignId.parse('01K6CAMPAGN0000000000000C0'),
  CampaignId.parse('01K6CAMPAGN0000000000000C1'),
] as const
const PLANS = [
  PlanId.parse('01K6P1AN0000000000000000C0'),
  PlanId.parse('01K6P1AN0000000000000000C1'),
] as const

/** A word no log line may contain. */
export const SECRET_WORD = 'Kurukshetra'
const TEMPLATE = {
  id: '1107161234567890123',
  text:
    `Dear {#var#}, your parcel from ${SECRET_WORD} is out for delivery and arrives today between ten and six. ` +
    'Please keep your phone at hand. Thank you, Acme Stores',
}
/** One part, two parts, and three parts of UCS-2. */
const NAMES = ['Asha', 'Venkatanarasimharajuvaripeta', 'आशा']
const BATCHES_PER_PAGE = 6

export const routeTo = (
  port: number,
  { tps, longMessage }: Pick<Scenario, 'tps' | 'longMessage'>,
): RouteConfig =>
  RouteConfig.parse({
    ...{ id: ROUTE, pool: POOL.id, host: '127.0.0.1', port, tls: false, allowPlaintext: true },
    ...{
      secret: 'env:SMSC',
      binds: 4,
      tps,
      longMessage,
      window: { min: 5, max: 50 },
      responseTimeoutMs: 400,
    },
  })

export async function createCampaigns(ports: Ports, scenario: Scenario, random: Random, now: EpochMs) {
  const { registry, objects, queue } = ports
  await registry.putTenant({
    ...{ id: TENANT, name: 'Chaos', entityId: '1101234567890123456', pools: { service: POOL.id } },
    ...{ paisePerSegment: 12, createdAt: now },
  })
  await registry.createTemplate(TENANT, {
    ...TEMPLATE,
    ...{ name: 'parcel', header: 'ACMEIN', category: 'service_implicit', createdAt: now },
    ...{ types: null, consentId: null },
  })
  await registry.putPool(POOL)

  const [compiled, planned] = CAMPAIGNS
  await objects.put(uploadKey(TENANT, compiled), csv(scenario.rows, random))
  await registry.createCampaign(
    recordOf(compiled, now, {
      state: 'checking',
      checking: { plan: PLANS[0], startedAt: now, thenLaunch: true, allowRepeat: false },
      dueAt: now + 2_000,
    }),
  )
  const job = { kind: 'compile', tenant: TENANT, campaign: compiled, plan: PLANS[0] }
  await queue.send('jobs', [JSON.stringify(job)])

  const plan = await putPlan(ports, scenario.batches, random)
  await registry.createCampaign(recordOf(planned, now, { state: 'checked', plan, policy: scenario.policy }))
}

function recordOf(id: CampaignId, now: EpochMs, fields: Partial<CampaignRecord>): CampaignRecord {
  return CampaignRecord.parse({
    ...{ tenant: TENANT, id, name: 'chaos', state: 'draft', rev: 1, templateId: TEMPLATE.id },
    ...{ header: 'ACMEIN', lane: 'service', pool: POOL.id, mapping: { to: 'mobile', variables: ['name'] } },
    ...{ policy: 'hold', validityHours: 24, createdAt: now, uploadKey: uploadKey(TENANT, id) },
    ...{ checking: null, progress: null, numbers: null, plan: null, launch: null },
    ...{ feed: { nextPage: 0, fedAt: null }, settledAt: null, problem: null, dueAt: null },
    ...fields,
  })
}

function csv(rows: number, random: Random): string {
  const lines = Array.from({ length: rows }, (_, n) => {
    const name = NAMES[Math.floor(random.next() * NAMES.length)]
    return `${9_810_000_000 + n},${name}`
  })
  return `mobile,name\n${lines.join('\n')}\n`
}

async function putPlan({ objects }: Ports, batches: number, random: Random) {
  const id = PLANS[1]
  const shapes = Array.from({ length: batches }, () =>
    Array.from({ length: 1 + Math.floor(random.next() * 20) }, () => 1 + Math.floor(random.next() ** 2 * 5)),
  )
  const pages = Array.from({ length: Math.ceil(batches / BATCHES_PER_PAGE) }, (_, page) =>
    shapes.slice(page * BATCHES_PER_PAGE, (page + 1) * BATCHES_PER_PAGE),
  )
  for (const [page, ofPage] of pages.entries()) {
    const lines = ofPage.map((parts, batch) => planLine(page, batch, parts))
    await objects.put(pageKey(CAMPAIGNS[1], id, page), `${lines.join('\n')}\n`)
    await objects.put(shapeKey(CAMPAIGNS[1], id, page), JSON.stringify({ v: 1, page, batches: ofPage }))
  }
  const recipients = shapes.flat().length
  return {
    ...{ id, pages: pages.length, batches, recipients },
    segments: shapes.flat().reduce((sum, parts) => sum + parts, 0),
    fileHash: '',
    recipientsPerPage: pages.map((page) => page.flat().length),
  }
}

function planLine(page: number, batch: number, parts: readonly number[]): string {
  const messages = parts.map((count, i) => ({
    i,
    to: `9197${String(page).padStart(2, '0')}${String(batch).padStart(3, '0')}${String(i).padStart(3, '0')}`,
    dc: 0,
    parts: Array.from({ length: count }, (_, part) => `${SECRET_WORD} ${i} part ${part + 1} of ${count}`),
  }))
  return JSON.stringify({
    ...{ v: 1, campaign: CAMPAIGNS[1], plan: PLANS[1], page, batch, lane: 'service', header: 'ACMEIN' },
    ...{ entity: '1101234567890123456', template: TEMPLATE.id, messages },
  })
}
