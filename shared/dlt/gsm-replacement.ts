import { asciiOfFullwidth } from './characters.ts'

/** By characters: what says the same in GSM 03.38. Only what a reader would not notice; accents and signs stay. */
const REPLACEMENTS: readonly (readonly [characters: string, replacement: string])[] = [
  ['\u2018\u2019\u201a\u201b\u2032`\u00b4', "'"],
  ['\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb', '"'],
  ['\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022', '-'],
  ['\u2026', '...'],
  ['\t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '],
  ['\u2028\u2029\v', '\n'],
  // Shown as nothing. Not the joiners U+200C and U+200D, which change how Indic letters look.
  ['\u00ad\u200b\u200e\u200f\u2060\ufeff', ''],
  // How the currency is written where the sign is missing.
  ['\u20b9\u20a8', 'Rs.'],
]

const REPLACEMENT_OF = new Map(
  REPLACEMENTS.flatMap(([characters, replacement]) =>
    [...characters].map((character) => [character.codePointAt(0)!, replacement] as const),
  ),
)

/** What to write instead of a character that is not in GSM 03.38, perhaps nothing; null when nothing says the same. */
export function gsmReplacement(point: number): string | null {
  const ascii = asciiOfFullwidth(point)
  const plain = ascii === null ? point : ascii.charCodeAt(0)
  return REPLACEMENT_OF.get(plain) ?? ascii
}
