import { isUtf8 } from 'node:buffer'
import { decode } from '../../csv/decode.ts'
import { encodingOf } from '../../csv/encodings.ts'
import { countLines } from '../../csv/line-ends.ts'
import { readRecords } from '../../csv/records.ts'
import { ExportRefused } from './errors.ts'
import { isFilled, type RowFault, type TableRow, type Tables } from './table.ts'
import { readWindows1252 } from './windows-1252.ts'

/**
 * A CSV as the one table it is, with the physical line each record starts in.
 * @throws ExportRefused `file_encoding`; FileRefused `file_empty`, `file_unclosed_quote`.
 */
export async function readCsv(bytes: Buffer): Promise<Tables> {
  const { encoding, text } = inUnicode(bytes)
  const rows: TableRow[] = []
  for await (const { records, lines, misquoted } of readRecords(decode(inOnePiece(text)))) {
    records.forEach((cells, i) => {
      if (isFilled(cells)) rows.push({ row: lines[i]!, cells, fault: misquoted.has(i) ? MISQUOTED : null })
    })
  }
  return { encoding, tables: [{ sheet: null, rows }] }
}

const MISQUOTED: RowFault = {
  code: 'misquoted',
  message: 'a quote (") inside a quoted field is not doubled, so where the field ends is a guess: write ""',
}

/** Bytes that the reader of recipients decodes, which takes UTF-8 and UTF-16. */
function inUnicode(bytes: Buffer): { encoding: Tables['encoding']; text: Buffer } {
  if (encodingOf(bytes).encoding.name === 'UTF-16') return { encoding: 'UTF-16', text: bytes }
  if (isUtf8(bytes)) return { encoding: 'UTF-8', text: bytes }
  const read = readWindows1252(bytes)
  if (read.ok) return { encoding: 'Windows-1252', text: Buffer.from(read.text, 'utf8') }
  const line = countLines(bytes.toString('latin1', 0, read.index)) + 1
  throw new ExportRefused(
    'file_encoding',
    `Line ${line} is neither UTF-8 nor the plain text of Windows-1252: open the file in a text editor and save it as ` +
      'UTF-8, or export it as XLSX. (A spreadsheet would shorten the ids.)',
  )
}

async function* inOnePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
