/** Messages of every kind a campaign has: one part and several, GSM 03.38 with its extension table, UCS-2, emoji. */
import { dispatchBody, type LaunchTerms, type PlanLine } from '../../../shared/contracts/dispatch.ts'
import { CampaignId, type Msisdn, PlanId } from '../../../shared/ids.ts'
import { segment } from '../../../shared/sms/segment.ts'

export const CAMPAIGN = CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ')
export const HEADER = 'DAKGHR'
export const ENTITY = '1701158019811140068'
export const TEMPLATE = '1107161191448698079'

const KINDS: readonly ((n: number) => string)[] = [
  (n) => `Dear customer, your order ORD-${n} has been shipped and arrives on Friday. -${HEADER}`,
  (n) => `[Bill ${n}] €${n}.50 is due {by 30 June} ~ pay at example.in/b_${n} | thank you ^ -${HEADER}`,
  (n) => `Order ORD-${n}: ${'we packed it with care and it is on its way to you. '.repeat(6)}-${HEADER}`,
  (n) => `प्रिय ग्राहक, आपका ऑर्डर ${n} भेज दिया गया है। -${HEADER}`,
  (n) => `प्रिय ग्राहक, आपका ऑर्डर ${n} ${'कल सुबह तक आपके पते पर पहुँच जाएगा। '.repeat(4)}-${HEADER}`,
  (n) => `Order ${n} 🎉 ${'🙂 delivered '.repeat(14)}-${HEADER}`,
]

const BATCH = 100
const FIRST_NUMBER = 919_876_500_000

export interface Message {
  to: Msisdn
  text: string
}

export const messages = (count: number): Message[] =>
  Array.from({ length: count }, (_, n) => ({
    to: String(FIRST_NUMBER + n) as Msisdn,
    text: KINDS[n % KINDS.length]!(1_000 + n),
  }))

/** The messages as one page of a plan. */
export function planLines(all: readonly Message[]): PlanLine[] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, batch) => ({
    v: 1,
    campaign: CAMPAIGN,
    plan: PlanId.parse('01K9PPPPPPPPPPPPPPPPPPPPPP'),
    page: 0,
    batch,
    lane: 'service',
    header: HEADER,
    entity: ENTITY,
    template: TEMPLATE,
    messages: all.slice(batch * BATCH, (batch + 1) * BATCH).map(({ to, text }, i) => {
      const cut = segment(text, 8)
      if (!cut.ok) throw new Error(cut.message)
      return { i, to, dc: cut.dataCoding, parts: cut.parts }
    }),
  }))
}

/** The SQS bodies of the lines, to be sent within a day. */
export function dispatchBodies(lines: readonly PlanLine[]): string[] {
  const terms: LaunchTerms = { expiresAt: Date.now() + 86_400_000, hours: null, policy: 'hold' }
  return lines.map((line) => dispatchBody(terms, [], JSON.stringify(line)))
}

export const segmentsOf = (lines: readonly PlanLine[]): number =>
  lines.flatMap((line) => line.messages).reduce((sum, { parts }) => sum + parts.length, 0)
