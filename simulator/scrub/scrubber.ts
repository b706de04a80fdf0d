/** An operator's comparison of one whole message with the DLT registry (facts A, B). Pure. */
import { type Category, laneOf } from '../../shared/contracts/records.ts'
import { checkTemplateCtas, valueCtaScanner } from '../../shared/dlt/cta/check.ts'
import { type MatchResult, templateMatcher } from '../../shared/dlt/match/match.ts'
import type { Finding } from '../../shared/dlt/rules/finding.ts'
import { mergeRules } from '../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES, type DltRules } from '../../shared/dlt/rules/rules.ts'
import { insideSendingHours } from '../../shared/dlt/sending-hours.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { DltId } from '../../shared/ids.ts'
import type { SubmitRecord } from '../truth.ts'
import { errorsOf, type ScrubReason } from './codes.ts'
import type { DltRegistry, RegisteredEntity, RegisteredTemplate } from './registry.ts'
import type { Scrub } from './setting.ts'

/** Where the submit_sm said the message comes from, and when it arrived. */
export type Origin = Pick<SubmitRecord, 'entityId' | 'templateId' | 'chain' | 'source' | 'at'>

export interface Refusal {
  reason: ScrubReason
  /** What a receipt carries. */
  err: string
  /** What is wrong with this message, for whoever reads the log. */
  says: string
}

export type Scrubber = (origin: Origin, text: string) => Refusal | null

/** What has the length and beginning of a number to call is one: no operator asks the sender what it meant. */
const OPERATOR_RULES = mergeRules(DEFAULT_RULES, {
  levels: { value_phone_possible: 'refuse', value_url_possible: 'refuse' },
})

/** Operators judge by arrival. */
const NO_GUARD_MS = 0

/** Builds every matcher once; the answer is null for a message that passes. */
export function scrubber({ registry, codes, unknown, rules: overrides }: Scrub): Scrubber {
  const rules = mergeRules(OPERATOR_RULES, overrides)
  const index = indexOf(registry, rules)
  const errors = errorsOf(codes)
  return (origin, text) => {
    const fault = faultIn(index, rules, origin, text)
    if (fault === null || (unknown === 'pass' && UNKNOWN.has(fault.reason))) return null
    return { ...fault, err: errors[fault.reason] }
  }
}

type Fault = Omit<Refusal, 'err'>

const UNKNOWN: ReadonlySet<ScrubReason> = new Set(['entity_unknown', 'header_unknown', 'template_unknown'])

const fault = (reason: ScrubReason, says: string): Fault => ({ reason, says })

interface Index {
  entities: ReadonlyMap<string, RegisteredEntity>
  headers: ReadonlyMap<string, { entityId: string; categories: readonly Category[] }>
  templates: ReadonlyMap<string, IndexedTemplate>
}

interface IndexedTemplate {
  entityId: string
  category: Category
  match(text: string): MatchResult
  /** By header it is linked to: the first CTA that may not stand where it stands, null for none. */
  ctaFaults: ReadonlyMap<string, (values: readonly string[]) => string | null>
}

function indexOf({ entities }: DltRegistry, rules: DltRules): Index {
  return {
    entities: new Map(entities.map((entity) => [entity.id, entity])),
    headers: new Map(
      entities.flatMap(({ id, headers }) =>
        headers.map(({ name, categories }) => [name, { entityId: id, categories }] as const),
      ),
    ),
    templates: new Map(
      entities.flatMap((entity) =>
        entity.templates.map((template) => [template.id, indexedTemplate(template, entity, rules)] as const),
      ),
    ),
  }
}

function indexedTemplate(
  { text, types, headers, category }: RegisteredTemplate,
  { id, whitelist }: RegisteredEntity,
  rules: DltRules,
): IndexedTemplate {
  const template = parseTemplate(text, { rules, ...(types !== undefined && { types }) })
  if (!template.ok) throw new RangeError(template.message) // `DltRegistry` lets none in that cannot be read
  const ctaFaultUnder = (header: string) => {
    const setting = { header, whitelist, rules }
    const inFixedText = firstRefusal(checkTemplateCtas(template, setting))
    const findingsIn = valueCtaScanner(template, setting)
    return (values: readonly string[]) => inFixedText ?? firstRefusal(findingsIn(values))
  }
  return {
    entityId: id,
    category,
    match: templateMatcher(template, { newlines: rules.newlines }),
    ctaFaults: new Map(headers.map((header) => [header, ctaFaultUnder(header)])),
  }
}

const firstRefusal = (findings: readonly Finding[]): string | null =>
  findings.find(({ level }) => level === 'refuse')?.message ?? null

const isDltId = (id: string | null): boolean => DltId.safeParse(id).success

/** Who sends is looked at before what is sent. */
function faultIn(index: Index, rules: DltRules, origin: Origin, text: string): Fault | null {
  return (
    faultInSender(index, origin) ??
    faultInTemplateId(index, origin) ??
    faultInText(index.templates.get(origin.templateId!)!, rules, origin, text)
  )
}

function faultInSender(index: Index, { entityId, chain, source }: Origin): Fault | null {
  const entity = index.entities.get(entityId ?? '')
  if (!entity) {
    return isDltId(entityId)
      ? fault('entity_unknown', `entity ${entityId} is not registered`)
      : fault('entity_id_wrong', `entity id ${entityId} is no DLT id`)
  }
  if (entity.chain !== null && chain === null)
    return fault('chain_missing', `TLV 0x1402 is missing, entity ${entityId} has a chain`)
  if (entity.chain !== null && chain !== entity.chain)
    return fault('chain_unregistered', `chain ${chain} is not that of entity ${entityId}`)
  const header = index.headers.get(source)
  if (!header) return fault('header_unknown', `header ${source} is not registered`)
  if (header.entityId !== entityId)
    return fault('header_not_of_entity', `header ${source} is entity ${header.entityId}'s`)
  return null
}

function faultInTemplateId(index: Index, { entityId, templateId, source }: Origin): Fault | null {
  const template = index.templates.get(templateId ?? '')
  if (!template) {
    return isDltId(templateId)
      ? fault('template_unknown', `template ${templateId} is not registered`)
      : fault('template_id_wrong', `template id ${templateId} is no DLT id`)
  }
  if (template.entityId !== entityId)
    return fault('template_not_of_entity', `template ${templateId} is entity ${template.entityId}'s`)
  if (!template.ctaFaults.has(source))
    return fault('header_not_linked', `template ${templateId} is not linked to header ${source}`)
  const { category } = template
  if (!index.headers.get(source)!.categories.includes(category))
    return fault('category_mismatch', `template ${templateId} is ${category}, header ${source} is not`)
  return null
}

function faultInText(
  template: IndexedTemplate,
  rules: DltRules,
  { source, at }: Origin,
  text: string,
): Fault | null {
  const isPromotional = laneOf(template.category) === 'promotional'
  if (isPromotional && !insideSendingHours(rules.promotionalHours, at, NO_GUARD_MS))
    return fault('promo_hours', 'promotional, and arrived outside the sending hours')
  const matched = template.match(text)
  if (!matched.match) {
    const isValue = matched.reason === 'value_too_long' || matched.reason === 'value_character'
    return fault(isValue ? 'variable_too_long' : 'template_mismatch', matched.message)
  }
  const cta = template.ctaFaults.get(source)!(matched.values)
  return cta === null ? null : fault('cta_not_whitelisted', cta)
}
