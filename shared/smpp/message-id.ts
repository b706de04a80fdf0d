/**
 * How a receipt's id finds the message of a submit_sm_resp. Ids are opaque octets to SMPP 3.4 (§5.2.23), and gateways
 * write the same one differently in the two places: padded with zeros, in another case, hexadecimal here and decimal
 * there (facts C2).
 */

/**
 * How the ids in a route's receipts are written, compared with those in its responses: `raw` alike, `hex` or `dec`
 * where responses use the other, `auto` unknown, so both are tried.
 */
export type IdMode = 'raw' | 'hex' | 'dec' | 'auto'

/**
 * The form under which ids are stored and looked up, on both sides: lower case, leading zeros stripped ("0" stays),
 * without a `0x` and without the white space and NULs some gateways pad with.
 */
export function idKey(id: string): string {
  const key = id.replace(PADDING, '').toLowerCase()
  const from = key.startsWith('0x') ? 2 : 0
  let start = from
  while (start < key.length - 1 && key[start] === '0') start++
  return start === 0 ? key : key.slice(start)
}

const PADDING = /^[\0\s]+|(?<![\0\s])[\0\s]+$/g

/** Ids above 64 bit are no counter's numbers: converting them would only invent matches. */
const MAX_ID = 2n ** 64n - 1n
const DECIMAL = /^\d{1,20}$/
const HEXADECIMAL = /^[0-9a-f]{1,16}$/

/**
 * Other keys the message of a receipt with this id may be stored under: the id read as a number and written in the
 * other notation. For lookups only, and only after {@link idKey} found nothing; the caller takes a hit only when the
 * number it was sent to agrees.
 *
 * @example alternateKeys('1503228523', 'auto') // ['5999726b', '90060260643'], read as decimal and as hexadecimal
 */
export function alternateKeys(id: string, mode: IdMode): string[] {
  const key = idKey(id)
  const keys = new Set<string>()
  if ((mode === 'dec' || mode === 'auto') && DECIMAL.test(key)) {
    const value = BigInt(key)
    if (value <= MAX_ID) keys.add(value.toString(16))
  }
  if ((mode === 'hex' || mode === 'auto') && HEXADECIMAL.test(key)) keys.add(BigInt(`0x${key}`).toString())
  keys.delete(key)
  return [...keys]
}
