/** Everything DLT says about what is registered here, before any row is looked at. */
import { type Category, laneOf } from '../../contracts/records.ts'
import type { Template } from '../template.ts'
import { checkDltId } from './dlt-id.ts'
import { type Finding, finding } from './finding.ts'
import type { DltRules } from './rules.ts'
import { checkHeader } from './sender-header.ts'
import { checkTemplateText } from './template-text.ts'

export interface Registration {
  templateId: string
  header: string
  category: Category
  template: Template
  /** Id of the consent template, for promotional traffic to subscribers on DND; null when there is none. */
  consentId: string | null
}

/** Refusals first. CTAs are another matter: `checkTemplateCtas`. */
export function checkRegistration(registration: Registration, rules: DltRules): Finding[] {
  const { templateId, header, category, template, consentId } = registration
  const findings = [
    ...checkDltId(templateId, 'template id', rules),
    ...checkHeader(header, category, rules),
    ...checkTemplateText(template, category, rules),
    ...checkConsent(category, consentId, rules),
  ]
  return findings.sort((a, b) => Number(b.level === 'refuse') - Number(a.level === 'refuse'))
}

function checkConsent(category: Category, consentId: string | null, rules: DltRules): Finding[] {
  if (consentId !== null) return checkDltId(consentId, 'consent template id', rules)
  if (laneOf(category) !== 'promotional') return []
  return finding(
    'consent_missing',
    rules,
    'no consent template is named: operators refuse the message to subscribers on DND',
  )
}
