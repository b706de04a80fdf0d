/**
 * Which column of a file is the number, and which fill the variables of the template.
 *
 * Names are compared without case, spaces, underscores, dots and dashes. The number is the column the mapping names,
 * else the one with a usual name. Variables are filled by, in this order:
 * 1. the mapping, one column for each variable;
 * 2. columns named `var1`, `var2`… (or `variable 1`…), when there is one for each variable;
 * 3. position: the first variable by the first column that is not the number, and so on; columns left over are unused.
 *
 * Columns without a name and the `dakghar_…` columns of an invalid.csv that was repaired are passed over.
 */
import type { ColumnMapping } from '../campaign/record.ts'
import { FileRefused } from './errors.ts'
import { readMsisdn } from './msisdn.ts'

export interface Columns {
  /** Names as written in the header. */
  header: readonly string[]
  /** Index of the number's column. */
  to: number
  /** Index of the column of each variable, in the template's order. */
  variables: readonly number[]
  /** A row must have this many fields… */
  minFields: number
  /** …and nothing but empty ones after this many. */
  maxFields: number
}

/** Columns that `invalid.csv`, `duplicates.csv` and `suppressed.csv` add. */
export const ADDED_COLUMN = /^\s*dakghar_/i

const combined = (stems: string, endings: readonly string[]): string[] =>
  stems.split(' ').flatMap((stem) => endings.map((ending) => stem + ending))
const NUMBER_WORDS = ['', 'no', 'num', 'number', 'नंबर']

/** Usual names of the number's column, folded. The certain ones win over those that may mean something else. */
const CERTAIN = new Set(
  combined(
    'mobile mob mobilephone cell cellphone phone telephone tel ph msisdn contactmobile contactphone मोबाइल फोन फ़ोन',
    NUMBER_WORDS,
  ),
)
const POSSIBLE = new Set([
  ...combined('contact whatsapp recipient destination', NUMBER_WORDS),
  'number',
  'to',
  'नंबर',
])

interface Named {
  name: string
  folded: string
  index: number
}

/** Of a file that is one number to a line. */
export const BARE_NUMBERS: Columns = { header: ['mobile'], to: 0, variables: [], minFields: 1, maxFields: 1 }

/** Whether a record is a number and nothing else: the first of a file without header. */
export const isBareNumber = (record: readonly string[]): boolean =>
  record.length === 1 && readMsisdn(record[0]!).ok

/** @throws FileRefused when the header does not tell, or contradicts itself or the mapping. */
export function readColumns(
  header: readonly string[],
  mapping: ColumnMapping,
  variableCount: number,
  line: number,
): Columns {
  refuseData(header, line)
  const named = namedColumns(header)
  const own = named.filter((column) => !ADDED_COLUMN.test(column.name))
  refuseDuplicates(own, line)
  const to = numberColumn(own, mapping.to, line)
  return {
    header,
    to: to.index,
    variables: variableColumns(own, to, mapping.variables, variableCount, line),
    minFields: own.at(-1)!.index + 1,
    maxFields: named.at(-1)!.index + 1,
  }
}

function namedColumns(header: readonly string[]): Named[] {
  const columns: Named[] = []
  header.forEach((cell, index) => {
    const name = cell.trim()
    if (name !== '') columns.push({ name, folded: fold(name), index })
  })
  return columns
}

/** `Mobile No.` → `mobileno`; a name of separators alone stays itself. */
function fold(name: string): string {
  const folded = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.\p{Pd}\p{Cf}]/gu, '')
  return folded === '' ? name : folded
}

function refuseData(header: readonly string[], line: number): void {
  const number = header.find((cell) => {
    const read = readMsisdn(cell)
    return read.ok || read.code === 'number_excel'
  })
  if (number === undefined) return
  throw new FileRefused(
    'file_no_header',
    `Line ${line} already holds a number (${number.trim()}), so the columns have no names: ` +
      'put a line such as "mobile,name" before it.',
    line,
  )
}

function refuseDuplicates(columns: readonly Named[], line: number): void {
  const first = new Map<string, Named>()
  for (const column of columns) {
    const other = first.get(column.folded)
    if (other !== undefined) {
      throw new FileRefused(
        'file_duplicate_columns',
        `Columns ${other.index + 1} and ${column.index + 1} have the same name ` +
          `(${quoted([other, column])}): rename or remove one, so that it is clear which counts.`,
        line,
      )
    }
    first.set(column.folded, column)
  }
}

function numberColumn(columns: readonly Named[], mapped: string | undefined, line: number): Named {
  if (mapped !== undefined) return find(columns, mapped, line)
  const certain = columns.filter((column) => CERTAIN.has(column.folded))
  const found = certain.length > 0 ? certain : columns.filter((column) => POSSIBLE.has(column.folded))
  if (found.length === 1) return found[0]!
  const what = found.length === 0 ? 'No column' : `More than one column (${quoted(found)})`
  throw new FileRefused(
    'file_number_column',
    `${what} has a usual name of the phone number: name it "mobile", or say which it is in the mapping ` +
      `(to). The columns are ${quoted(columns)}.`,
    line,
  )
}

function variableColumns(
  columns: readonly Named[],
  to: Named,
  mapped: readonly string[] | undefined,
  count: number,
  line: number,
): number[] {
  if (mapped !== undefined) {
    if (mapped.length === count) return mapped.map((name) => find(columns, name, line).index)
    throw new FileRefused(
      'file_variable_columns',
      `The mapping names ${mapped.length} columns for the ${count} variables of the template.`,
    )
  }
  const others = columns.filter((column) => column !== to)
  const numbered = numberedColumns(others, count)
  if (numbered !== null) return numbered
  if (others.length >= count) return others.slice(0, count).map((column) => column.index)
  throw new FileRefused(
    'file_variable_columns',
    `The template has ${count} variables, and besides the number there are ${others.length} columns` +
      `${others.length > 0 ? ` (${quoted(others)})` : ''}: add the missing ones, or map columns to variables.`,
    line,
  )
}

/** The columns `var1` to `var<count>`; null unless all are there. */
function numberedColumns(columns: readonly Named[], count: number): number[] | null {
  const byNumber = new Map<number, number>()
  for (const { folded, index } of columns) {
    const number = /^(?:var|variable)(\d{1,3})$/.exec(folded)
    if (number) byNumber.set(Number(number[1]), index)
  }
  const indexes = Array.from({ length: count }, (_, i) => byNumber.get(i + 1))
  return indexes.every((index) => index !== undefined) ? indexes : null
}

function find(columns: readonly Named[], name: string, line: number): Named {
  const folded = fold(name.trim())
  const column = columns.find((candidate) => candidate.folded === folded)
  if (column !== undefined) return column
  throw new FileRefused(
    'file_unknown_column',
    `The mapping names a column "${name}" that the file does not have. Its columns are ${quoted(columns)}.`,
    line,
  )
}

const MOST_QUOTED = 20
function quoted(columns: readonly Named[]): string {
  const names = columns.slice(0, MOST_QUOTED).map((column) => `"${column.name}"`)
  return names.join(', ') + (columns.length > MOST_QUOTED ? ` and ${columns.length - MOST_QUOTED} more` : '')
}
