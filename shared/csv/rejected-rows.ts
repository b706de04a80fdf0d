/**
 * Rows that are not sent, as a file to repair and upload again: three columns that say where and why, then the
 * original ones. They come first because rows with too few or too many fields would push anything behind them out of
 * place. Original cells stand as they were, formulas such as `=1+1` included: a repaired file must be the customer's
 * own data. Whoever opens the file in a spreadsheet sees what was in the spreadsheet it came from.
 */
import { ADDED_COLUMN, type Columns } from './columns.ts'
import type { DuplicateRow, RefusedRow, SuppressedRow } from './recipients.ts'
import { BYTE_ORDER_MARK, csvRecord } from './write.ts'

const ADDED = ['dakghar_line', 'dakghar_code', 'dakghar_message'] as const

/** Writes invalid.csv, duplicates.csv and suppressed.csv of one upload: their records as text, CRLF included. */
export class RejectedRowsFormat {
  /** The header record, byte order mark first. */
  readonly start: string
  /** Columns an earlier check added to the file now repaired: written anew, not kept. */
  readonly #dropped: ReadonlySet<number>

  constructor(columns: Columns) {
    this.#dropped = new Set(columns.header.flatMap((name, index) => (ADDED_COLUMN.test(name) ? [index] : [])))
    this.start = BYTE_ORDER_MARK + csvRecord([...ADDED, ...this.#original(columns.header)])
  }

  invalid({ line, code, message, fields }: RefusedRow): string {
    return csvRecord([String(line), code, message, ...this.#original(fields)])
  }

  duplicate({ line, firstLine, msisdn, fields }: DuplicateRow): string {
    const message = `${msisdn} is already in line ${firstLine}, and the first counts`
    return csvRecord([String(line), 'duplicate', message, ...this.#original(fields)])
  }

  suppressed({ line, msisdn, fields }: SuppressedRow): string {
    const message = `${msisdn} is on the suppression list`
    return csvRecord([String(line), 'suppressed', message, ...this.#original(fields)])
  }

  #original(fields: readonly string[]): readonly string[] {
    if (this.#dropped.size === 0) return fields
    return fields.filter((_, index) => !this.#dropped.has(index))
  }
}
