/** Batches as the feeder sends them, for benches that pull them from a queue. */
import { dispatchBody, type PlanLine } from '../shared/contracts/dispatch.ts'
import type { Lane } from '../shared/contracts/route.ts'
import { type CampaignId, Msisdn, PlanId } from '../shared/ids.ts'

const PLAN = PlanId.parse('01J00000000000000000000000')
const TEXT = 'Dear Asha, your order 100042 is out for delivery and arrives today. - Demo Stores'
/** As plans are cut (design: the plan). */
export const MESSAGES_PER_BATCH = 100
export const BATCHES_PER_PAGE = 50

export interface BatchesOptions {
  campaign: CampaignId
  lane: Lane
  header: string
  count: number
  /** The number of the first one: batches are numbered through the pages of their campaign. */
  first?: number
  messagesPerBatch?: number
}

/** SQS bodies of `count` batches, every message one segment to a number of its own. */
export function dispatchBatches(options: BatchesOptions): string[] {
  const { campaign, lane, header, count, first = 0, messagesPerBatch = MESSAGES_PER_BATCH } = options
  const launch = { expiresAt: Date.now() + 3_600_000, hours: null, policy: 'hold' as const }
  return Array.from({ length: count }, (_, offset) => {
    const number = first + offset
    const line: PlanLine = {
      v: 1,
      campaign,
      plan: PLAN,
      page: Math.floor(number / BATCHES_PER_PAGE),
      batch: number % BATCHES_PER_PAGE,
      lane,
      header,
      entity: '1701160000000012345',
      template: '1107160000000000101',
      messages: Array.from({ length: messagesPerBatch }, (_, i) => ({
        i,
        to: Msisdn.parse(`9198${String(number * messagesPerBatch + i).padStart(8, '0')}`),
        dc: 0,
        parts: [TEXT],
      })),
    }
    return dispatchBody(launch, [], JSON.stringify(line))
  })
}
