import type { PlanHead } from '../../shared/campaign/plan-pages.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { Problem } from '../../shared/campaign/states.ts'
import { parseTemplate, type Template } from '../../shared/dlt/template.ts'
import type { PlanId } from '../../shared/ids.ts'
import type { Registry } from '../../shared/ports.ts'
import type { ReferenceBits } from '../../shared/sms/segment.ts'

/** What a check must know besides the file. */
export interface Setting {
  template: Template
  head: PlanHead
  referenceBits: ReferenceBits
  paisePerSegment: number
}

const ASK = 'ask the operator of this installation'

/** Reads template, tenant and pool of a campaign; a problem when one of them is gone or cannot be used. */
export async function readSetting(
  registry: Pick<Registry, 'template' | 'tenant' | 'pool'>,
  campaign: CampaignRecord,
  plan: PlanId,
): Promise<{ ok: true; setting: Setting } | { ok: false; problem: Problem }> {
  const [template, tenant, pool] = await Promise.all([
    registry.template(campaign.tenant, campaign.templateId),
    registry.tenant(campaign.tenant),
    registry.pool(campaign.pool),
  ])
  if (!template)
    return missing(
      'template_missing',
      `Template ${campaign.templateId} is not registered: register it with POST /v1/templates, then check again.`,
    )
  if (!tenant) return missing('tenant_missing', `Tenant ${campaign.tenant} is not registered: ${ASK}.`)
  if (!pool) return missing('pool_missing', `Pool ${campaign.pool} does not exist: ${ASK}.`)
  const parsed = parseTemplate(template.text)
  if (!parsed.ok) {
    return missing('template_invalid', `Template ${template.id} cannot be used: ${parsed.message}.`)
  }
  const head: PlanHead = {
    campaign: campaign.id,
    plan,
    lane: campaign.lane,
    header: campaign.header,
    entity: tenant.entityId,
    template: template.id,
  }
  const { referenceBits } = pool
  return {
    ok: true,
    setting: { template: parsed, head, referenceBits, paisePerSegment: tenant.paisePerSegment },
  }
}

const missing = (code: string, message: string) => ({ ok: false, problem: { code, message } }) as const
