/** Reads pages of a campaign as rows: the plan's text, folded with the ledger's facts at this moment. */
import { findInIndex, type PlanPlace, readPage } from '../../shared/campaign/plan.ts'
import { indexKey, pageKey } from '../../shared/campaign/plan-keys.ts'
import type { CampaignRecord, PlanSummary } from '../../shared/campaign/record.ts'
import type { Msisdn } from '../../shared/ids.ts'
import type { PageFacts } from '../../shared/ledger/facts.ts'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import type { PageSummary, Status } from '../../shared/ledger/summary.ts'
import type { ApiDeps } from './context.ts'
import { type MessageView, messageView } from './message-view.ts'
import type { Explain } from './reason-view.ts'
import { untouchedStatus } from './totals.ts'

export type PageDeps = Pick<ApiDeps, 'ledger' | 'objects' | 'registry'>
export type PlannedCampaign = CampaignRecord & { plan: PlanSummary }

export const isPlanned = (campaign: CampaignRecord): campaign is PlannedCampaign => campaign.plan !== null

/** Whether a page may hold a row of the status: by its summary, without reading it. */
export function mayHold(campaign: CampaignRecord, summary: PageSummary | undefined, status: Status): boolean {
  if (summary) return (summary.statuses[status] ?? 0) > 0
  return untouchedStatus(campaign) === status
}

/** All rows of a page, in plan order. */
export async function readRows(
  deps: PageDeps,
  campaign: PlannedCampaign,
  page: number,
  explain: Explain,
): Promise<MessageView[]> {
  const [text, facts, pool] = await Promise.all([
    deps.objects.get(pageKey(campaign.id, campaign.plan.id, page)),
    deps.ledger.readPage(campaign.id, page),
    deps.registry.pool(campaign.pool),
  ])
  if (!text) throw new Error(`page ${page} of plan ${campaign.plan.id} is missing in the object store`)
  const lines = readPage(text.toString('utf8'))
  const shape = { batches: lines.map((line) => line.messages.map((message) => message.parts.length)) }
  const folds = foldRecipients(shape, facts, { receipts: pool?.receipts ?? 'part' })
  const untouched = isUntouched(facts) ? untouchedStatus(campaign) : 'queued'
  const planned = lines.flatMap((line) => line.messages.map((message) => ({ line, message })))
  return planned.map(({ line, message }, at) =>
    messageView(line, message, folds[at]!, { untouched, explain }),
  )
}

const isUntouched = (facts: PageFacts): boolean => facts.claims.length === 0 && facts.slices.length === 0

/** Where the number is in the plan; null when it is not. */
export async function findNumber(
  deps: Pick<ApiDeps, 'objects'>,
  campaign: PlannedCampaign,
  msisdn: Msisdn,
): Promise<PlanPlace | null> {
  const shard = await deps.objects.get(indexKey(campaign.id, campaign.plan.id, msisdn))
  return shard && findInIndex(shard.toString('utf8'), msisdn)
}

/** The row of one place; null when the plan has no such place. */
export async function readRow(
  deps: PageDeps,
  campaign: PlannedCampaign,
  place: PlanPlace,
  explain: Explain,
): Promise<MessageView | null> {
  if (place.page >= campaign.plan.pages) return null
  const suffix = `.${place.page}.${place.batch}.${place.i}`
  return (await readRows(deps, campaign, place.page, explain)).find((row) => row.id.endsWith(suffix)) ?? null
}
