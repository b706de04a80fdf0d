import { parseArgs } from 'node:util'
import { messageComposer } from '../shared/campaign/plan-message.ts'
import type { ColumnMapping } from '../shared/campaign/record.ts'
import { MAX_LINE_BYTES } from '../shared/contracts/dispatch.ts'
import { FileRefused } from '../shared/csv/errors.ts'
import { type ReadOptions, readRecipients } from '../shared/csv/recipients.ts'
import { parseTemplate, type Template } from '../shared/dlt/template.ts'
import type { SuppressionSet } from '../shared/suppression/suppression-set.ts'
import { type Command, type ExitCode, inputFile, UsageError } from './command.ts'
import { readBytes } from './input.ts'
import { complain, Output, table } from './output.ts'
import { suppressionFile } from './suppress-file.ts'

const HELP = `Usage: dakghar check FILE.csv [--template-text TEXT] [--to COLUMN] [--suppress FILE] [--recipients] [--json]

Checks a CSV of recipients the way an upload is checked: encoding, delimiter, columns, every number, every value.
Reads standard input when FILE is - or left out.

  --template-text TEXT  the DLT template; its {#var#} are filled with the columns beside the number, in order, or with
                        the columns var1, var2... Without it only the numbers are checked.
  --to COLUMN           the column with the numbers, when its name does not tell
  --suppress FILE       numbers that get nothing: a CSV, or one number to a line. Their rows are neither accepted nor
                        counted as duplicates
  --recipients          list the accepted numbers
  --json                one JSON object: {rows, accepted, invalid, duplicates, suppressed, segments,
                        invalidRows: [{line, code, message}], recipients}; rows = accepted + invalid + duplicates +
                        suppressed, which is null without --suppress

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
  /** Null unless numbers to suppress were given. */
  suppressed: number | null
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
      suppress: { type: 'string' },
      recipients: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const template = templateOf(values['template-text'])
  const mapping: ColumnMapping = values.to === undefined ? {} : { to: values.to }
  const suppressed = values.suppress === undefined ? null : await suppressionFile(values.suppress)
  const report = await check(readBytes(inputFile(positionals)), {
    ...{ template, mapping, suppressed, listRecipients: values.recipients },
  })
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

interface Wanted {
  template: Template | null
  mapping: ColumnMapping
  suppressed: SuppressionSet | null
  listRecipients: boolean
}

async function check(source: AsyncIterable<Uint8Array>, wanted: Wanted): Promise<Report> {
  const counts = { accepted: 0, duplicates: 0, suppressed: 0, segments: 0 }
  const invalidRows: Report['invalidRows'] = []
  const recipients: string[] = []
  try {
    const { chunks } = await readRecipients(source, readOptions(wanted))
    for await (const { accepted, refused, duplicates, suppressed } of chunks) {
      counts.accepted += accepted.length
      counts.duplicates += duplicates.length
      counts.suppressed += suppressed.length
      for (const row of accepted) {
        counts.segments += row.message
        if (wanted.listRecipients) recipients.push(`+${row.msisdn}`)
      }
      for (const { line, code, message } of refused) invalidRows.push({ line, code, message })
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    return refusedFile(error)
  }
  return {
    rows: counts.accepted + invalidRows.length + counts.duplicates + counts.suppressed,
    accepted: counts.accepted,
    invalid: invalidRows.length,
    duplicates: counts.duplicates,
    suppressed: wanted.suppressed === null ? null : counts.suppressed,
    segments: wanted.template === null ? null : counts.segments,
    invalidRows,
    recipients: wanted.listRecipients ? recipients : null,
  }
}

/** The message of a row is how many segments it takes, counted by the code that writes the plan. */
function readOptions({ template, mapping, suppressed }: Wanted): ReadOptions<number> {
  const file = { mapping, ...(suppressed && { suppressed }) }
  if (template === null) return { ...file, variableCount: 0, compose: () => ({ ok: true, message: 0 }) }
  const compose = messageComposer(template, REFERENCE_BITS, MAX_LINE_BYTES)
  return {
    ...file,
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
    suppressed: null,
    segments: null,
    invalidRows: [],
    recipients: null,
    error: { code, message, line },
  }
}

function describe(report: Report): string {
  const { rows, accepted, invalid, duplicates, suppressed, segments, invalidRows, recipients } = report
  const numbers = {
    ...{ rows, accepted, invalid, duplicates },
    ...(suppressed !== null && { suppressed }),
    segments,
  }
  const sections = [table(Object.keys(numbers), [Object.values(numbers)])]
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
