/**
 * A file → recipients: the one reading of a CSV that both the check of a campaign and `dakghar check` use. Streams,
 * hands over arrays (an event for every row would cost more than the row), remembers of each number one table entry.
 */
import type { ColumnMapping } from '../campaign/record.ts'
import type { Msisdn } from '../ids.ts'
import { BARE_NUMBERS, type Columns, isBareNumber, readColumns } from './columns.ts'
import { type Consumed, decode } from './decode.ts'
import { NumberTable } from './dedupe.ts'
import { FileRefused } from './errors.ts'
import { readMsisdn } from './msisdn.ts'
import { type RecordChunk, readRecords } from './records.ts'

/** What becomes of the values of a row: a message, or the reason why there is none. */
export type Composed<M> = { ok: true; message: M } | { ok: false; code: string; message: string }

export interface ReadOptions<M> {
  mapping: ColumnMapping
  variableCount: number
  /** Numbers that get nothing, whatever else holds of their rows. */
  suppressed?: { has(number: number): boolean }
  /** Whether the file may be one number to a line, without a header. */
  mayBeBare?: boolean
  /** Called with the values of the variables, in order, for each row whose number is good and new. */
  compose(values: readonly string[]): Composed<M>
}

export interface AcceptedRow<M> {
  line: number
  msisdn: Msisdn
  message: M
}

export interface RefusedRow {
  line: number
  code: string
  message: string
  fields: readonly string[]
}

export interface DuplicateRow {
  line: number
  /** Where the number was accepted. */
  firstLine: number
  msisdn: Msisdn
  fields: readonly string[]
}

export interface SuppressedRow {
  line: number
  msisdn: Msisdn
  fields: readonly string[]
}

/** What a piece of the file came to, each list in the order of the file. */
export interface RecipientChunk<M> {
  accepted: AcceptedRow<M>[]
  refused: RefusedRow[]
  duplicates: DuplicateRow[]
  suppressed: SuppressedRow[]
}

export interface RecipientFile<M> {
  columns: Columns
  /** Every accepted number; its ordinal counts the accepted rows. Complete when the chunks are read. */
  numbers: NumberTable
  /** Bytes of the source taken in so far. */
  consumed: Readonly<Consumed>
  /** To be read once. @throws FileRefused for a fault further down, and `file_no_rows` at the end. */
  chunks: AsyncIterable<RecipientChunk<M>>
}

/**
 * Opens a file: reads as far as its header.
 * @throws FileRefused when the file cannot be used.
 */
export async function readRecipients<M>(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions<M>,
): Promise<RecipientFile<M>> {
  const consumed: Consumed = { bytes: 0 }
  const chunks = readRecords(decode(source, consumed))
  try {
    const { header, line, chunk, next } = await readHeader(chunks)
    const isBare = options.mayBeBare === true && isBareNumber(header)
    const columns = isBare ? BARE_NUMBERS : readColumns(header, options.mapping, options.variableCount, line)
    const rows = new RowReader(columns, options)
    const from = isBare ? next - 1 : next
    return { columns, numbers: rows.numbers, consumed, chunks: readRows(rows, chunk, from, chunks) }
  } catch (error) {
    await chunks.return()
    throw error
  }
}

/** The first record that is not an empty line, and where in its chunk the rows begin. */
async function readHeader(chunks: AsyncGenerator<RecordChunk, void>) {
  for (;;) {
    const { value: chunk, done } = await chunks.next()
    if (done) throw new FileRefused('file_empty', 'The file holds nothing but empty lines.')
    const at = chunk.records.findIndex((record) => !isBlank(record))
    if (at !== -1) return { header: chunk.records[at]!, line: chunk.lines[at]!, chunk, next: at + 1 }
  }
}

async function* readRows<M>(
  rows: RowReader<M>,
  first: RecordChunk,
  from: number,
  others: AsyncIterable<RecordChunk>,
): AsyncGenerator<RecipientChunk<M>, void, undefined> {
  yield* inPieces(rows, first, from)
  for await (const chunk of others) yield* inPieces(rows, chunk, 0)
  if (rows.count === 0) {
    throw new FileRefused('file_no_rows', 'The file has a header but no rows: nobody to send to.')
  }
}

/** What was made of so few rows is garbage before the collector looks: it then copies, and keeps, next to nothing. */
const ROWS_AT_A_TIME = 256

function* inPieces<M>(
  rows: RowReader<M>,
  chunk: RecordChunk,
  from: number,
): Generator<RecipientChunk<M>, void, undefined> {
  for (let at = from; at < chunk.records.length; at += ROWS_AT_A_TIME) {
    yield rows.read(chunk, at, Math.min(at + ROWS_AT_A_TIME, chunk.records.length))
  }
}

/** An empty line, which is no row. A row of empty fields is one, and its number is missing. */
const isBlank = (record: readonly string[]): boolean => record.length === 1 && record[0]!.trim() === ''

const NOBODY: ReadonlySet<number> = new Set()

class RowReader<M> {
  readonly numbers = new NumberTable()
  /** Rows met so far, of any kind. */
  count = 0
  readonly #columns: Columns
  readonly #compose: ReadOptions<M>['compose']
  readonly #suppressed: NonNullable<ReadOptions<M>['suppressed']>

  constructor(columns: Columns, options: ReadOptions<M>) {
    this.#columns = columns
    this.#compose = options.compose
    this.#suppressed = options.suppressed ?? NOBODY
  }

  read(chunk: RecordChunk, from: number, until: number): RecipientChunk<M> {
    const into: RecipientChunk<M> = { accepted: [], refused: [], duplicates: [], suppressed: [] }
    for (let i = from; i < until; i++) {
      const fields = chunk.records[i]!
      if (isBlank(fields)) continue
      this.count++
      this.#readRow(fields, chunk.lines[i]!, chunk.misquoted.has(i), into)
    }
    return into
  }

  #readRow(fields: readonly string[], line: number, misquoted: boolean, into: RecipientChunk<M>): void {
    const fault = misquoted ? MISQUOTED : faultInShape(fields, this.#columns)
    if (fault !== null) {
      into.refused.push({ line, ...fault, fields })
      return
    }
    const number = readMsisdn(fields[this.#columns.to]!)
    if (!number.ok) {
      into.refused.push({ line, code: number.code, message: number.message, fields })
      return
    }
    const { msisdn, value } = number
    if (this.#suppressed.has(value)) {
      into.suppressed.push({ line, msisdn, fields })
      return
    }
    const slot = this.numbers.slotOf(value)
    const firstLine = this.numbers.lineAt(slot)
    if (firstLine > 0) {
      into.duplicates.push({ line, firstLine, msisdn, fields })
      return
    }
    const composed = this.#compose(valuesOf(fields, this.#columns.variables))
    if (!composed.ok) {
      into.refused.push({ line, code: composed.code, message: composed.message, fields })
      return
    }
    this.numbers.add(slot, value, line)
    into.accepted.push({ line, msisdn, message: composed.message })
  }
}

function valuesOf(fields: readonly string[], columns: readonly number[]): string[] {
  const values: string[] = []
  for (let i = 0; i < columns.length; i++) values.push(fields[columns[i]!]!)
  return values
}

const MISQUOTED = {
  code: 'misquoted',
  message: 'a quote (") inside a quoted field is not doubled, so where the field ends is a guess: write ""',
}

function faultInShape(fields: readonly string[], columns: Columns): { code: string; message: string } | null {
  if (fields.length < columns.minFields) {
    return {
      code: 'too_few_fields',
      message: `the row has ${fields.length} fields, the header ${columns.minFields}`,
    }
  }
  for (let i = columns.maxFields; i < fields.length; i++) {
    if (fields[i] === '') continue
    return {
      code: 'too_many_fields',
      message:
        `the row has ${fields.length} fields, the header ${columns.maxFields}: ` +
        'put a value that contains the delimiter in quotes',
    }
  }
  return null
}
