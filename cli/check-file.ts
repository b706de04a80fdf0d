/** What `dakghar check` does with a file; `check.ts` is what it is told and what it prints. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ComposedMessage, messageComposer } from '../shared/campaign/plan-message.ts'
import { CheckTally } from '../shared/campaign/plan-numbers.ts'
import type { CheckNumbers, ColumnMapping } from '../shared/campaign/record.ts'
import { checkedComposer, readingOf } from '../shared/campaign/row-check.ts'
import { MAX_LINE_BYTES } from '../shared/contracts/dispatch.ts'
import type { Category } from '../shared/contracts/records.ts'
import { FileRefused } from '../shared/csv/errors.ts'
import { type ReadOptions, type RefusedRow, readRecipients } from '../shared/csv/recipients.ts'
import { RejectedRowsFormat } from '../shared/csv/rejected-rows.ts'
import { type CtaSetting, checkTemplateCtas, valueCtaScanner } from '../shared/dlt/cta/check.ts'
import { type Finding, refusalAmong } from '../shared/dlt/rules/finding.ts'
import { checkHeader } from '../shared/dlt/rules/sender-header.ts'
import { checkTemplateText } from '../shared/dlt/rules/template-text.ts'
import { parseTemplate, type Template } from '../shared/dlt/template.ts'
import type { SuppressionSet } from '../shared/suppression/suppression-set.ts'

/** As pools cut unless they are configured otherwise. */
const REFERENCE_BITS = 8

export interface WantedTemplate {
  template: Template
  ctas: CtaSetting
  /** Null where nobody said: header and text are then not held against one. */
  category: Category | null
}

export interface Wanted {
  /** Null checks the numbers alone. */
  template: WantedTemplate | null
  mapping: ColumnMapping
  suppressed: SuppressionSet | null
  /** Null where nobody said what a segment costs. */
  paisePerSegment: number | null
  /** Where to write the invalid rows, to be repaired and checked again; null writes none. */
  invalidFile: string | null
  listRecipients: boolean
}

type Numbers = { [Name in keyof Omit<CheckNumbers, 'firstInvalid' | 'repeats'>]: CheckNumbers[Name] | null }

/** The numbers of a check, null where they do not apply; all of them when file or template as a whole is refused. */
export interface CheckReport extends Numbers {
  invalidRows: { line: number; code: string; message: string }[]
  /** E.164 with the plus; null unless asked for. */
  recipients: string[] | null
  error?: { code: string; message: string; line: number | null }
}

export async function checkFile(source: AsyncIterable<Uint8Array>, wanted: Wanted): Promise<CheckReport> {
  const findings = wanted.template === null ? [] : findingsOf(wanted.template)
  const refusal = refusalAmong(findings)
  if (refusal) return refusedTemplate(refusal, findings)
  const { paisePerSegment } = wanted
  const tally = new CheckTally({
    template: wanted.template?.template ?? NO_TEMPLATE,
    ...{ referenceBits: REFERENCE_BITS, findings, paisePerSegment: paisePerSegment ?? 0 },
  })
  const refused: RefusedRow[] = []
  const recipients: string[] = []
  try {
    const { chunks, columns } = await readRecipients(source, readOptions(wanted))
    for await (const chunk of chunks) {
      tally.add(chunk)
      refused.push(...chunk.refused)
      if (wanted.listRecipients) for (const { msisdn } of chunk.accepted) recipients.push(`+${msisdn}`)
    }
    if (wanted.invalidFile !== null) {
      const format = new RejectedRowsFormat(columns)
      const lines = [format.start, ...refused.map((row) => format.invalid(row))]
      await pipeline(Readable.from(lines), createWriteStream(wanted.invalidFile))
    }
  } catch (error) {
    if (error instanceof FileRefused) return refusedFile(error)
    throw error
  }
  const { firstInvalid: _, repeats: __, ...numbers } = tally.numbers(null)
  return {
    ...numbers,
    ...(wanted.template === null && WITHOUT_TEXTS),
    ...(wanted.suppressed === null && { suppressed: null }),
    ...(paisePerSegment === null && { costPaise: null }),
    invalidRows: refused.map(({ line, code, message }) => ({ line, code, message })),
    recipients: wanted.listRecipients ? recipients : null,
  }
}

/** What the platform says of a template before it reads a row; of the ids, which a file is checked without, nothing. */
function findingsOf({ template, ctas, category }: WantedTemplate): Finding[] {
  const { header, rules } = ctas
  return [
    ...(category !== null && header !== '' ? checkHeader(header, category, rules) : []),
    ...checkTemplateText(template, category, rules),
    ...checkTemplateCtas(template, ctas),
  ]
}

const NO_TEMPLATE = parseTemplate('-') as Template
const NO_MESSAGE: ComposedMessage = {
  ...{
    dataCoding: 0,
    segments: 0,
    jsonEnd: '"dc":0,"parts":[""]}',
    jsonEndBytes: 0,
    values: [],
    warnings: [],
  },
}
const WITHOUT_TEXTS = {
  ...{ segments: null, unicode: null, long: null, costPaise: null, samples: null },
  ...{ findings: null, warnings: null, unicodeCost: null },
}

function readOptions({ template, mapping, suppressed }: Wanted): ReadOptions<ComposedMessage> {
  const numbers = suppressed === null ? {} : { suppressed }
  if (template === null) {
    return { ...numbers, mapping, variableCount: 0, compose: () => ({ ok: true, message: NO_MESSAGE }) }
  }
  const compose = checkedComposer(
    messageComposer(template.template, REFERENCE_BITS, MAX_LINE_BYTES),
    valueCtaScanner(template.template, template.ctas),
  )
  return { ...numbers, ...readingOf(template.template, mapping, compose) }
}

const refusedFile = ({ code, message, line }: FileRefused): CheckReport => ({
  ...NOTHING_READ,
  error: { code, message, line },
})

const refusedTemplate = (
  { code, message }: { code: string; message: string },
  findings: Finding[],
): CheckReport => ({
  ...NOTHING_READ,
  findings,
  error: { code, message: `The template would be refused by operators: ${message}.`, line: null },
})

const NOTHING_READ = {
  ...{ rows: null, accepted: null, invalid: null, duplicates: null, suppressed: null, reasons: null },
  ...WITHOUT_TEXTS,
  invalidRows: [],
  recipients: null,
}
