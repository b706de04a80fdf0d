import { type ReadOptions, type RefusedRow, readRecipients } from '../../shared/csv/recipients.ts'

/** The bytes in pieces of these lengths, in turn; without lengths in one piece. */
export async function* inPieces(
  bytes: Uint8Array,
  lengths: readonly number[] = [],
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let n = 0; at < bytes.length; n++) {
    const length = lengths.length === 0 ? bytes.length : lengths[n % lengths.length]!
    yield bytes.subarray(at, at + length)
    at += length
  }
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8')

export interface FileRead {
  accepted: { line: number; msisdn: string; values: readonly string[] }[]
  refused: RefusedRow[]
  duplicates: { line: number; firstLine: number }[]
  suppressed: { line: number; msisdn: string }[]
}

/** Everything in a file; the message of a row is its values, unless a test composes otherwise. */
export async function readFile(
  csv: string | Uint8Array,
  options: Partial<ReadOptions<readonly string[]>> = {},
  lengths: readonly number[] = [],
): Promise<FileRead> {
  const bytes = typeof csv === 'string' ? bytesOf(csv) : csv
  const file = await readRecipients<readonly string[]>(inPieces(bytes, lengths), {
    mapping: {},
    variableCount: 0,
    compose: (values) => ({ ok: true, message: [...values] }),
    ...options,
  })
  const read: FileRead = { accepted: [], refused: [], duplicates: [], suppressed: [] }
  for await (const chunk of file.chunks) {
    read.accepted.push(
      ...chunk.accepted.map(({ line, msisdn, message }) => ({ line, msisdn, values: message })),
    )
    read.refused.push(...chunk.refused)
    read.duplicates.push(...chunk.duplicates.map(({ line, firstLine }) => ({ line, firstLine })))
    read.suppressed.push(...chunk.suppressed.map(({ line, msisdn }) => ({ line, msisdn })))
  }
  return read
}

/** The texts or chunks of a generator, in an array. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
