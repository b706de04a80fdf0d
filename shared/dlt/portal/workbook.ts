import { type CellValue, streamXlsxRows } from 'hucre/xlsx'
import { refuseLargeArchive } from './archive-size.ts'
import { ExportRefused } from './errors.ts'
import { HEADER_WITHIN_ROWS, isFilled, MAX_ROWS, type TableRow, type Tables } from './table.ts'

const MOST_SHEETS = 8
/** No export is wider; rows of all the 16,384 columns a sheet may have would not fit the memory. */
const MOST_COLUMNS = 100
/** Enough to see that there are too many. */
const MOST_READ_ROWS = HEADER_WITHIN_ROWS + MAX_ROWS + 1

/**
 * The first sheets of an XLSX workbook. Formulas are not evaluated: a cell is what was saved as its value.
 * @throws ExportRefused `workbook_too_large` before anything is unpacked, `workbook_unreadable`.
 */
export async function readWorkbook(bytes: Buffer): Promise<Tables> {
  refuseLargeArchive(bytes)
  const tables: { sheet: number; rows: TableRow[] }[] = []
  for (let index = 0; index < MOST_SHEETS; index++) {
    tables.push({ sheet: index + 1, rows: await readSheet(bytes, index) })
  }
  return { encoding: null, tables }
}

/** A sheet that does not exist has no rows. */
async function readSheet(bytes: Buffer, sheet: number): Promise<TableRow[]> {
  const rows: TableRow[] = []
  try {
    for await (const { index, values } of streamXlsxRows(bytes, { sheet })) {
      const cells = values.slice(0, MOST_COLUMNS).map(textOf)
      if (isFilled(cells)) rows.push({ row: index + 1, cells, fault: null })
      if (rows.length === MOST_READ_ROWS) break
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ExportRefused(
      'workbook_unreadable',
      `The workbook cannot be read (${why}): save it as XLSX again, or export CSV.`,
      { cause },
    )
  }
  return rows
}

/** A spreadsheet keeps 15 digits of a number: a longer one is shown as what it is, without its last digits (facts A4). */
const FIRST_ROUNDED = 1e15

function textOf(value: CellValue): string {
  if (value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' && Math.abs(value) >= FIRST_ROUNDED) return value.toExponential()
  return String(value)
}
