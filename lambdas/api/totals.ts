/** Totals of a campaign: the sum of its page summaries, recomputed at every look, never incremented. */
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { type PageSummary, PENDING, type Status } from '../../shared/ledger/summary.ts'

export type Summaries = ReadonlyMap<number, PageSummary>

export interface Totals {
  recipients: number
  statuses: Partial<Record<Status, number>>
  /** `status|code` → recipients. */
  reasons: Record<string, number>
  segments: PageSummary['segments']
  latency: Record<string, number>
  timeline: Record<string, number>
  /** Pages of which some recipient may still change without anybody acting. */
  unsettledPages: number
}

/** Adds up the summaries. A page without one was not touched yet: its recipients have {@link untouchedStatus}. */
export function totalsOf(campaign: CampaignRecord, summaries: Summaries): Totals {
  const totals: Totals = {
    recipients: campaign.plan?.recipients ?? 0,
    statuses: {},
    reasons: {},
    segments: { planned: campaign.plan?.segments ?? 0, accepted: 0, delivered: 0, unconfirmed: 0, resent: 0 },
    latency: {},
    timeline: {},
    unsettledPages: 0,
  }
  const untouched = untouchedStatus(campaign)
  for (const [page, recipients] of (campaign.plan?.recipientsPerPage ?? []).entries()) {
    const summary = summaries.get(page)
    if (summary) addPage(totals, summary)
    else {
      addCounts(totals.statuses, { [untouched]: recipients })
      if (PENDING.has(untouched)) totals.unsettledPages++
    }
  }
  return totals
}

/** What the recipients of a page are of which no fact is known: a campaign that has ended will not send them. */
export function untouchedStatus(campaign: Pick<CampaignRecord, 'state'>): Status {
  return campaign.state === 'cancelled' || campaign.state === 'failed' ? 'cancelled' : 'queued'
}

function addPage(totals: Totals, page: PageSummary): void {
  addCounts(totals.statuses, page.statuses)
  addCounts(totals.reasons, page.reasons)
  addCounts(totals.latency, page.latency)
  addCounts(totals.timeline, page.timeline)
  totals.segments.accepted += page.segments.accepted
  totals.segments.delivered += page.segments.delivered
  totals.segments.unconfirmed += page.segments.unconfirmed
  totals.segments.resent += page.segments.resent
  if (!page.settled) totals.unsettledPages++
}

function addCounts(sums: Partial<Record<string, number>>, counts: Partial<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + (count ?? 0)
}
