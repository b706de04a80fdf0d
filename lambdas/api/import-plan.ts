/** What an import makes of each row of an export; pure. `import-templates.ts` carries it out. */
import { type Category, TemplateRecord } from '../../shared/contracts/records.ts'
import type { ExportedTemplate, ExportRow } from '../../shared/dlt/portal/read-export.ts'
import {
  describeDifference,
  firstDifference,
  type TextDifference,
} from '../../shared/dlt/portal/text-difference.ts'
import type { Finding } from '../../shared/dlt/rules/finding.ts'
import type { VariableType } from '../../shared/dlt/variable-types.ts'
import { refusalOf, type TemplateJudgement } from '../template-judge.ts'

/** What the caller says beside the file. */
export interface ImportChoices {
  header?: string | undefined
  category?: Category | undefined
  /** By template id: one for each variable, null where the text's own tag stands. */
  types?: Readonly<Record<string, (VariableType | null)[]>> | undefined
}

export type Verdict = { row: number; id: string } & (
  | { kind: 'imported'; template: TemplateRecord; findings: Finding[] }
  | { kind: 'unchanged' }
  | ({ kind: 'refused' } & Refusal)
  | { kind: 'skipped'; why: string }
)

export interface Refusal {
  code: string
  message: string
  diff?: TextDifference
}

export interface ImportContext {
  choices: ImportChoices
  /** The tenant's templates as they are. */
  registered: readonly TemplateRecord[]
  judge: (template: TemplateRecord) => TemplateJudgement
  /** Epoch, in milliseconds. */
  now: number
}

/** One verdict for each row, in their order. A row counts as registered for those below it. */
export function planImport(
  rows: readonly ExportRow[],
  { choices, registered, judge, now }: ImportContext,
): Verdict[] {
  const known = new Map(registered.map((template) => [template.id, template]))
  return rows.map((row) => {
    if (row.kind !== 'template') return row
    const at = { row: row.row, id: row.id }
    const chosen = choose(row, choices)
    if (!chosen.ok) return { kind: 'refused', ...at, ...chosen.refusal }
    const template: TemplateRecord = {
      ...{ id: row.id, name: row.name, text: row.text, consentId: row.consentId, createdAt: now },
      ...{ header: chosen.header, category: chosen.category, types: choices.types?.[row.id] ?? null },
    }
    const before = known.get(row.id)
    if (before) {
      const refusal = differenceOf(before, template)
      return refusal ? { kind: 'refused', ...at, ...refusal } : { kind: 'unchanged', ...at }
    }
    const judgement = judge(template)
    const refusal = refusalOf(judgement) ?? faultInRecord(template)
    if (refusal) return { kind: 'refused', ...at, code: refusal.code, message: refusal.message }
    known.set(row.id, template)
    return { kind: 'imported', ...at, template, findings: judgement.findings }
  })
}

type Chosen = { ok: true; header: string; category: Category } | { ok: false; refusal: Refusal }

/** A template here has one header. The caller's choice is for rows that name none or several. */
function choose({ headers, category: said }: ExportedTemplate, { header, category }: ImportChoices): Chosen {
  const chosenCategory = said ?? category
  if (chosenCategory === undefined) {
    return refuse(
      'category_missing',
      'the row has no category: give one for all that have none in options.category',
    )
  }
  if (headers.length === 1) return { ok: true, header: headers[0]!, category: chosenCategory }
  if (header === undefined) {
    return headers.length === 0
      ? refuse('header_missing', 'the row has no header: give one for all that have none in options.header')
      : refuse(
          'header_several',
          `the template is linked to the headers ${headers.join(', ')}, and has one here: say which in options.header`,
        )
  }
  if (headers.length === 0 || headers.includes(header)) return { ok: true, header, category: chosenCategory }
  return refuse(
    'header_not_linked',
    `the template is linked to the headers ${headers.join(', ')}, not to ${header} of options.header: ` +
      'import it by itself with one of them, or link it at the portal',
  )
}

const refuse = (code: string, message: string): Chosen => ({ ok: false, refusal: { code, message } })

/** Portals give a new id when anything of a template changes; the name and the consent are not told apart by. */
function differenceOf(before: TemplateRecord, template: TemplateRecord): Refusal | null {
  const diff = firstDifference(before.text, template.text)
  if (diff) {
    return {
      code: 'template_text_differs',
      message:
        `the template is registered here with another text: ${describeDifference(diff)}. A changed text has a new id ` +
        'at the portal: compare both with what it shows',
      diff,
    }
  }
  for (const field of ['header', 'category'] as const) {
    if (before[field] === template[field]) continue
    return {
      code: `template_${field}_differs`,
      message: `the template is registered here with ${field} ${before[field]}, the export has ${template[field]}`,
    }
  }
  if (template.types === null || JSON.stringify(before.types) === JSON.stringify(template.types)) return null
  return {
    code: 'template_types_differ',
    message: `the template is registered here with other types: change them with PATCH /v1/templates/${template.id}`,
  }
}

/** What no rule of DLT forbids and no record can hold. */
function faultInRecord(template: TemplateRecord): Refusal | null {
  const { error } = TemplateRecord.safeParse(template)
  if (!error) return null
  const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return { code: 'invalid_request', message: faults.join('; ') }
}
