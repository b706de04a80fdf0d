import type { PageSummary } from '../ledger/summary.ts'
import { type CampaignRecord, pagesBegun } from './record.ts'
import { allows, wasStarted } from './states.ts'

type Summaries = ReadonlyMap<number, PageSummary>

/**
 * The event that the summaries of its pages bring to a campaign, null when they bring none:
 * sending → sent once every page was fed and nobody is queued; sent → settled once no page can change by itself.
 * A cancelled or failed campaign settles when the pages of which something was fed are.
 */
export function nextEvent(campaign: CampaignRecord, summaries: Summaries): 'handedOver' | 'settle' | null {
  const pages = campaign.plan?.pages ?? 0
  switch (campaign.state) {
    case 'sending':
      return campaign.feed.nextPage >= pages && everyPage(pages, summaries, (page) => !page.statuses.queued)
        ? 'handedOver'
        : null
    case 'sent':
      return everyPage(pages, summaries, (page) => page.settled) ? 'settle' : null
    case 'cancelled':
    case 'failed':
      return campaign.settledAt === null &&
        wasStarted(campaign) &&
        allows(campaign.state, 'settle') &&
        everyPage(pagesBegun(campaign), summaries, (page) => page.settled)
        ? 'settle'
        : null
    default:
      return null
  }
}

function everyPage(pages: number, summaries: Summaries, test: (summary: PageSummary) => boolean): boolean {
  for (let page = 0; page < pages; page++) {
    const summary = summaries.get(page)
    if (!summary || !test(summary)) return false
  }
  return true
}
