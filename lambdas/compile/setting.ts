import type { PlanHead } from '../../shared/campaign/plan-pages.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { Problem } from '../../shared/campaign/states.ts'
import type { CtaSetting } from '../../shared/dlt/cta/check.ts'
import type { Finding } from '../../shared/dlt/rules/finding.ts'
import type { Template } from '../../shared/dlt/template.ts'
import type { PlanId } from '../../shared/ids.ts'
import type { Registry } from '../../shared/ports.ts'
import type { ReferenceBits } from '../../shared/sms/segment.ts'
import { judgeTemplate } from '../template-judge.ts'

/** What a check must know besides the file. */
export interface Setting {
  template: Template
  /** What the rules warn of before any row is looked at. */
  findings: Finding[]
  ctas: CtaSetting
  head: PlanHead
  referenceBits: ReferenceBits
  paisePerSegment: number
}

const ASK = 'ask the operator of this installation'

/** Reads template, rules, tenant and pool of a campaign; a problem when one is gone, or the rules refuse the template. */
export async function readSetting(
  registry: Pick<Registry, 'template' | 'tenant' | 'pool' | 'rules' | 'routes' | 'ctas'>,
  campaign: CampaignRecord,
  plan: PlanId,
): Promise<{ ok: true; setting: Setting } | { ok: false; problem: Problem }> {
  const [record, tenant, pool] = await Promise.all([
    registry.template(campaign.tenant, campaign.templateId),
    registry.tenant(campaign.tenant),
    registry.pool(campaign.pool),
  ])
  if (!record)
    return problem(
      'template_missing',
      `Template ${campaign.templateId} is not registered: register it with POST /v1/templates, then check again.`,
    )
  if (!tenant) return problem('tenant_missing', `Tenant ${campaign.tenant} is not registered: ${ASK}.`)
  if (!pool) return problem('pool_missing', `Pool ${campaign.pool} does not exist: ${ASK}.`)
  const { parsed: template, findings, rules, whitelist } = await judgeTemplate(registry, tenant, record)
  if (!template.ok) {
    return problem('template_invalid', `Template ${record.id} cannot be used: ${template.message}.`)
  }
  const refusals = findings.filter(({ level }) => level === 'refuse')
  if (refusals.length > 0) {
    const why = refusals.map(({ message }) => message).join('; ')
    return problem(refusals[0]!.code, `Template ${record.id} would be refused by operators: ${why}.`)
  }
  const { lane, header } = campaign
  const { referenceBits } = pool
  const { paisePerSegment, entityId: entity } = tenant
  const head: PlanHead = { campaign: campaign.id, plan, lane, header, entity, template: record.id }
  const ctas: CtaSetting = { header, whitelist, rules }
  return { ok: true, setting: { template, findings, ctas, head, referenceBits, paisePerSegment } }
}

const problem = (code: string, message: string) => ({ ok: false, problem: { code, message } }) as const
