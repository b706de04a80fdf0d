/** What is known at the end of a run: what the SMSC says happened, and what the platform says. */
import { isLaunched } from '../../lambdas/launched.ts'
import { readPage, readShape } from '../../shared/campaign/plan.ts'
import { pageKey, shapeKey } from '../../shared/campaign/plan-keys.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { PlanLine } from '../../shared/contracts/dispatch.ts'
import type { CampaignId, RouteId, TenantId } from '../../shared/ids.ts'
import type { PageFacts } from '../../shared/ledger/facts.ts'
import { foldRecipients, type RecipientFold } from '../../shared/ledger/fold.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import { idKey } from '../../shared/smpp/message-id.ts'
import type { SubmitRecord } from '../../simulator/truth.ts'
import type { Ports } from './ports-wire.ts'
import type { LostCopy } from './recorded-ports.ts'
import type { Attempt } from './smsc.ts'

/** A page of a plan, its facts, their fold, and what the report's summary of it says. */
export interface PageSeen {
  campaign: CampaignId
  page: number
  /** False when the feeder never came to it: its recipients are nobody's yet. */
  fed: boolean
  lines: PlanLine[]
  facts: PageFacts
  recipients: RecipientFold[]
  summary: PageSummary | null
}

/** A campaign that was cancelled while it could send. */
export interface Cancelled {
  campaign: CampaignId
  atMs: number
  /** By then every worker must have seen it. */
  seenByMs: number
}

export interface Observation {
  campaigns: CampaignRecord[]
  pages: PageSeen[]
  attempts: readonly Attempt[]
  /** Every submit_sm the SMSC accepted. */
  accepted: readonly SubmitRecord[]
  /** Ids of receipts kept aside under the route. */
  keptAside: ReadonlySet<string>
  lostCopies: readonly LostCopy[]
  cancelled: readonly Cancelled[]
  logLines: readonly string[]
  /** What went wrong before there was anything to look at: did not come to rest, an uncaught error. */
  failures: readonly string[]
}

export type Looked = Pick<Observation, 'campaigns' | 'pages' | 'keptAside'>

/** Whose campaigns, and over which route they went. */
export interface Whose {
  tenant: TenantId
  campaigns: readonly CampaignId[]
  route: RouteId
}

/** Reads what the ports hold. */
export async function look(ports: Ports, whose: Whose, accepted: readonly SubmitRecord[]): Promise<Looked> {
  const campaigns: CampaignRecord[] = []
  const pages: PageSeen[] = []
  for (const id of whose.campaigns) {
    const record = (await ports.registry.campaign(whose.tenant, id))!
    campaigns.push(record)
    if (isLaunched(record)) pages.push(...(await lookAtPages(ports, record)))
  }
  const keys = accepted.map((record) => idKey(record.receiptId))
  const kept = await ports.ledger.findUnplaced(whose.route, keys)
  return { campaigns, pages, keptAside: new Set(kept.map((receipt) => receipt.idKey)) }
}

async function lookAtPages(ports: Ports, record: CampaignRecord): Promise<PageSeen[]> {
  const { id, plan, feed } = record
  const summaries = await ports.ledger.summaries(id)
  const pages: PageSeen[] = []
  for (let page = 0; page < plan!.pages; page++) {
    const text = async (key: string) => (await ports.objects.get(key))!.toString('utf8')
    const facts = await ports.ledger.readPage(id, page)
    const shape = readShape(await text(shapeKey(id, plan!.id, page)))
    pages.push({
      ...{ campaign: id, page, facts, fed: page < feed.nextPage },
      lines: readPage(await text(pageKey(id, plan!.id, page))),
      recipients: foldRecipients(shape, facts, { receipts: 'part' }),
      summary: summaries.get(page) ?? null,
    })
  }
  return pages
}
