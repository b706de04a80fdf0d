/**
 * Decoded text → records, in papaparse's chunk mode. Every record knows the physical line it starts in, so a sentence
 * about it can be found in an editor.
 */
import { EventEmitter } from 'node:events'
import Papa from 'papaparse'
import { detectDialect } from './delimiter.ts'
import { FileRefused } from './errors.ts'
import { countLines } from './line-ends.ts'

/** Records that ended within one chunk of text. */
export interface RecordChunk {
  records: string[][]
  /** Physical line, from 1, of each record's start. */
  lines: Uint32Array
  /** Indexes of records in which a quote was neither doubled nor at the end of its field. */
  misquoted: ReadonlySet<number>
}

/** One record longer than this means a quote was never closed; no row of a campaign comes near it. */
const MAX_RECORD_CHARS = 1024 * 1024

/** @throws FileRefused `file_unclosed_quote`. */
export async function* readRecords(
  texts: AsyncIterable<string>,
): AsyncGenerator<RecordChunk, void, undefined> {
  let parser: RecordParser | null = null
  let start = ''
  for await (const text of texts) {
    if (parser !== null) {
      yield parser.push(text)
      continue
    }
    start += text
    if (!hasHeaderLine(start)) continue
    parser = new RecordParser(detectDialect(start))
    yield parser.push(start)
  }
  if (parser === null) {
    parser = new RecordParser(detectDialect(start))
    yield parser.push(start)
  }
  yield parser.end()
}

/** Enough text to see the header line, and that a `sep=` line before it is one. */
const hasHeaderLine = (text: string): boolean => /[^\n]\n/.test(text) || text.length > MAX_RECORD_CHARS

const NONE: ReadonlySet<number> = new Set()

/**
 * papaparse reads from a stream and calls back for every chunk of it. The stream here is a bare emitter that this
 * class feeds, which makes the callback synchronous: no pausing, no queue, the caller sets the pace.
 */
class RecordParser {
  readonly #source = bareStream()
  #result: Papa.ParseResult<string[]> | null = null
  /** Line in which the next record starts. */
  #line: number
  #skipChars: number
  #fedChars = 0
  /** Whether the record that has not ended yet holds a quote, so that a line end may be part of it. */
  #quoteOpen = false

  constructor(dialect: { delimiter: string; skipChars: number }) {
    this.#skipChars = dialect.skipChars
    this.#line = dialect.skipChars > 0 ? 2 : 1
    Papa.parse<string[], NodeJS.ReadableStream>(this.#source, {
      header: false,
      delimiter: dialect.delimiter,
      newline: '\n',
      chunk: (result) => {
        this.#result = result
      },
      error: (error) => {
        throw error
      },
      complete() {},
    })
  }

  push(text: string): RecordChunk {
    const fed = this.#skipChars > 0 ? text.slice(this.#skipChars) : text
    this.#skipChars = 0
    this.#fedChars += fed.length
    const quoted = this.#quoteOpen || fed.includes('"')
    const result = this.#parse('data', fed)
    const chunk = this.#number(result, quoted)
    const pendingChars = this.#fedChars - result.meta.cursor
    this.#quoteOpen = quoted && pendingChars > 0
    if (pendingChars > MAX_RECORD_CHARS) throw unclosedQuote(this.#line)
    return chunk
  }

  /** The last record, when the file does not end with a line end. */
  end(): RecordChunk {
    const result = this.#parse('end')
    const unclosed = result.errors.find((error) => error.code === 'MissingQuotes')
    if (unclosed) throw unclosedQuote(this.#line)
    return this.#number(result, this.#quoteOpen)
  }

  #parse(event: 'data' | 'end', text?: string): Papa.ParseResult<string[]> {
    this.#source.emit(event, text)
    const result = this.#result!
    this.#result = null
    return result
  }

  #number(result: Papa.ParseResult<string[]>, quoted: boolean): RecordChunk {
    const records = result.data
    const lines = new Uint32Array(records.length)
    for (let i = 0; i < records.length; i++) {
      lines[i] = this.#line++
      if (quoted) for (const field of records[i]!) this.#line += countLines(field)
    }
    const misquoted = result.errors.filter((error) => error.code === 'InvalidQuotes')
    return {
      records,
      lines,
      misquoted: misquoted.length === 0 ? NONE : new Set(misquoted.map((error) => error.row!)),
    }
  }
}

/** As much of a stream as papaparse asks of one. */
function bareStream(): NodeJS.ReadableStream {
  const emitter = Object.assign(new EventEmitter(), { readable: true, read: () => null })
  return emitter as unknown as NodeJS.ReadableStream
}

function unclosedQuote(line: number): FileRefused {
  return new FileRefused(
    'file_unclosed_quote',
    `The record that starts in line ${line} opens a quote (") that is never closed. ` +
      'Close it, or double it ("") where it is part of the text.',
    line,
  )
}
