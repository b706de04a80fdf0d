import type { CampaignRun, DemoResult } from './result.ts'

/** The report of the demo for people: a column per campaign, a row per status. */
export function reportTable(runs: readonly CampaignRun[], result: DemoResult): string {
  const number = (value: number) => value.toLocaleString('en-IN')
  const row = (label: string, pick: (run: CampaignRun) => number, total: number) => [
    label,
    ...runs.map((run) => number(pick(run))),
    number(total),
  ]
  const rows = [
    ['', ...runs.map(({ plan }) => plan.name), 'All'],
    row('recipients', ({ report }) => report.recipients, result.recipients),
    row('segments', ({ report }) => report.segments.planned, result.segments),
    ...Object.entries(result.statuses).map(([status, total]) =>
      row(`  ${status}`, ({ report }) => report.statuses[status] ?? 0, total),
    ),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
  const pace = `${number(result.segments)} segments in ${result.seconds} s: ${number(result.perSecond)} a second`
  return [...lines, '', pace].join('\n')
}
