import { parseArgs } from 'node:util'
import { messageComposer } from '../shared/campaign/plan-message.ts'
import type { ColumnMapping } from '../shared/campaign/record.ts'
import { MAX_LINE_BYTES } from '../shared/contracts/dispatch.ts'
import { FileRefused } from '../shared/csv/errors.ts'
import { type ReadOptions, readRecipients } from '../shared/csv/recipients.ts'
import { parseTemplate, type Template } from '../shared/dlt/template.ts'
import { type Command, type ExitCode, inputFile, UsageError } from './command.ts'
import { readBytes } from './input.ts'
import { complain, Output, table } from './output.ts'

const HELP = `Usage: dakghar check FILE.csv [--template-text TEXT] [--to COLUMN] [--recipients] [--json]

Checks a CSV of recipients the way an upload is checked: encoding, delimiter, columns, every number, every value.
Reads standard input when FILE is - or left out.

  --template-text TEXT  the DLT template; its {#var#} are filled with the columns beside the number, in order, or with
                        the columns var1, var2... Without it only the numbers are checked.
  --to COLUMN           the column with the numbers, when its name does not tell
  --recipients          list the accepted numbers
  --json                one JSON object: {rows, accepted, invalid, duplicates, segments, invalidRows:
                        [{line, code, message}], recipients}; rows = accepted + invalid + duplicates

Exit code 1 only when the file as a whole is refused: broken rows are a result, not a failure.

Example: dakghar check june.csv --template-text 'Dear {#var#}, your bill of Rs.{#var#} is due.'`

/** How many invalid rows the table shows; `--json` lists all. */
const SHOWN_ROWS = 20
/** As pools cut unless they are configured otherwise. */
const REFERENCE_BITS = 8

interface Report {
  rows: number | null
  accepted: number | null
  invalid: number | null
  duplicates: number | null
  /** Of all accepted messages; null without a template. */
  segments: number | null
  invalidRows: { line: number; code: string; message: string }[]
  /** E.164 with the plus; null unless asked for. */
  recipients: string[] | null
  error?: { code: string; message: string; line: number | null }
}

export const command: Command = { help: HELP, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'template-text': { type: 'string' },
      to: { type: 'string' },
      recipients: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const template = templateOf(values['template-text'])
  const mapping: ColumnMapping = values.to === undefined ? {} : { to: values.to }
  const report = await check(readBytes(inputFile(positionals)), template, mapping, values.recipients)
  const output = new Output()
  if (values.json) await output.json(report)
  else if (!report.error) await output.line(describe(report))
  await output.flush()
  if (!report.error) return 0
  complain(report.error.message)
  return 1
}

function templateOf(text: string | undefined): Template | null {
  if (text === undefined) return null
  const template = parseTemplate(text)
  if (!template.ok) throw new UsageError(`--template-text: ${template.message}`)
  return template
}

async function check(
  source: AsyncIterable<Uint8Array>,
  template: Template | null,
  mapping: ColumnMapping,
  listRecipients: boolean,
): Promise<Report> {
  const counts = { accepted: 0, duplicates: 0, segments: 0 }
  const invalidRows: Report['invalidRows'] = []
  const recipients: string[] = []
  try {
    const { chunks } = await readRecipients(source, readOptions(template, mapping))
    for await (const { accepted, refused, duplicates } of chunks) {
      counts.accepted += accepted.length
      counts.duplicates += duplicates.length
      for (const row of accepted) {
        counts.segments += row.message
        if (listRecipients) recipients.push(`+${row.msisdn}`)
      }
      for (const { line, code, message } of refused) invalidRows.push({ line, code, message })
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    return refusedFile(error)
  }
  return {
    rows: counts.accepted + invalidRows.length + counts.duplicates,
    accepted: counts.accepted,
    invalid: invalidRows.length,
    duplicates: counts.duplicates,
    segments: template === null ? null : counts.segments,
    invalidRows,
    recipients: listRecipients ? recipients : null,
  }
}

/** The message of a row is how many segments it takes, counted by the code that writes the plan. */
function readOptions(template: Template | null, mapping: ColumnMapping): ReadOptions<number> {
  if (template === null) return { mapping, variableCount: 0, compose: () => ({ ok: true, message: 0 }) }
  const compose = messageComposer(template, REFERENCE_BITS, MAX_LINE_BYTES)
  return {
    mapping,
    variableCount: template.variables.length,
    compose: (values) => {
      const composed = compose(values)
      return composed.ok ? { ok: true, message: composed.message.segments } : composed
    },
  }
}

function refusedFile({ code, message, line }: FileRefused): Report {
  return {
    rows: null,
    accepted: null,
    invalid: null,
    duplicates: null,
    segments: null,
    invalidRows: [],
    recipients: null,
    error: { code, message, line },
  }
}

function describe(report: Report): string {
  const { rows, accepted, invalid, duplicates, segments, invalidRows, recipients } = report
  const sections = [
    table(
      ['rows', 'accepted', 'invalid', 'duplicates', 'segments'],
      [[rows, accepted, invalid, duplicates, segments]],
    ),
  ]
  if (invalidRows.length > 0) {
    const shown = invalidRows.slice(0, SHOWN_ROWS).map(({ line, code, message }) => [line, code, message])
    sections.push(table(['line', 'code', 'why'], shown))
  }
  if (invalidRows.length > SHOWN_ROWS) {
    sections.push(`and ${invalidRows.length - SHOWN_ROWS} more invalid rows: --json lists all`)
  }
  if (recipients !== null) sections.push(recipients.join('\n'))
  return sections.join('\n\n')
}
