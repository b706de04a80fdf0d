/** A row as it stands in the file. */
export interface TableRow {
  /** As an editor or a spreadsheet counts: the physical line of a CSV, the row of a sheet; from 1. */
  row: number
  cells: readonly string[]
  /** Why its cells cannot be trusted. */
  fault: RowFault | null
}

export interface RowFault {
  code: string
  message: string
}

/** A CSV, or a sheet of a workbook. */
export interface Table {
  /** Number of the sheet, from 1; null for a CSV. */
  sheet: number | null
  /** Those with anything in them. */
  rows: readonly TableRow[]
}

export interface Tables {
  /** How the text was written; null for a workbook, which says so itself. */
  encoding: 'UTF-8' | 'UTF-16' | 'Windows-1252' | null
  tables: readonly Table[]
}

export const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell.trim() !== '')

/** Templates in one file: what is registered well inside the 29 s an API Gateway waits for an answer. */
export const MAX_ROWS = 5_000
/** Portals put a title or a date above the header now and then. */
export const HEADER_WITHIN_ROWS = 20
