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
  /** Rows the checks refused, by code. */
  invalid: Record<string, number>
  /** Accepted rows that the checks warned of, by code. */
  warned: Record<string, number>
  /** Rows whose number the checks had accepted before. */
  duplicates: number
  /** Why recipients did not get their message, most frequent first. */
  reasons: CountedReason[]
  settled: boolean
  /** From the first upload to the last campaign settled. */
  seconds: number
  /** Segments in each of these seconds. */
  perSecond: number
  /**
   * What the simulator says it accepted, of how many the receipt was acknowledged, and how many messages its DLT check
   * refused; null with another SMSC.
   */
  smsc: { submitted: number; receipts: number; scrubbed: number } | null
}

type ReportReason = Report['reasons'][number]
type CountedReason = Omit<ReportReason, 'status'>

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

export function demoResult(runs: readonly CampaignRun[], truth: Truth | null, elapsedMs: number): DemoResult {
  const segments = sum(runs.map(({ report }) => report.segments.planned))
  return {
    recipients: sum(runs.map(({ report }) => report.recipients)),
    segments,
    statuses: added(runs.map(({ report }) => report.statuses)),
    invalid: added(runs.map(({ campaign }) => campaign.numbers?.reasons ?? {})),
    warned: added(runs.map(({ campaign }) => rowsOf(campaign.numbers?.warnings ?? {}))),
    duplicates: sum(runs.map(({ campaign }) => campaign.numbers?.duplicates ?? 0)),
    reasons: countedReasons(runs),
    settled: runs.every(({ campaign }) => campaign.state === 'settled'),
    seconds: Math.round(elapsedMs) / 1_000,
    perSecond: Math.round(segments / (elapsedMs / 1_000)),
    smsc: truth && {
      submitted: truth.submitted,
      receipts: truth.receipts.acked,
      scrubbed: sum(truth.scrubbed.map(({ messages }) => messages)),
    },
  }
}

const rowsOf = (warnings: NonNullable<Campaign['numbers']>['warnings']) =>
  Object.fromEntries(Object.entries(warnings).map(([code, { rows }]) => [code, rows]))

/** Key by key; what is 0 is left out. */
function added(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [key, count] of counts.flatMap((each) => Object.entries(each))) {
    if (count > 0) sums[key] = (sums[key] ?? 0) + count
  }
  return sums
}

/** By code, over all campaigns and statuses. */
function countedReasons(runs: readonly CampaignRun[]): CountedReason[] {
  const counted = new Map<string, CountedReason>()
  for (const { status: _, ...reason } of runs.flatMap(({ report }) => report.reasons)) {
    const recipients = (counted.get(reason.code)?.recipients ?? 0) + reason.recipients
    counted.set(reason.code, { ...reason, recipients })
  }
  return [...counted.values()].sort((a, b) => b.recipients - a.recipients)
}

/** Sentences about everything that does not add up; empty when every recipient is accounted for. */
export function disagreements(runs: readonly CampaignRun[], truth: Truth | null): string[] {
  const againstTruth = truth ? [...ofSimulator(runs, truth), ...ofScrub(runs, truth)] : []
  return [...runs.flatMap(ofCampaign), ...againstTruth]
}

function ofCampaign({ plan, campaign, report }: CampaignRun): string[] {
  const { accepted, invalid, warned, duplicates } = plan.expected
  const pending = (report.statuses.queued ?? 0) + (report.statuses.sent ?? 0)
  const refused = campaign.numbers?.reasons ?? {}
  const warnings = campaign.numbers?.warnings ?? {}
  return compare(plan.name, [
    ['rows accepted by the check', campaign.numbers?.accepted ?? 0, accepted],
    ['rows found invalid', campaign.numbers?.invalid ?? 0, sum(Object.values(invalid))],
    ...Object.keys({ ...invalid, ...refused }).map((code): Check => {
      return [`rows refused with ${code}`, refused[code] ?? 0, invalid[code] ?? 0]
    }),
    ...Object.keys({ ...warned, ...warnings }).map((code): Check => {
      return [`rows warned of with ${code}`, warnings[code]?.rows ?? 0, warned[code] ?? 0]
    }),
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

/**
 * Every message the DLT check refused is a recipient of the report with that code and that reason, and the files say
 * beforehand which they are.
 */
function ofScrub(runs: readonly CampaignRun[], { scrubbed }: Truth): string[] {
  const recipients = (reasons: readonly ReportReason[], isMeant: (reason: ReportReason) => boolean) =>
    sum(reasons.filter(isMeant).map((reason) => reason.recipients))
  const codes = new Set([
    ...scrubbed.map(({ code }) => code),
    ...runs.flatMap(({ plan }) => Object.keys(plan.expected.scrubbed)),
  ])
  const reasons = runs.flatMap(({ report }) => report.reasons)
  return [
    ...compare('Report against DLT check', [
      ...scrubbed.map(({ code, reason, messages }): Check => {
        const found = recipients(
          reasons,
          (each) => each.code === code && each.reason === reason && each.known,
        )
        return [`recipients with ${code} (${reason})`, found, messages]
      }),
      ['recipients without a known reason', recipients(reasons, ({ known }) => !known), 0],
    ]),
    ...runs.flatMap(({ plan, report }) =>
      compare(
        plan.name,
        [...codes].map((code): Check => {
          const found = recipients(report.reasons, (each) => each.code === code)
          return [`recipients the DLT check refused with ${code}`, found, plan.expected.scrubbed[code] ?? 0]
        }),
      ),
    ),
  ]
}

const NOT_SUBMITTED = ['queued', 'refused', 'suppressed', 'cancelled'] as const

type Check = [what: string, found: number, expected: number]

function compare(where: string, checks: Check[]): string[] {
  return checks
    .filter(([, found, expected]) => found !== expected)
    .map(([what, found, expected]) => `${where}: ${what}: ${found}, expected ${expected}`)
}
