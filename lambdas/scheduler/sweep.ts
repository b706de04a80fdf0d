import { type CampaignRecord, pagesBegun } from '../../shared/campaign/record.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'

/** Pages in one settle notice: what one invocation folds in a few seconds. */
const PAGES_PER_NOTICE = 20

type Summaries = ReadonlyMap<number, PageSummary>

/** Fed pages some of whose recipients may still change, each with its summary if it was ever folded. */
export function openPages(
  campaign: Pick<CampaignRecord, 'feed' | 'guard'>,
  summaries: Summaries,
): { page: number; summary: PageSummary | undefined }[] {
  return Array.from({ length: pagesBegun(campaign) }, (_, page) => ({
    page,
    summary: summaries.get(page),
  })).filter(({ summary }) => !summary?.settled)
}

/**
 * Pages to fold without a worker having asked for it: a lookup among unplaced receipts is due, or nothing was heard of
 * a page with queued recipients for `quietMs` (the worker that appended its last facts died before its notice).
 */
export function pagesToFold(
  campaign: Pick<CampaignRecord, 'feed' | 'guard'>,
  summaries: Summaries,
  now: EpochMs,
  quietMs: number,
): number[] {
  return openPages(campaign, summaries)
    .filter(({ summary }) => {
      if (summary && summary.nextLookupAt !== null && summary.nextLookupAt <= now) return true
      const unheard = !summary || (summary.statuses.queued ?? 0) > 0
      return unheard && Math.max(campaign.feed.fedAt ?? 0, summary?.asOf ?? 0) + quietMs <= now
    })
    .map(({ page }) => page)
}

/** Splits pages into lists short enough for one notice each. */
export function inNotices(pages: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(pages.length / PAGES_PER_NOTICE) }, (_, n) =>
    pages.slice(n * PAGES_PER_NOTICE, (n + 1) * PAGES_PER_NOTICE),
  )
}
