import type { CampaignRun, DemoResult } from './result.ts'

/** The report of the demo for people: a column per campaign, a row per status; then what was refused, and why. */
export function reportTable(runs: readonly CampaignRun[], result: DemoResult): string {
  const pace = `${number(result.segments)} segments in ${result.seconds} s: ${number(result.perSecond)} a second`
  const parts = [
    counts(runs, result),
    refusedRows(runs, result),
    warnedRows(runs, result),
    reasons(result),
    pace,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

const number = (value: number) => value.toLocaleString('en-IN')

function counts(runs: readonly CampaignRun[], result: DemoResult): string {
  const row = (label: string, pick: (run: CampaignRun) => number) => [
    label,
    ...runs.map((run) => number(pick(run))),
    number(runs.reduce((total, run) => total + pick(run), 0)),
  ]
  return columns([
    ['', ...runs.map(({ plan }) => plan.name), 'All'],
    row('recipients', ({ report }) => report.recipients),
    row('segments', ({ report }) => report.segments.planned),
    ...Object.keys(result.statuses).map((status) =>
      row(`  ${status}`, ({ report }) => report.statuses[status] ?? 0),
    ),
    row('invalid rows', ({ campaign }) => campaign.numbers?.invalid ?? 0),
    row('repeated rows', ({ campaign }) => campaign.numbers?.duplicates ?? 0),
  ])
}

/** The first column to the left, the others to the right. */
function columns(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
  return rows.map((cells) => line(cells).join('  ')).join('\n')
}

/** By code, with the first row of it that a check remembers. */
function refusedRows(runs: readonly CampaignRun[], { invalid }: DemoResult): string {
  const examples = runs.flatMap(({ campaign }) => campaign.numbers?.firstInvalid ?? [])
  return listing(
    'Rows refused before launch:',
    Object.entries(invalid).map(([code, rows]) => {
      const example = examples.find((each) => each.code === code)
      return [rows, code + (example ? `: line ${example.line}, ${example.message}` : '')]
    }),
  )
}

/** By code, with the first row of it. */
function warnedRows(runs: readonly CampaignRun[], { warned }: DemoResult): string {
  const firstOf = (code: string) =>
    runs.flatMap(({ campaign }) => campaign.numbers?.warnings[code]?.first ?? []).at(0)
  return listing(
    'Rows warned of before launch:',
    Object.entries(warned).map(([code, rows]) => {
      const first = firstOf(code)
      return [rows, code + (first ? `: line ${first.line}, ${first.message}` : '')]
    }),
  )
}

/** Codes that mean the same are one line. */
function reasons(result: DemoResult): string {
  const bySentence = Map.groupBy(result.reasons, ({ sentence }) => sentence)
  return listing(
    'Why messages did not arrive:',
    [...bySentence].map(([sentence, same]) => [
      same.reduce((total, { recipients }) => total + recipients, 0),
      `${sentence} (${same.map(({ code }) => code).join(', ')})`,
    ]),
  )
}

const COUNT_WIDTH = 9

function listing(head: string, lines: readonly [count: number, text: string][]): string {
  if (lines.length === 0) return ''
  const sorted = lines.toSorted(([a], [b]) => b - a)
  return [head, ...sorted.map(([count, text]) => `${number(count).padStart(COUNT_WIDTH)}  ${text}`)].join(
    '\n',
  )
}
