/** How the parts of a long message find together again on the handset (3GPP TS 23.040 §9.2.3.24). */
import { encodeGsm7 } from './gsm7.ts'
import type { DataCoding, ReferenceBits } from './segment.ts'
import { encodeUcs2 } from './ucs2.ts'

/**
 * User data header with the concatenation element: 8-bit reference (identifier 0x00, §9.2.3.24.1) or 16-bit (0x08,
 * §9.2.3.24.8). Goes before the text in short_message, with bit 6 of esm_class set (SMPP 3.4 §5.2.12).
 *
 * @throws RangeError when a number does not fit, or `part` is not one of `total`: counted from 1.
 */
export function concatUdh(reference: number, total: number, part: number, bits: ReferenceBits): Buffer {
  if (!(reference >= 0 && reference < 2 ** bits))
    throw new RangeError(`reference ${reference} exceeds ${bits} bits`)
  if (!(part >= 1 && part <= total && total <= 255)) throw new RangeError(`part ${part} of ${total}`)
  return bits === 8
    ? Buffer.from([5, 0x00, 3, reference, total, part])
    : Buffer.from([6, 0x08, 4, reference >> 8, reference & 0xff, total, part])
}

/** The octets of one part's text, without header. */
export function encodeText(text: string, dataCoding: DataCoding): Buffer {
  return dataCoding === 0 ? encodeGsm7(text) : encodeUcs2(text)
}

/**
 * The reference number of a message: a pure hash of campaign and recipient, so that a retry, a takeover or another
 * task sends the same one without asking anybody.
 *
 * Per destination, because that is where references must differ: a handset joins parts by sender, reference and
 * total. A counter over all traffic wraps every 256 messages at 8 bits, within a second, and parts of unrelated
 * messages to one handset meet under one number.
 */
export function referenceNumber(campaign: string, msisdn: string, bits: ReferenceBits): number {
  let hash = fnv1a(fnv1a(0x811c_9dc5, campaign), '/')
  hash = fnv1a(hash, msisdn)
  // Two rounds of murmur3's finalizer: FNV-1a alone leaves neighbouring numbers close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) & (bits === 8 ? 0xff : 0xffff)
}

function fnv1a(seed: number, text: string): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193)
  return hash
}
