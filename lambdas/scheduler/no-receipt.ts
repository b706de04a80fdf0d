import type { CampaignId, EpochMs } from '../../shared/ids.ts'
import type { Awaited } from '../../shared/ledger/awaited.ts'
import { awaitedReceipts } from '../../shared/ledger/awaited.ts'
import { NO_RECEIPT, type PageFacts, type ReceiptRow, type Slice } from '../../shared/ledger/facts.ts'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import { sliceRows } from '../../shared/ledger/slice-rows.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import type { Launched } from '../launched.ts'
import type { PlanLibrary } from '../plan-library.ts'
import type { SchedulerDeps } from './service.ts'
import { openPages } from './sweep.ts'

/** From when on a receipt is no longer waited for: the message's validity is over, and a day of grace. */
export const givenUpAt = (campaign: Launched, noReceiptGraceMs: number): EpochMs =>
  campaign.launch.terms.expiresAt + noReceiptGraceMs

/**
 * Once that time has come, appends the fact that no receipt came for every segment that still waits for one. A real
 * receipt that comes later outranks it. Answers the pages it wrote to.
 */
export async function giveUpWaiting(
  deps: SchedulerDeps,
  library: PlanLibrary,
  campaign: Launched,
  summaries: ReadonlyMap<number, PageSummary>,
  boot: string,
): Promise<number[]> {
  const now = deps.clock.now()
  if (now < givenUpAt(campaign, deps.timing.noReceiptGraceMs)) return []
  const { receipts } = await library.pool(campaign.pool)
  const written: number[] = []
  for (const { page, summary } of openPages(campaign, summaries)) {
    if (!summary?.statuses.sent) continue
    const shape = await library.shape(campaign.id, campaign.plan.id, page)
    const facts = await deps.ledger.readPage(campaign.id, page)
    const awaited = awaitedReceipts(foldRecipients(shape, facts, { receipts })).filter(notGivenUp(facts))
    await deps.ledger.append(noReceiptSlices({ campaign: campaign.id, page, owner: boot }, awaited, now))
    written.push(page)
  }
  return written
}

/** A segment with an interim receipt stays `sent` in the fold: the fact must not be written at every look. */
function notGivenUp(facts: PageFacts): (awaited: Awaited) => boolean {
  const name = (batch: number, i: number, part: number) => `${batch}#${i}#${part}`
  const givenUp = new Set(
    facts.slices.flatMap((slice) =>
      slice.kind === 'receipts'
        ? slice.rows.filter((row) => row[4] === NO_RECEIPT).map((row) => name(row[0], row[1], row[2]))
        : [],
    ),
  )
  return ({ batch, i, part }) => !givenUp.has(name(batch, i, part))
}

/** Written again by another run these facts say the same, so it does not matter that the owner is another. */
export function noReceiptSlices(
  of: { campaign: CampaignId; page: number; owner: string },
  awaited: readonly Awaited[],
  now: EpochMs,
): Slice[] {
  const rows = awaited.map(
    ({ batch, i, part, id }): ReceiptRow => [batch, i, part, id, NO_RECEIPT, '', null, now],
  )
  return [...sliceRows(rows)].map((some, n) => ({ ...of, n, kind: 'receipts' as const, rows: some }))
}
