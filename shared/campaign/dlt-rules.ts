import type { TenantRecord } from '../contracts/records.ts'
import type { Lane } from '../contracts/route.ts'
import { mergeRules } from '../dlt/rules/overrides.ts'
import { DEFAULT_RULES, type DltRules } from '../dlt/rules/rules.ts'
import { strictest } from '../dlt/rules/strictest.ts'
import type { TenantId } from '../ids.ts'
import type { Registry } from '../ports.ts'
import type { CampaignRecord } from './record.ts'

type RulesRegistry = Pick<Registry, 'rules' | 'routes'>

/**
 * The rules for a tenant's messages of a lane: the defaults, with what the tenant overrides, and then what the route
 * does, whose operator compares in the end. A message may leave through any route of the lane's pool, so of several the
 * strictest reading counts; routes are asked in the order of their ids.
 */
export async function rulesFor(
  registry: RulesRegistry,
  tenant: Pick<TenantRecord, 'id' | 'pools'>,
  lane: Lane,
): Promise<DltRules> {
  const pool = tenant.pools[lane]
  const [overrides, routes] = await Promise.all([registry.rules(tenant.id), registry.routes()])
  const ofTenant = mergeRules(DEFAULT_RULES, overrides)
  const [first, ...others] = routes
    .filter((route) => route.pool === pool && route.lanes.includes(lane))
    .map(({ dltRules }) => mergeRules(ofTenant, dltRules))
  return first === undefined ? ofTenant : strictest(first, others)
}

/** The rules of a tenant whatever its messages leave through. */
export async function rulesOfTenant(registry: Pick<Registry, 'rules'>, tenant: TenantId): Promise<DltRules> {
  return mergeRules(DEFAULT_RULES, await registry.rules(tenant))
}

/** Of a campaign, whose pool is the one it was created for. */
export function rulesOfCampaign(
  registry: RulesRegistry,
  { tenant, lane, pool }: Pick<CampaignRecord, 'tenant' | 'lane' | 'pool'>,
): Promise<DltRules> {
  return rulesFor(registry, { id: tenant, pools: { [lane]: pool } }, lane)
}
