/**
 * What a check must know besides the file. It is kept with the plan when the check first begins: started again, also after
 * somebody changed a rule or a template, it comes to the same pages, and two that run at once do not write different ones.
 */
import { z } from 'zod'
import { settingKey } from '../../shared/campaign/plan-keys.ts'
import type { PlanHead } from '../../shared/campaign/plan-pages.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { Problem } from '../../shared/campaign/states.ts'
import { TemplateRecord, TenantRecord } from '../../shared/contracts/records.ts'
import { PoolConfig } from '../../shared/contracts/route.ts'
import type { CtaSetting } from '../../shared/dlt/cta/check.ts'
import { CtaWhitelist } from '../../shared/dlt/cta/whitelist.ts'
import { type Finding, refusalAmong } from '../../shared/dlt/rules/finding.ts'
import type { DltRules } from '../../shared/dlt/rules/rules.ts'
import type { Template } from '../../shared/dlt/template.ts'
import type { PlanId } from '../../shared/ids.ts'
import type { ObjectStore, Registry } from '../../shared/ports.ts'
import type { ReferenceBits } from '../../shared/sms/segment.ts'
import { judge, judgeTemplate } from '../template-judge.ts'

export interface Setting {
  template: Template
  /** What the rules warn of before any row is looked at. */
  findings: Finding[]
  ctas: CtaSetting
  head: PlanHead
  referenceBits: ReferenceBits
  paisePerSegment: number
}

interface SettingDeps {
  registry: Pick<Registry, 'template' | 'tenant' | 'pool' | 'rules' | 'routes' | 'ctas'>
  objects: Pick<ObjectStore, 'get' | 'put'>
}

type Read<T> = { ok: true; read: T } | { ok: false; problem: Problem }

/** A problem when something is gone, or the rules refuse the template. */
export async function readSetting(
  deps: SettingDeps,
  campaign: CampaignRecord,
  plan: PlanId,
): Promise<Read<Setting>> {
  const key = settingKey(campaign.id, plan)
  const stored = await deps.objects.get(key)
  if (stored) return settingOf(Kept.parse(JSON.parse(stored.toString('utf8'))), campaign, plan)
  const kept = await readRegistry(deps.registry, campaign)
  if (!kept.ok) return kept
  const setting = settingOf(kept.read, campaign, plan)
  if (setting.ok) await deps.objects.put(key, JSON.stringify(kept.read), { contentType: 'application/json' })
  return setting
}

const Kept = z.object({
  template: TemplateRecord,
  tenant: TenantRecord,
  pool: PoolConfig,
  /** Written by this program alone. */
  rules: z.custom<DltRules>(),
  whitelist: CtaWhitelist.nullable(),
})
type Kept = z.infer<typeof Kept>

const ASK = 'ask the operator of this installation'

async function readRegistry(
  registry: SettingDeps['registry'],
  campaign: CampaignRecord,
): Promise<Read<Kept>> {
  const [template, tenant, pool] = await Promise.all([
    registry.template(campaign.tenant, campaign.templateId),
    registry.tenant(campaign.tenant),
    registry.pool(campaign.pool),
  ])
  if (!template)
    return problem(
      'template_missing',
      `Template ${campaign.templateId} is not registered: register it with POST /v1/templates, then check again.`,
    )
  if (!tenant) return problem('tenant_missing', `Tenant ${campaign.tenant} is not registered: ${ASK}.`)
  if (!pool) return problem('pool_missing', `Pool ${campaign.pool} does not exist: ${ASK}.`)
  const { rules, whitelist } = await judgeTemplate(registry, tenant, template)
  return { ok: true, read: { template, tenant, pool, rules, whitelist } }
}

function settingOf(kept: Kept, campaign: CampaignRecord, plan: PlanId): Read<Setting> {
  const { template: record, tenant, pool, rules, whitelist } = kept
  const { parsed: template, findings } = judge(record, rules, whitelist)
  if (!template.ok) {
    return problem('template_invalid', `Template ${record.id} cannot be used: ${template.message}.`)
  }
  const refusal = refusalAmong(findings)
  if (refusal) {
    return problem(refusal.code, `Template ${record.id} would be refused by operators: ${refusal.message}.`)
  }
  const { lane, header } = campaign
  const { referenceBits } = pool
  const { paisePerSegment, entityId: entity } = tenant
  const head: PlanHead = { campaign: campaign.id, plan, lane, header, entity, template: record.id }
  const ctas: CtaSetting = { header, whitelist, rules }
  return { ok: true, read: { template, findings, ctas, head, referenceBits, paisePerSegment } }
}

const problem = (code: string, message: string) => ({ ok: false, problem: { code, message } }) as const
