/** Int32 words of a packed key. */
export const KEY_WORDS = 7

/** 28 octets at six bits a character. */
const MAX_CHARACTERS = 37

/** What ids are made of, once in lower case. 64 characters: the place of each is its code. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz-_.:/+=@#$|~!*()[]{}<>, ;&%?'

const CODES = new Uint8Array(128).fill(255)
for (const [code, character] of [...ALPHABET].entries()) CODES[character.charCodeAt(0)] = code

/**
 * A key in six bits a character, so that a UUID with dashes takes 27 octets instead of 36, and two keys are compared
 * in seven words. Written over by the next `pack`.
 */
export class PackedKey {
  readonly words = new Int32Array(KEY_WORDS)
  readonly #octets = new Uint8Array(this.words.buffer)
  /** In characters: the words alone do not tell "0" from "00". */
  length = 0

  /** False for a key that is too long, or has a character that no id is known to have. */
  pack(key: string): boolean {
    if (key.length > MAX_CHARACTERS) return false
    let bits = 0
    let held = 0
    let at = 0
    for (let i = 0; i < key.length; i++) {
      const code = CODES[key.charCodeAt(i)] ?? 255
      if (code === 255) return false
      bits = (bits << 6) | code
      held += 6
      if (held >= 8) {
        held -= 8
        this.#octets[at++] = bits >> held
      }
    }
    if (held > 0) this.#octets[at++] = bits << (8 - held)
    this.#octets.fill(0, at)
    this.length = key.length
    return true
  }
}

/** Of the packed key of so many characters that begins at this word. */
export function hashOfPacked(words: Int32Array, start: number, length: number): number {
  let hash = length
  for (let word = start; word < start + KEY_WORDS; word++) hash = mixed(hash, words[word]!)
  return finished(hash)
}

/** Of a key that cannot be packed. */
export function hashOfString(key: string): number {
  let hash = key.length
  for (let i = 0; i < key.length; i++) hash = mixed(hash, key.charCodeAt(i))
  return finished(hash)
}

/** MurmurHash3 (Austin Appleby, public domain), 32 bit: ids are often counted, and buckets are told by the low bits. */
function mixed(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e_2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b87_3593)
  const h = hash ^ k
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe654_6b64) | 0
}

function finished(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return h ^ (h >>> 16)
}
