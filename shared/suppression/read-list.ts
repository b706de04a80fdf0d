import type { ColumnMapping } from '../campaign/record.ts'
import { readRecipients } from '../csv/recipients.ts'
import type { ListNumbers } from './list.ts'

const FIRST_INVALID = 10

/**
 * The numbers of a file, in its order, each once, and what its rows came to. The file is a CSV with a column of numbers,
 * or, unless the mapping names a column, one number to a line without a header.
 * @throws FileRefused when the file cannot be used.
 */
export async function readList(
  source: AsyncIterable<Uint8Array>,
  mapping: Pick<ColumnMapping, 'to'>,
): Promise<{ numbers: Float64Array; counts: ListNumbers }> {
  const file = await readRecipients<null>(source, {
    mapping,
    variableCount: 0,
    mayBeBare: mapping.to === undefined,
    compose: () => ({ ok: true, message: null }),
  })
  const counts: ListNumbers = { rows: 0, accepted: 0, invalid: 0, duplicates: 0, firstInvalid: [] }
  for await (const { accepted, refused, duplicates } of file.chunks) {
    counts.accepted += accepted.length
    counts.invalid += refused.length
    counts.duplicates += duplicates.length
    const room = FIRST_INVALID - counts.firstInvalid.length
    const first = refused.slice(0, room).map(({ line, code, message }) => ({ line, code, message }))
    counts.firstInvalid.push(...first)
  }
  counts.rows = counts.accepted + counts.invalid + counts.duplicates
  const numbers = Float64Array.from({ length: file.numbers.size }, (_, n) => file.numbers.numberAt(n))
  return { numbers, counts }
}
