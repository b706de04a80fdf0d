import { rulesFor } from '../shared/campaign/dlt-rules.ts'
import { laneOf, type TemplateRecord, type TenantRecord } from '../shared/contracts/records.ts'
import { LANES, type Lane } from '../shared/contracts/route.ts'
import { checkTemplateCtas } from '../shared/dlt/cta/check.ts'
import type { CtaWhitelist } from '../shared/dlt/cta/whitelist.ts'
import { withNewlines } from '../shared/dlt/newlines.ts'
import { type Finding, refusalAmong } from '../shared/dlt/rules/finding.ts'
import { checkRegistration } from '../shared/dlt/rules/registration.ts'
import type { DltRules } from '../shared/dlt/rules/rules.ts'
import { parseTemplate, type Template, type TemplateRefusal } from '../shared/dlt/template.ts'
import type { Registry } from '../shared/ports.ts'

type JudgeRegistry = Pick<Registry, 'rules' | 'routes' | 'ctas'>

/** A template as the rules of its tenant and routes read it. */
export interface TemplateJudgement {
  /** With the line ends that the operator compares. */
  parsed: Template | TemplateRefusal
  /** Of a template that can be read, refusals first. */
  findings: Finding[]
  rules: DltRules
  /** What the portal has whitelisted; null when nobody has said. */
  whitelist: CtaWhitelist | null
}

/** Reads the rules once, for judging many templates. */
export async function templateJudge(
  registry: JudgeRegistry,
  tenant: Pick<TenantRecord, 'id' | 'pools'>,
): Promise<(template: TemplateRecord) => TemplateJudgement> {
  const whitelist = await registry.ctas(tenant.id)
  const byLane = await Promise.all(
    LANES.map(async (lane): Promise<[Lane, DltRules]> => [lane, await rulesFor(registry, tenant, lane)]),
  )
  const rulesOf = new Map(byLane)
  return (template) => judge(template, rulesOf.get(laneOf(template.category))!, whitelist)
}

export async function judgeTemplate(
  registry: JudgeRegistry,
  tenant: Pick<TenantRecord, 'id' | 'pools'>,
  template: TemplateRecord,
): Promise<TemplateJudgement> {
  const [rules, whitelist] = await Promise.all([
    rulesFor(registry, tenant, laneOf(template.category)),
    registry.ctas(tenant.id),
  ])
  return judge(template, rules, whitelist)
}

/**
 * What speaks against registering a template: the parser's code and sentence, or the first code and the sentences of
 * all rules that refuse it. Null when nothing does.
 */
export function refusalOf({
  parsed,
  findings,
}: Pick<TemplateJudgement, 'parsed' | 'findings'>): { code: string; message: string } | null {
  return parsed.ok ? refusalAmong(findings) : parsed
}

/** By rules that were read before. */
export function judge(
  record: TemplateRecord,
  rules: DltRules,
  whitelist: CtaWhitelist | null,
): TemplateJudgement {
  const { id: templateId, header, category, text, types, consentId } = record
  const read = parseTemplate(text, types === null ? { rules } : { rules, types })
  if (!read.ok) return { parsed: read, findings: [], rules, whitelist }
  const parsed = withNewlines(read, rules.newlines)
  const findings = [
    ...checkRegistration({ templateId, header, category, template: parsed, consentId }, rules),
    ...checkTemplateCtas(parsed, { header, whitelist, rules }),
  ]
  const refusalsFirst = findings.sort((a, b) => Number(b.level === 'refuse') - Number(a.level === 'refuse'))
  return { parsed, findings: refusalsFirst, rules, whitelist }
}
