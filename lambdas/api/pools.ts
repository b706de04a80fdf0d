import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { TenantId } from '../../shared/ids.ts'
import { type ApiDeps, tenantRecord } from './context.ts'

/** Routes the tenant's messages may leave through; those of other pools are nobody's business. */
export async function routesOf(deps: Pick<ApiDeps, 'registry'>, tenant: TenantId): Promise<RouteConfig[]> {
  const pools = new Set(Object.values((await tenantRecord(deps, tenant)).pools))
  return (await deps.registry.routes()).filter((route) => pools.has(route.pool))
}
