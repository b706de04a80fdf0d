import { parseArgs } from 'node:util'
import { formatRupees } from '../shared/campaign/money.ts'
import { Category } from '../shared/contracts/records.ts'
import { CtaWhitelist } from '../shared/dlt/cta/whitelist.ts'
import { type CheckReport, checkFile, type Wanted } from './check-file.ts'
import { type Command, type ExitCode, inputFile, UsageError } from './command.ts'
import { readBytes, readJsonFile } from './input.ts'
import { complain, Output, table } from './output.ts'
import { suppressionFile } from './suppress-file.ts'
import { READING_HELP, READING_OPTIONS, templateOption } from './template-option.ts'

const HELP = `Usage: dakghar check FILE.csv [--template-text TEXT] [--to COLUMN] [--text COLUMN] [--suppress FILE]
                     [--ctas FILE] [--header NAME] [--category NAME] [--price PAISE]
                     [--invalid FILE] [--recipients] [--json] [--types LIST] [--newlines FORM] [--reading NAME]

Checks a CSV of recipients the way an upload is checked: encoding, delimiter, columns, every number, every value by the
DLT rules, links and telephone numbers where operators let none pass, and what characters outside GSM 03.38 cost.
Reads standard input when FILE is - or left out.

  --template-text TEXT  the DLT template; its {#var#} are filled with the columns beside the number, in order, or with
                        the columns var1, var2... Without it only the numbers are checked.
  --to COLUMN      the column with the numbers, when its name does not tell
  --text COLUMN    a column with whole texts, each compared with the template, instead of values
  --suppress FILE  numbers that get nothing: a CSV, or one number to a line. Their rows are neither accepted nor
                   counted as duplicates
  --ctas FILE      what is whitelisted at the portal, as PUT /v1/entity/ctas takes it
  --header NAME    the sender header: short links are whitelisted under one
  --category NAME  the template's: ${Category.options.slice(0, 3).join(', ')},
                   ${Category.options.slice(3).join(' or ')}; the header is then checked too
  --price PAISE    what a segment costs
  --invalid FILE   writes the invalid rows there, with line, code and sentence, to be repaired and checked again
${READING_HELP}
  --recipients     list the accepted numbers
  --json           one JSON object: {rows, accepted, invalid, duplicates, suppressed, segments, unicode, long, costPaise,
                   reasons, warnings, findings, unicodeCost, samples, invalidRows: [{line, code, message}], recipients};
                   rows = accepted + invalid + duplicates + suppressed; null is what does not apply

Exit code 1 only when the file as a whole is refused, or the template is: broken rows are a result, not a failure.

Example: dakghar check june.csv --template-text 'Dear {#var#}, your bill of Rs.{#var#} is due.'`

/** How many invalid rows the table shows; `--json` lists all. */
const SHOWN_ROWS = 20

const OPTIONS = {
  'template-text': { type: 'string' },
  to: { type: 'string' },
  text: { type: 'string' },
  suppress: { type: 'string' },
  ctas: { type: 'string' },
  header: { type: 'string', default: '' },
  category: { type: 'string' },
  price: { type: 'string' },
  invalid: { type: 'string' },
  ...READING_OPTIONS,
  recipients: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  const { to, text, suppress, price, invalid = null, recipients: listRecipients } = values
  const report = await checkFile(readBytes(inputFile(positionals)), {
    template: await templateOf(values['template-text'], values),
    mapping: { ...(to !== undefined && { to }), ...(text !== undefined && { text }) },
    suppressed: suppress === undefined ? null : await suppressionFile(suppress),
    ...{ paisePerSegment: price === undefined ? null : priceOf(price), invalidFile: invalid, listRecipients },
  })
  const output = new Output()
  if (values.json) await output.json(report)
  else if (!report.error) await output.line(describe(report))
  await output.flush()
  if (!report.error) return 0
  complain(report.error.message)
  return 1
}

async function templateOf(
  text: string | undefined,
  values: Parameters<typeof templateOption>[2] & {
    text?: string | undefined
    ctas?: string | undefined
    category?: string | undefined
    header: string
  },
): Promise<Wanted['template']> {
  if (text === undefined) {
    if (values.text !== undefined) throw new UsageError('--text needs --template-text to compare with')
    return null
  }
  const { template, rules } = templateOption('--template-text', text, values)
  const whitelist =
    values.ctas === undefined ? null : await readJsonFile(values.ctas, CtaWhitelist, 'whitelist of CTAs')
  const category = values.category === undefined ? null : categoryOf(values.category)
  return { template, ctas: { header: values.header, whitelist, rules }, category }
}

function categoryOf(name: string): Category {
  const category = Category.safeParse(name)
  if (category.success) return category.data
  throw new UsageError(`--category must be one of ${Category.options.join(', ')}, not ${name}`)
}

function priceOf(text: string): number {
  const paise = Number(text)
  if (text.trim() !== '' && paise >= 0) return paise
  throw new UsageError(`--price must be paise, 12 or 12.5, not ${text}`)
}

function describe(report: CheckReport): string {
  const { invalidRows, recipients } = report
  const sections = [
    numbersOf(report),
    ...listing(
      ['line', 'code', 'why'],
      invalidRows.slice(0, SHOWN_ROWS).map(({ line, code, message }) => [line, code, message]),
    ),
  ]
  if (invalidRows.length > SHOWN_ROWS) {
    sections.push(
      `and ${invalidRows.length - SHOWN_ROWS} more invalid rows: --json lists all, --invalid FILE keeps them`,
    )
  }
  sections.push(...warningsOf(report), ...unicodeOf(report))
  if (recipients !== null) sections.push(recipients.join('\n'))
  return sections.join('\n\n')
}

function numbersOf({
  rows,
  accepted,
  invalid,
  duplicates,
  suppressed,
  segments,
  costPaise,
}: CheckReport): string {
  const numbers = {
    ...{ rows, accepted, invalid, duplicates },
    ...(suppressed !== null && { suppressed }),
    segments,
    ...(costPaise !== null && { cost: formatRupees(costPaise) }),
  }
  return table(Object.keys(numbers), [Object.values(numbers)])
}

function warningsOf({ findings, warnings }: CheckReport): string[] {
  const ofRows = Object.entries(warnings ?? {}).map(([code, { rows, first }]) => [
    rows,
    first.line,
    code,
    first.message,
  ])
  const ofTemplate = (findings ?? []).map(({ code, message }) => [null, null, code, message])
  return listing(['rows', 'first line', 'warning', 'why'], [...ofTemplate, ...ofRows])
}

function unicodeOf({ unicodeCost }: CheckReport): string[] {
  if (unicodeCost === null) return []
  const { values, template, avoidable } = unicodeCost
  const characters = [
    ...template.map(({ character, codePoint, name }) => [character, codePoint, name, 'all', null]),
    ...values.map(({ character, codePoint, name, rows, replacement }) => [
      ...[character, codePoint, name, rows, replacement],
    ]),
  ]
  return [
    ...listing(['character', 'code point', 'name', 'rows', 'instead'], characters),
    ...(avoidable.rows > 0
      ? [`In ${avoidable.rows} rows these would save ${avoidable.segments} segments.`]
      : []),
  ]
}

const listing = (header: string[], rows: readonly unknown[][]): string[] =>
  rows.length === 0 ? [] : [table(header, rows)]
