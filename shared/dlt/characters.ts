/**
 * Characters as people can talk about them. The ones that break matches look like another character or like nothing,
 * so a sentence that only shows them explains nothing (facts B2).
 */

export interface NamedCharacter {
  character: string
  /** As in Unicode's charts: `U+2019`. */
  codePoint: string
  /** For the usual suspects, null for all others. */
  name: string | null
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x09, 'tab'],
  [0x0a, 'line feed'],
  [0x0d, 'carriage return'],
  [0x20, 'space'],
  [0x60, 'backtick'],
  [0xa0, 'no-break space'],
  [0xad, 'soft hyphen'],
  [0xb4, 'acute accent'],
  [0x2002, 'en space'],
  [0x2003, 'em space'],
  [0x2007, 'figure space'],
  [0x2009, 'thin space'],
  [0x200a, 'hair space'],
  [0x200b, 'zero-width space'],
  [0x200c, 'zero-width non-joiner'],
  [0x200d, 'zero-width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2010, 'hyphen'],
  [0x2011, 'no-break hyphen'],
  [0x2012, 'figure dash'],
  [0x2013, 'en dash'],
  [0x2014, 'em dash'],
  [0x2015, 'horizontal bar'],
  [0x2018, 'left single quotation mark'],
  [0x2019, 'right single quotation mark'],
  [0x201a, 'low single quotation mark'],
  [0x201b, 'high-reversed single quotation mark'],
  [0x201c, 'left double quotation mark'],
  [0x201d, 'right double quotation mark'],
  [0x201e, 'low double quotation mark'],
  [0x2022, 'bullet'],
  [0x2024, 'one dot leader'],
  [0x2026, 'ellipsis'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202f, 'narrow no-break space'],
  [0x2032, 'prime'],
  [0x2033, 'double prime'],
  [0x2060, 'word joiner'],
  [0x20b9, 'rupee sign'],
  [0x2212, 'minus sign'],
  [0x3000, 'ideographic space'],
  [0xfeff, 'byte order mark'],
  [0xfffd, 'replacement character, what a wrong encoding leaves behind'],
])

/** Letters of other scripts that nobody can tell from a Latin one. */
const LOOK_ALIKES: readonly (readonly [script: string, theirs: string, latin: string])[] = [
  ['Cyrillic', 'АВЕЅІЈКМНОРСТХУаеѕіјорсху', 'ABESIJKMHOPCTXYaesijopcxy'],
  ['Greek', 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι', 'ABEZHIKMNOPTYXovi'],
]

const HOMOGLYPHS = new Map(
  LOOK_ALIKES.flatMap(([script, theirs, latin]) =>
    [...theirs].map((letter, i) => [letter.codePointAt(0)!, { script, latin: latin[i]! }] as const),
  ),
)

/** Printable ASCII once more, as wide as an ideograph (Unicode block Halfwidth and Fullwidth Forms). */
const FULLWIDTH = { first: 0xff01, last: 0xff5e, distance: 0xfee0 }

/** The ASCII character of which this is the fullwidth form, null when it is none. */
export function asciiOfFullwidth(point: number): string | null {
  const { first, last, distance } = FULLWIDTH
  return point >= first && point <= last ? String.fromCharCode(point - distance) : null
}

export function nameCharacter(point: number): NamedCharacter {
  return { character: String.fromCodePoint(point), codePoint: codePointText(point), name: nameOf(point) }
}

function nameOf(point: number): string | null {
  const name = NAMES.get(point)
  if (name !== undefined) return name
  const homoglyph = HOMOGLYPHS.get(point)
  if (homoglyph) return `${homoglyph.script} letter that looks like Latin ${homoglyph.latin}`
  const ascii = asciiOfFullwidth(point)
  return ascii === null ? null : `fullwidth ${ascii}`
}

/** For sentences: `’ (U+2019, right single quotation mark)`; what does not show is not shown. */
export function describeCharacter(point: number): string {
  const { character, codePoint, name } = nameCharacter(point)
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `${character} ` : ''
  return `${shown}(${name === null ? codePoint : `${codePoint}, ${name}`})`
}

const codePointText = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
