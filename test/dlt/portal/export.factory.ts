import { type CellValue, writeXlsx } from 'hucre/xlsx'
import { type ExportRow, readExport } from '../../../shared/dlt/portal/read-export.ts'

export const ID = '1107161191448698079'
export const OTHER_ID = '1107161191448698080'

/** As `AllApprovedContentTemplate.xlsx` has them. */
export const JIO = ['HEADER', 'TEMPLATE_ID', 'TEMPLATE_NAME', 'TEMPLATE_CONTENT', 'VARIABLE_COUNT']
export const AIRTEL = [
  ...[
    'id',
    'name',
    'DLT-ID',
    'header',
    'communication-type',
    'content',
    'consent-DLT-ID',
    'status',
    'created-by',
  ],
]
export const MSG91 = ['Template Name', 'Flow ID', 'DLT Template ID', 'Message', 'Type']

/** A row under the columns of {@link JIO}. */
export const jioRow = (fields: { id?: CellValue; header?: string; text?: string } = {}): CellValue[] => {
  const { id = ID, header = 'ACMEIN', text = 'Dear {#var#}, your order is ready.' } = fields
  return [header, id, 'Order ready', text, 1]
}

/** The rows as CSV, every field quoted. */
export function csvOf(rows: readonly (readonly CellValue[])[], delimiter = ',', lineEnd = '\n'): string {
  const quoted = (value: CellValue) => `"${String(value ?? '').replaceAll('"', '""')}"`
  return rows.map((row) => row.map(quoted).join(delimiter) + lineEnd).join('')
}

/** A workbook with one sheet for each list of rows. */
export async function workbookOf(...sheets: CellValue[][][]): Promise<Buffer> {
  return Buffer.from(await writeXlsx({ sheets: sheets.map((rows, i) => ({ name: `Sheet ${i + 1}`, rows })) }))
}

export async function rowsOf(file: string | Buffer): Promise<ExportRow[]> {
  return (await readExport(Buffer.from(file))).rows
}

export async function firstRowOf(file: string | Buffer): Promise<ExportRow> {
  const [row] = await rowsOf(file)
  if (!row) throw new Error('the export has no rows')
  return row
}
