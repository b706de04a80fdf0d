/**
 * 32 bits of a number of up to 15 digits, signed. Both halves are mixed: neighbours in a numbering block must not become
 * neighbours in a table.
 */
export function hashOfNumber(number: number): number {
  const high = (number / 0x1_0000_0000) | 0
  let mixed = Math.imul((number | 0) ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35)
  return mixed ^ (mixed >>> 16)
}
