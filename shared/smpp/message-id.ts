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

/** One of the three ways a receipt's id may be written, compared with the id in the response; see {@link IdMode}. */
export type IdForm = Exclude<IdMode, 'auto'>
export const ID_FORMS: readonly IdForm[] = ['raw', 'hex', 'dec']

/** A key the message of a receipt may be stored under, if its id is written in this form. */
export interface Reading {
  form: IdForm
  key: string
}

/** Ids above 64 bit are no counter's numbers: converting them would only invent matches. */
const MAX_ID = 2n ** 64n - 1n
const DECIMAL = /^\d{1,20}$/
const HEXADECIMAL = /^[0-9a-f]{1,16}$/
const SAYS_HEXADECIMAL = /^[\0\s]*0x/i

/** So many digits are an integer a number holds exactly (2^53): faster than a BigInt, on the way of every receipt. */
const SAFE_DECIMAL_DIGITS = 15
const SAFE_HEXADECIMAL_DIGITS = 13

/**
 * What the id of a receipt may stand for on a route of this mode: the id as it is, then read as a number and written in
 * the other notation. A form that cannot be read so, or that gives a key another one gave already, is left out: "7" is
 * seven in any notation. Which reading counts, `id-form.ts` decides.
 *
 * @example readings('1000', 'auto') // raw 1000; dec 3e8, what it is in hexadecimal; hex 4096, what 0x1000 is in decimal
 */
export function readings(id: string, mode: IdMode): Reading[] {
  const key = idKey(id)
  const found: Reading[] = [{ form: 'raw', key }]
  const add = (form: IdForm, other: string | null): void => {
    if (other !== null && found.every((reading) => reading.key !== other)) found.push({ form, key: other })
  }
  if ((mode === 'dec' || mode === 'auto') && !SAYS_HEXADECIMAL.test(id)) add('dec', decimalToHex(key))
  if (mode === 'hex' || mode === 'auto') add('hex', hexToDecimal(key))
  return found
}

/** The keys under which a receipt for the message with this id in its response may come: `readings` the other way. */
export function receiptKeys(id: string, mode: IdMode): string[] {
  const inverse = mode === 'hex' ? 'dec' : mode === 'dec' ? 'hex' : mode
  return readings(id, inverse).map((reading) => reading.key)
}

function decimalToHex(key: string): string | null {
  if (!DECIMAL.test(key)) return null
  if (key.length <= SAFE_DECIMAL_DIGITS) return Number(key).toString(16)
  const value = BigInt(key)
  return value <= MAX_ID ? value.toString(16) : null
}

function hexToDecimal(key: string): string | null {
  if (!HEXADECIMAL.test(key)) return null
  if (key.length <= SAFE_HEXADECIMAL_DIGITS) return String(Number.parseInt(key, 16))
  return BigInt(`0x${key}`).toString()
}
