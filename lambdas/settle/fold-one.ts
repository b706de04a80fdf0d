import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { CampaignId } from '../../shared/ids.ts'
import { awaitedReceipts } from '../../shared/ledger/awaited.ts'
import type { PageFacts } from '../../shared/ledger/facts.ts'
import { type FoldOptions, type FoldShape, foldRecipients } from '../../shared/ledger/fold.ts'
import { foldPage } from '../../shared/ledger/fold-page.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import type { Clock, Ledger, ObjectStore } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { CampaignLocator } from '../campaign-locator.ts'
import { afterFold, type LookupState, lookupDue } from './lookup-schedule.ts'
import { copyUnplaced } from './unplaced.ts'

export interface FoldOneDeps {
  ledger: Ledger
  objects: ObjectStore
  clock: Clock
  timing: Pick<Timing, 'unplacedLookupMs'>
}

/** What is known of a page before its facts are read. */
export interface PageToFold {
  campaign: CampaignId
  page: number
  locator: CampaignLocator
  shape: FoldShape
  receipts: FoldOptions['receipts']
  routes: readonly RouteConfig[]
  lookups: LookupState
}

/** Reads a page's facts, completes them with unplaced receipts when a lookup is due, folds them, stores the summary. */
export async function foldOne(deps: FoldOneDeps, page: PageToFold): Promise<PageSummary> {
  const now = deps.clock.now()
  const facts = await deps.ledger.readPage(page.campaign, page.page)
  const lookedUp = lookupDue(page.lookups, now)
  const known = lookedUp ? await withUnplaced(deps, page, facts) : facts
  const summary = foldPage(page.shape, known, { receipts: page.receipts, asOf: now })
  const lookups = afterFold(page.lookups, {
    awaiting: (summary.statuses.sent ?? 0) > 0,
    lookedUp,
    now,
    firstMs: deps.timing.unplacedLookupMs,
  })
  const stored = { ...summary, ...lookups }
  await deps.ledger.putSummary(page.campaign, page.page, stored)
  return stored
}

async function withUnplaced(deps: FoldOneDeps, page: PageToFold, facts: PageFacts): Promise<PageFacts> {
  const awaited = awaitedReceipts(foldRecipients(page.shape, facts, page)).filter(({ id }) => id !== '')
  const slices = await copyUnplaced(deps, page, awaited, page.routes)
  return { ...facts, slices: [...facts.slices, ...slices] }
}
