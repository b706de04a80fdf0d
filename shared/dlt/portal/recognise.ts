import { categoryOf } from './cell-values.ts'
import {
  COLUMN_SETS,
  COMMON_COLUMNS,
  type ColumnMapping,
  type ColumnNames,
  type ExportField,
  type Portal,
} from './column-sets.ts'
import { ExportRefused } from './errors.ts'
import { HEADER_WITHIN_ROWS, type Table, type TableRow } from './table.ts'

export interface Recognised {
  /** `mapped` when the caller named the columns. */
  portal: Portal | 'mapped'
  table: Table
  /** Index in the table of the row after the header. */
  firstRow: number
  /** How many fields a whole row has. */
  width: number
  /** Index of each field's column. */
  columns: Partial<Record<ExportField, number>>
}

/**
 * Finds the first table with a header that is known, or that has the columns the caller names.
 * @throws ExportRefused `columns_unknown`, with what was found and what is known; `columns_repeated`, `file_empty`.
 */
export function recognise(tables: readonly Table[], mapping: ColumnMapping | undefined): Recognised {
  const sets = mapping === undefined ? KNOWN_SETS : [['mapped', setOf(mapping)] as const]
  for (const table of tables) {
    for (const [index, row] of table.rows.slice(0, HEADER_WITHIN_ROWS).entries()) {
      for (const [portal, set] of sets) {
        const columns = columnsOf(row, set, table.rows.slice(index + 1))
        if (columns === null) continue
        const width = row.cells.findLastIndex((cell) => folded(cell) !== '') + 1
        return { portal: portal as Recognised['portal'], table, firstRow: index + 1, width, columns }
      }
    }
  }
  throw unknownColumns(tables, mapping)
}

/** `common` are taken where the file has them, the others it must have. */
type Fitting = Readonly<{ columns: ColumnNames; marks: readonly string[]; common: ColumnNames }>

const KNOWN_SETS = Object.entries(COLUMN_SETS).map(([portal, set]): [string, Fitting] => [
  portal,
  { ...set, common: COMMON_COLUMNS },
])

/**
 * Who names columns has looked at the file: no other is guessed at. But for its status: that a template was rejected is
 * never overlooked.
 */
const setOf = (mapping: ColumnMapping): Fitting => ({
  columns: Object.fromEntries(named(mapping).map(([field, name]) => [field, [name]])),
  marks: [],
  common: { status: COMMON_COLUMNS.status },
})

const named = (mapping: ColumnMapping): [string, string][] =>
  Object.entries(mapping).flatMap(([field, name]) => (name === undefined ? [] : [[field, name]]))

/** Null when the row is not a header of this set. `below` are the rows under it. */
function columnsOf(
  row: TableRow,
  { columns, marks, common }: Fitting,
  below: readonly TableRow[],
): Recognised['columns'] | null {
  const names = row.cells.map(folded)
  if (!marks.every((mark) => names.includes(folded(mark)))) return null
  const found: Recognised['columns'] = {}
  for (const [field, aliases] of entriesOf(columns)) {
    const [index] = indexesOf(names, aliases)
    if (index === undefined) return null
    found[field] = index
  }
  for (const [field, aliases] of entriesOf(common)) {
    const indexes = indexesOf(names, aliases)
    const index = field === 'category' ? categoryAmong(indexes, below) : indexes[0]
    if (index !== undefined) found[field] ??= index
  }
  refuseRepeated(row, names, Object.values(found))
  return found
}

/** Of the columns there are under these names, the one preferred first. */
const indexesOf = (names: readonly string[], aliases: readonly string[]): number[] =>
  aliases.map((alias) => names.indexOf(folded(alias))).filter((index) => index !== -1)

/** Some portals call the category what others call the kind of text: TEXT, UNICODE. The first that holds a category. */
const categoryAmong = (indexes: readonly number[], rows: readonly TableRow[]): number | undefined =>
  indexes.find((index) => rows.some(({ cells }) => categoryOf(cells[index] ?? '') !== null)) ?? indexes[0]

const entriesOf = (columns: ColumnNames) => Object.entries(columns) as [ExportField, readonly string[]][]

/** `Header(s)` → `headers`; a name of signs alone stays itself. */
function folded(name: string): string {
  const letters = name.normalize('NFKC').toLowerCase()
  return letters.replace(/[^\p{L}\p{M}\p{N}]/gu, '') || name.trim()
}

function refuseRepeated({ row, cells }: TableRow, names: readonly string[], used: readonly number[]): void {
  for (const index of used) {
    const other = names.indexOf(names[index]!, index + 1)
    if (other === -1) continue
    throw new ExportRefused(
      'columns_repeated',
      `Row ${row} names columns ${index + 1} and ${other + 1} alike (${JSON.stringify(cells[index])}): ` +
        'remove or rename the one that is not meant.',
    )
  }
}

function unknownColumns(tables: readonly Table[], mapping: ColumnMapping | undefined): ExportRefused {
  const header = tables.flatMap(({ rows }) => rows)[0]
  if (!header) return new ExportRefused('file_empty', 'The file holds nothing but empty rows.')
  const found = `The file has the columns ${quoted(header.cells.filter((cell) => cell.trim() !== ''))} in row ${header.row}`
  if (mapping !== undefined) {
    return new ExportRefused(
      'columns_unknown',
      `${found}, and no header with all the columns you named: ${quoted(named(mapping).map(([, name]) => name))}.`,
    )
  }
  const known = Object.values(COLUMN_SETS).map(
    ({ title, columns, marks }) =>
      `${title}: ${quoted([...Object.values(columns).map(([first]) => first), ...marks])}`,
  )
  return new ExportRefused(
    'columns_unknown',
    `${found}, which is no export known here: say in options.columns which are the template's id, name and text. ` +
      `Known are ${known.join('; ')}.`,
  )
}

const MOST_QUOTED = 30
const MOST_QUOTED_CHARS = 60
const quoted = (names: readonly string[]): string =>
  names
    .slice(0, MOST_QUOTED)
    .map((name) => JSON.stringify(name.slice(0, MOST_QUOTED_CHARS)))
    .join(', ')
