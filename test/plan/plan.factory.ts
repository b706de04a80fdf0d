import type { ComposedMessage } from '../../shared/campaign/plan-message.ts'
import { messageComposer } from '../../shared/campaign/plan-message.ts'
import { PagePacker, type PlanHead, type PlanPage } from '../../shared/campaign/plan-pages.ts'
import { parseTemplate, type Template } from '../../shared/dlt/template.ts'
import { CampaignId, type Msisdn, PlanId } from '../../shared/ids.ts'

export const head: PlanHead = {
  campaign: CampaignId.parse('01K6CAMPAGN000000000000001'),
  plan: PlanId.parse('01K6P1AN000000000000000001'),
  lane: 'service',
  header: 'ACMEIN',
  entity: '1101234567890123456',
  template: '1107161234567890123',
}

export function aTemplate(text: string): Template {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed
}

/** A message of this text, without variables. */
export function aMessage(text: string): ComposedMessage {
  const composed = messageComposer(aTemplate(text), 8, Number.POSITIVE_INFINITY)([])
  if (!composed.ok) throw new Error(composed.message)
  return composed.message
}

/** The n-th number of a list in which neighbours have other last digits. */
export const numberAt = (n: number): Msisdn => String(919_000_000_000 + n * 7_919) as Msisdn

export interface PackedPlan {
  packer: PagePacker
  pages: PlanPage[]
}

/** A plan of these messages, to `numberAt(0)`, `numberAt(1)`… */
export function pack(messages: Iterable<ComposedMessage>): PackedPlan {
  const packer = new PagePacker(head)
  const pages: PlanPage[] = []
  let n = 0
  for (const message of messages) {
    const page = packer.add(numberAt(n++), message)
    if (page) pages.push(page)
  }
  const last = packer.finish()
  if (last) pages.push(last)
  return { packer, pages }
}

export const textOfPage = (page: PlanPage): string => Buffer.from(page.lines).toString('utf8')
