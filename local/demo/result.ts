/** What the demo found, and whether everything agrees with everything. Pure. */
import type { Truth } from '../../simulator/truth.ts'
import type { Campaign, Report } from './api-client.ts'
import type { DemoCampaign } from './mix.ts'

export interface CampaignRun {
  plan: DemoCampaign
  campaign: Campaign
  report: Report
}

/** The one line of `--json`. */
export interface DemoResult {
  /** Accepted by the checks, over all campaigns. */
  recipients: number
  segments: number
  statuses: Record<string, number>
  settled: boolean
  /** From the first upload to the last campaign settled. */
  seconds: number
  /** Segments in each of these seconds. */
  perSecond: number
  /** What the simulator says it accepted, and of how many the receipt was acknowledged; null with another SMSC. */
  smsc: { submitted: number; receipts: number } | null
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

export function demoResult(runs: readonly CampaignRun[], truth: Truth | null, elapsedMs: number): DemoResult {
  const statuses: Record<string, number> = {}
  for (const { report } of runs) {
    for (const [status, count] of Object.entries(report.statuses)) {
      if (count > 0) statuses[status] = (statuses[status] ?? 0) + count
    }
  }
  const segments = sum(runs.map(({ report }) => report.segments.planned))
  return {
    recipients: sum(runs.map(({ report }) => report.recipients)),
    segments,
    statuses,
    settled: runs.every(({ campaign }) => campaign.state === 'settled'),
    seconds: Math.round(elapsedMs) / 1_000,
    perSecond: Math.round(segments / (elapsedMs / 1_000)),
    smsc: truth && { submitted: truth.submitted, receipts: truth.receipts.acked },
  }
}

/** Sentences about everything that does not add up; empty when every recipient is accounted for. */
export function disagreements(runs: readonly CampaignRun[], truth: Truth | null): string[] {
  return [...runs.flatMap(ofCampaign), ...(truth ? ofSimulator(runs, truth) : [])]
}

function ofCampaign({ plan, campaign, report }: CampaignRun): string[] {
  const { accepted, invalid, duplicates } = plan.expected
  const pending = (report.statuses.queued ?? 0) + (report.statuses.sent ?? 0)
  return compare(plan.name, [
    ['rows accepted by the check', campaign.numbers?.accepted ?? 0, accepted],
    ['rows found invalid', campaign.numbers?.invalid ?? 0, invalid],
    ['rows found twice', campaign.numbers?.duplicates ?? 0, duplicates],
    ['recipients in the report', report.recipients, accepted],
    ['recipients with a status', sum(Object.values(report.statuses)), accepted],
    ['recipients still queued or sent', pending, 0],
  ])
}

function ofSimulator(runs: readonly CampaignRun[], truth: Truth): string[] {
  const total = (pick: (report: Report) => number) => sum(runs.map(({ report }) => pick(report)))
  const reached = (report: Report) =>
    report.recipients - sum(NOT_SUBMITTED.map((status) => report.statuses[status] ?? 0))
  return compare('Report against simulator', [
    ['segments accepted', total((report) => report.segments.accepted), truth.submitted],
    ['messages', total(reached), truth.messages.complete],
    ['messages of which a part is missing', 0, truth.messages.incomplete],
    ['messages sent twice', 0, truth.messages.repeated],
    ['segments delivered', total((report) => report.segments.delivered), truth.byStat.DELIVRD ?? 0],
    ['receipts still to come', 0, truth.receipts.pending],
  ])
}

const NOT_SUBMITTED = ['queued', 'refused', 'suppressed', 'cancelled'] as const

function compare(where: string, checks: [what: string, found: number, expected: number][]): string[] {
  return checks
    .filter(([, found, expected]) => found !== expected)
    .map(([what, found, expected]) => `${where}: ${what}: ${found}, expected ${expected}`)
}
