import type { OutcomeRow, ReceiptRow } from './facts.ts'

/** DynamoDB: 400 KB per item; key, names and envelope take far less than the difference. */
const MAX_SLICE_OCTETS = 390 * 1_024
/** Numbers, brackets and commas of a row. */
const MAX_PLAIN_OCTETS = 100
/** JSON writes a control character as six; what gateways put into ids, words and codes is not ours to choose. */
const MAX_OCTETS_PER_CHARACTER = 6

/** Cuts rows into runs that fit into an item each, whatever is in them. */
export function* sliceRows<Row extends OutcomeRow | ReceiptRow>(rows: readonly Row[]): Generator<Row[]> {
  let start = 0
  let octets = 0
  for (const [at, row] of rows.entries()) {
    const more = maxOctets(row)
    if (octets + more > MAX_SLICE_OCTETS) {
      yield rows.slice(start, at)
      start = at
      octets = 0
    }
    octets += more
  }
  if (start < rows.length) yield rows.slice(start)
}

function maxOctets(row: OutcomeRow | ReceiptRow): number {
  let characters = 0
  for (const cell of row) if (typeof cell === 'string') characters += cell.length
  return MAX_PLAIN_OCTETS + MAX_OCTETS_PER_CHARACTER * characters
}
