import { OpenAPIHono } from '@hono/zod-openapi'
import type { Deps } from '../../aws/deps.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { TenantRecord } from '../../shared/contracts/records.ts'
import { NotFound } from '../../shared/errors.ts'
import { CampaignId, type TenantId } from '../../shared/ids.ts'
import { faultsOf } from './faults.ts'

/** What the API needs from the outside. */
export type ApiDeps = Omit<Deps, 'random'>

/** Set by `auth.ts` on every request but the open ones. */
export interface ApiEnv {
  Variables: { tenant: TenantId; actor: string }
}

export type Api = OpenAPIHono<ApiEnv>

/** A router whose calls refuse a request that breaks its schema with all its faults. */
export function newApi(): Api {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw faultsOf(result.target, result.error)
    },
  })
}

/** @throws NotFound `campaign_not_found`, also for a campaign of another tenant and for text that is no id. */
export async function findCampaign(
  deps: Pick<ApiDeps, 'registry'>,
  tenant: TenantId,
  id: string,
): Promise<CampaignRecord> {
  const parsed = CampaignId.safeParse(id)
  const campaign = parsed.success ? await deps.registry.campaign(tenant, parsed.data) : null
  if (campaign) return campaign
  throw new NotFound('campaign_not_found', `there is no campaign ${id}: GET /v1/campaigns lists yours`)
}

/** The tenant's own record: a key without one is a fault of the installation. */
export async function tenantRecord(deps: Pick<ApiDeps, 'registry'>, tenant: TenantId): Promise<TenantRecord> {
  const record = await deps.registry.tenant(tenant)
  if (!record) throw new Error(`an API key names tenant ${tenant}, which does not exist`)
  return record
}
