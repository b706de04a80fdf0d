import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { InputError } from './command.ts'

export interface Line {
  /** Counted from 1. */
  number: number
  text: string
}

/**
 * Octets of a file, or of standard input when `file` is null.
 * @throws InputError when it cannot be read.
 */
export async function* readBytes(file: string | null): AsyncGenerator<Uint8Array> {
  if (file === null && process.stdin.isTTY)
    process.stderr.write('reading from the terminal; end with Ctrl-D\n')
  const stream: AsyncIterable<Uint8Array> = file === null ? process.stdin : createReadStream(file)
  try {
    yield* stream
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : String(cause)
    throw new InputError(`cannot read ${file ?? 'standard input'}: ${why}`, cause)
  }
}

/**
 * A file of JSON that `schema` describes; `what` names it in sentences.
 * @throws InputError when it cannot be read, or is no such thing.
 */
export async function readJsonFile<S extends z.ZodType>(
  file: string,
  schema: S,
  what: string,
): Promise<z.output<S>> {
  const parsed = schema.safeParse(await jsonOf(file))
  if (parsed.success) return parsed.data
  throw new InputError(`${file} is no ${what}: ${z.prettifyError(parsed.error)}`)
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new InputError(`cannot read ${file}: ${(cause as Error).message}`, cause)
  }
}

/**
 * Cuts UTF-8 into lines at LF and CR LF. Not `node:readline`: it also cuts at U+2028, which a JSON string may hold
 * as it stands.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let number = 0
  let rest = ''
  for await (const chunk of bytes) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    pieces[0] = rest + pieces[0]
    rest = pieces.pop()!
    for (const piece of pieces) yield { number: ++number, text: withoutCr(piece) }
  }
  rest += decoder.decode()
  if (rest !== '') yield { number: ++number, text: withoutCr(rest) }
}

const withoutCr = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

export type ParsedText = { ok: true; value: string } | { ok: false; error: { code: string; message: string } }

/** A line that holds a text as a JSON string, the form of messages in which newlines and invisible characters survive. */
export function parseText(line: Line): ParsedText {
  try {
    const value: unknown = JSON.parse(line.text)
    if (typeof value === 'string') return { ok: true, value }
  } catch {
    // Told like any other line that is no string.
  }
  const message = `line ${line.number}: not a JSON string: put the message in double quotes, with \\n for a newline`
  return { ok: false, error: { code: 'not_a_json_string', message } }
}
