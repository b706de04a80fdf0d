/** What must become of a row of the demo, by the rules the check and the operator go by. Pure. */
import { messageComposer, textOf } from '../../shared/campaign/plan-message.ts'
import { checkedComposer } from '../../shared/campaign/row-check.ts'
import { readMsisdn } from '../../shared/csv/msisdn.ts'
import { valueCtaScanner } from '../../shared/dlt/cta/check.ts'
import { DEFAULT_RULES } from '../../shared/dlt/rules/rules.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { scrubber } from '../../simulator/scrub/scrubber.ts'
import { demoScrub } from '../seed/demo-scrub.ts'
import { DEMO_HEADER, demoPool, demoTenant, type TemplateText } from '../seed/demo-tenant.ts'
import type { Row } from './odd-rows.ts'

/** Codes: the one with which the check refuses it, or what the check warns of and the operator refuses it with. */
export type Fate = { invalid: string } | { warnings: string[]; scrubbed: string | null }

/** Every demo message fits into a queue message. */
const ANY_BYTES = Number.POSITIVE_INFINITY

/** For the rows of a campaign with this template of the demo tenant. @throws RangeError when it cannot be read. */
export function rowJudge({ id, text }: TemplateText): (row: Row) => Fate {
  const template = parseTemplate(text)
  if (!template.ok) throw new RangeError(`demo template ${id}: ${template.message}`)
  const ctas = { header: DEMO_HEADER, whitelist: null, rules: DEFAULT_RULES }
  const compose = checkedComposer(
    messageComposer(template, demoPool.referenceBits, ANY_BYTES),
    valueCtaScanner(template, ctas),
  )
  const scrub = scrubber(demoScrub('refuse'))
  const { entityId } = demoTenant(0)
  // No demo template is promotional: the hour of arrival means nothing.
  const origin = { entityId, templateId: id, source: DEMO_HEADER, chain: null, at: 0 }
  return ([mobile, ...values]) => {
    const number = readMsisdn(mobile)
    if (!number.ok) return { invalid: number.code }
    const composed = compose(values)
    if (!composed.ok) return { invalid: composed.code }
    const refusal = scrub(origin, textOf(composed.message))
    const warnings = [...new Set(composed.message.warnings.map(({ code }) => code))]
    return { warnings, scrubbed: refusal && `err:${refusal.err}` }
  }
}
