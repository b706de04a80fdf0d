/** What the import of templates takes and answers. */
import { z } from '@hono/zod-openapi'
import { Category, SenderHeader } from '../../shared/contracts/records.ts'
import { COLUMN_SETS, type Portal } from '../../shared/dlt/portal/column-sets.ts'
import { DltId } from '../../shared/ids.ts'
import { FindingView, TYPES_SAY, Types } from './templates.ts'

const ColumnName = z.string().trim().min(1).max(200)

const Columns = z.strictObject({
  ...{ id: ColumnName, name: ColumnName, text: ColumnName },
  ...{ header: ColumnName.optional(), category: ColumnName.optional() },
  ...{ status: ColumnName.optional(), consentId: ColumnName.optional() },
})

export const ImportOptions = z.strictObject({
  header: SenderHeader.optional().meta({
    description: 'For templates of which the export names no header, or several with this among them.',
  }),
  category: Category.optional().meta({ description: 'For templates of which the export names none.' }),
  types: z
    .record(DltId, Types)
    .optional()
    .meta({ description: `By template id. ${TYPES_SAY}` }),
  columns: Columns.optional().meta({
    description:
      'The names of the columns, for an export whose own are not known; besides these only a column of the status is read.',
  }),
  dryRun: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Answers what an import would do, and does nothing. That a header belongs to another tenant shows only when ' +
        'it is done.',
    }),
})
export type ImportOptions = z.infer<typeof ImportOptions>

export const ImportForm = z.strictObject({
  file: z.instanceof(File).meta({
    ...{ type: 'string', format: 'binary' },
    description: 'The export as CSV or XLSX, at most 4 MiB and 5,000 rows.',
  }),
  options: z.string().default('{}').meta({ description: 'An ImportOptionsInput as JSON.' }),
})

const PORTALS = [...(Object.keys(COLUMN_SETS) as Portal[]), 'mapped'] as const

const at = {
  row: z.int().meta({ description: 'The line of the CSV, the row of the sheet.' }),
  id: z.string().meta({ description: 'As it stands there.' }),
}

const SideView = z
  .object({
    found: z
      .object({ character: z.string(), codePoint: z.string(), name: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null where the text has ended.' }),
    excerpt: z.string(),
  })
  .openapi('TextDifferenceSide')

export const ImportView = z
  .object({
    portal: z.enum(PORTALS).meta({ description: 'Whose columns these are; mapped when you named them.' }),
    sheet: z.int().nullable().meta({ description: 'Which one of a workbook was read, from 1.' }),
    encoding: z.string().nullable().meta({
      description:
        'How a CSV is written. In Windows-1252, ₹ and the letters of Indian scripts have become question marks.',
    }),
    dryRun: z.boolean(),
    rows: z.int().meta({ description: 'Below the header, the empty ones not counted.' }),
    imported: z.array(
      z.object({
        ...at,
        findings: z.array(FindingView).meta({ description: 'What the DLT rules warn of.' }),
      }),
    ),
    unchanged: z.array(z.object(at)).meta({ description: 'Registered already with the same text.' }),
    refused: z.array(
      z.object({
        ...at,
        code: z.string(),
        message: z.string(),
        diff: z
          .object({
            character: z.int().meta({ description: 'Place of the first that differs, from 1.' }),
            ...{ registered: SideView, exported: SideView },
          })
          .optional()
          .meta({ description: 'When the template is registered with another text.' }),
      }),
    ),
    skipped: z
      .array(z.object({ ...at, why: z.string() }))
      .meta({ description: 'Not approved at the portal.' }),
  })
  .openapi('TemplateImport')
export type ImportView = z.infer<typeof ImportView>
