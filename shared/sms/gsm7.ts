/**
 * The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1 and §6.2.1.1), as SMPP carries them:
 * unpacked, one septet to an octet (data_coding 0).
 */

/** Escape to the extension table. A code, not a character: U+001B cannot be sent in this alphabet. */
const ESCAPE = 0x1b

/** Position is the septet; U+001B holds the place of the escape. */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà'

const EXTENSION: readonly (readonly [septet: number, character: string])[] = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]

const NOT_GSM = 0xffff

/** UTF-16 code unit → septet, or escape and septet as `0x1bxx`, or {@link NOT_GSM}. One load per character. */
const SEPTETS = new Uint16Array(0x1_0000).fill(NOT_GSM)
/** Septet after an escape → character; '' where the table is empty. */
const EXTENDED: string[] = Array.from({ length: 0x80 }, () => '')

for (let septet = 0; septet < 0x80; septet++) {
  if (septet !== ESCAPE) SEPTETS[DEFAULT_ALPHABET.charCodeAt(septet)] = septet
}
for (const [septet, character] of EXTENSION) {
  SEPTETS[character.charCodeAt(0)] = (ESCAPE << 8) | septet
  EXTENDED[septet] = character
}

/** Septets the UTF-16 code unit takes: 1, 2 with an escape, 0 when it is not in the alphabet. */
export function gsmCost(codeUnit: number): 0 | 1 | 2 {
  const septets = SEPTETS[codeUnit]!
  if (septets < 0x80) return 1
  return septets === NOT_GSM ? 0 : 2
}

/** Septets the text takes, escapes counted; -1 when it holds a character that is not in the alphabet. */
export function gsmUnits(text: string): number {
  let units = text.length
  for (let i = 0; i < text.length; i++) {
    const septets = SEPTETS[text.charCodeAt(i)]!
    if (septets < 0x80) continue
    if (septets === NOT_GSM) return -1
    units++
  }
  return units
}

/**
 * The text as unpacked octets.
 * @throws RangeError on a character outside the alphabet: ask {@link gsmUnits} first.
 */
export function encodeGsm7(text: string): Buffer {
  const units = gsmUnits(text)
  if (units < 0) throw new RangeError('encodeGsm7: a character is outside GSM 03.38, encode as UCS-2')
  const octets = Buffer.allocUnsafe(units)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const septets = SEPTETS[text.charCodeAt(i)]!
    if (septets >= 0x80) octets[at++] = ESCAPE
    octets[at++] = septets & 0x7f
  }
  return octets
}

/**
 * Reads unpacked octets as a handset would: an escape with nothing known behind it falls back to the default
 * alphabet, a second or a last escape shows as a space (3GPP TS 23.038 §6.2.1.1); an octet above 0x7f is no septet
 * and becomes U+FFFD.
 */
export function decodeGsm7(octets: Uint8Array): string {
  let text = ''
  for (let i = 0; i < octets.length; i++) {
    let octet = octets[i]!
    let character = ''
    if (octet === ESCAPE) {
      i++
      octet = octets[i] ?? ESCAPE
      character = octet === ESCAPE ? ' ' : (EXTENDED[octet] ?? '')
    }
    text += character || (octet < 0x80 ? DEFAULT_ALPHABET[octet] : '\ufffd')
  }
  return text
}
