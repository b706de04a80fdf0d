/** What must become of a row of the demo, by the rules the check and the operator go by. Pure. */
import { messageComposer, textOf } from '../../shared/campaign/plan-message.ts'
import { readMsisdn } from '../../shared/csv/msisdn.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { scrubber } from '../../simulator/scrub/scrubber.ts'
import { demoScrub } from '../seed/demo-scrub.ts'
import { DEMO_HEADER, demoPool, demoTenant, type TemplateText } from '../seed/demo-tenant.ts'
import type { Row } from './odd-rows.ts'

/** `invalid` and `scrubbed` are the code with which check or operator refuses it. */
export type Fate = { invalid: string } | { scrubbed: string } | 'good'

/** Every demo message fits into a queue message. */
const ANY_BYTES = Number.POSITIVE_INFINITY

/** For the rows of a campaign with this template of the demo tenant. @throws RangeError when it cannot be read. */
export function rowJudge({ id, text }: TemplateText): (row: Row) => Fate {
  const template = parseTemplate(text)
  if (!template.ok) throw new RangeError(`demo template ${id}: ${template.message}`)
  const compose = messageComposer(template, demoPool.referenceBits, ANY_BYTES)
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
    return refusal ? { scrubbed: `err:${refusal.err}` } : 'good'
  }
}
