/** The bytes of an upload as tables of text, whatever program wrote them. */
import { encodingOf } from '../../csv/encodings.ts'
import { binaryKind } from '../../csv/sniff.ts'
import { readCsv } from './csv-table.ts'
import { ExportRefused } from './errors.ts'
import type { Tables } from './table.ts'
import { readWorkbook } from './workbook.ts'

/** How a ZIP archive begins, which is what a workbook is. */
const ARCHIVE = Buffer.from('PK\x03\x04', 'latin1')
const SNIFF_BYTES = 1_024

/**
 * Reads CSV or XLSX.
 * @throws ExportRefused, FileRefused when nothing of the file can be used.
 */
export async function readTables(bytes: Buffer): Promise<Tables> {
  const start = bytes.subarray(0, SNIFF_BYTES)
  if (start.subarray(0, ARCHIVE.length).equals(ARCHIVE)) return readWorkbook(bytes)
  const kind = kindOf(start)
  if (kind === null) return readCsv(bytes)
  throw new ExportRefused(
    'file_binary',
    `This is ${kind}, neither CSV nor XLSX: export the templates in one of these, without a password.`,
  )
}

/** What it is when it is no CSV. */
function kindOf(start: Buffer): string | null {
  const { encoding } = encodingOf(start)
  if (encoding.name !== 'UTF-8') return null
  // Some portals give an HTML table the name of a workbook.
  const isMarkup = /^\W*<(?:!doctype|html|table|\?xml)/i.test(start.toString('latin1'))
  return isMarkup ? 'HTML or XML' : binaryKind(start)
}
