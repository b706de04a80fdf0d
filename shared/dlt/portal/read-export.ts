/** A portal's export → what it says of each template. What is registered already is not its matter. */
import type { Category } from '../../contracts/records.ts'
import { categoryOf, headersOf, idOf, isApproved } from './cell-values.ts'
import type { ColumnMapping, ExportField } from './column-sets.ts'
import { ExportRefused } from './errors.ts'
import { plainText } from './plain-text.ts'
import { readTables } from './read-tables.ts'
import { type Recognised, recognise } from './recognise.ts'
import { MAX_ROWS, type RowFault, type TableRow, type Tables } from './table.ts'

/** A row of an export; `row` as an editor or a spreadsheet counts. */
export type ExportRow = { row: number; id: string } & (
  | ({ kind: 'template' } & ExportedTemplate)
  /** Not approved, and why one would say so. */
  | { kind: 'skipped'; why: string }
  | ({ kind: 'refused' } & RowFault)
)

/** Nothing here was checked against a rule. */
export interface ExportedTemplate {
  name: string
  text: string
  /** Those it is linked to. Empty where the export does not say. */
  headers: readonly string[]
  /** Null where the export does not say. */
  category: Category | null
  consentId: string | null
}

export interface PortalExport {
  portal: Recognised['portal']
  encoding: Tables['encoding']
  /** Number of the sheet read, from 1; null for a CSV. */
  sheet: number | null
  /** Every row under the header that is not empty. */
  rows: ExportRow[]
}

/**
 * Reads a CSV or XLSX. `mapping` names the columns of an export whose own are not known.
 * @throws ExportRefused, FileRefused when nothing of the file can be used.
 */
export async function readExport(bytes: Buffer, mapping?: ColumnMapping): Promise<PortalExport> {
  const { encoding, tables } = await readTables(bytes)
  const recognised = recognise(tables, mapping)
  const { portal, table, firstRow } = recognised
  const rows = table.rows.slice(firstRow)
  if (rows.length > MAX_ROWS) {
    throw new ExportRefused(
      'too_many_rows',
      `The export has more than ${MAX_ROWS} rows: import it in parts, the order does not matter.`,
    )
  }
  return { portal, encoding, sheet: table.sheet, rows: rows.map((row) => readRow(row, recognised)) }
}

function readRow(tableRow: TableRow, { table, columns, width }: Recognised): ExportRow {
  const { row, cells } = tableRow
  const cell = (field: ExportField): string => {
    const column = columns[field]
    return column === undefined ? '' : (cells[column] ?? '')
  }
  const at = { row, id: idOf(cell('id')) }
  const fault = tableRow.fault ?? (table.sheet === null ? faultInShape(cells, width) : null)
  if (fault) return { kind: 'refused', ...at, ...fault }
  const status = cell('status').trim()
  if (columns.status !== undefined && !isApproved(status)) {
    return { kind: 'skipped', ...at, why: `its status is ${JSON.stringify(status)}, not approved` }
  }
  const said = cell('category').trim()
  const category = categoryOf(said)
  if (said !== '' && category === null) return { kind: 'refused', ...at, ...unknownCategory(said) }
  const [name, consentId] = [cell('name').trim(), idOf(cell('consentId'))]
  return {
    ...{ kind: 'template', ...at, name, text: plainText(cell('text')), headers: headersOf(cell('header')) },
    ...{ category, consentId: consentId === '' ? null : consentId },
  }
}

/** Of a CSV: where a separator or a line end stands unquoted in a text, the rest of the text is in another place. */
function faultInShape(cells: readonly string[], width: number): RowFault | null {
  const fields = cells.findLastIndex((cell) => cell !== '') + 1
  if (fields > width) {
    return {
      code: 'too_many_fields',
      message: `the row has ${fields} fields, the header ${width}: put a text that contains the separator in quotes`,
    }
  }
  if (cells.length >= width) return null
  return {
    code: 'too_few_fields',
    message: `the row has ${cells.length} fields, the header ${width}: put a text that contains a line end in quotes`,
  }
}

const unknownCategory = (said: string): RowFault => ({
  code: 'category_unknown',
  message:
    `the category is ${JSON.stringify(said)}: known are Transactional, Service Implicit, Service Explicit, ` +
    'Government and Promotional, and their first letters. If it is none, name the other columns in options.columns',
})
