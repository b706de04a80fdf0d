/** UCS-2 as SMPP carries it (data_coding 8): UTF-16 code units, big endian (3GPP TS 23.038 §6.2.3). */

/** The text as big-endian UTF-16. */
export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** Reads big-endian UTF-16; half a code unit at the end becomes U+FFFD. */
export function decodeUcs2(octets: Uint8Array): string {
  const whole = octets.length & ~1
  const text = Buffer.from(octets.subarray(0, whole)).swap16().toString('utf16le')
  return whole === octets.length ? text : `${text}\ufffd`
}
