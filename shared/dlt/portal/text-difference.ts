import { describeCharacter, type NamedCharacter, nameCharacter } from '../characters.ts'

/** Where two texts part, for people to whom both look the same. */
export interface TextDifference {
  /** Place of the first character that differs, from 1. */
  character: number
  registered: Side
  exported: Side
}

export interface Side {
  /** Null where the text has ended. */
  found: NamedCharacter | null
  /** The text around the place. */
  excerpt: string
}

const EXCERPT_CHARS = { before: 20, after: 20 }

/** Null for texts that are the same. Line ends are: each route has its own (facts B4). */
export function firstDifference(registered: string, exported: string): TextDifference | null {
  const ours = [...withLineFeeds(registered)]
  const theirs = [...withLineFeeds(exported)]
  let at = 0
  while (at < ours.length && ours[at] === theirs[at]) at++
  if (at === ours.length && at === theirs.length) return null
  return { character: at + 1, registered: sideAt(ours, at), exported: sideAt(theirs, at) }
}

/** For a sentence: `at character 12 it has ’ (U+2019, right single quotation mark), the export ' (U+0027)`. */
export function describeDifference({ character, registered, exported }: TextDifference): string {
  return `at character ${character} it has ${describe(registered)}, the export ${describe(exported)}`
}

const describe = ({ found }: Side): string =>
  found === null ? 'nothing more' : describeCharacter(found.character.codePointAt(0)!)

const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n')

function sideAt(characters: readonly string[], at: number): Side {
  const character = characters[at]
  const { before, after } = EXCERPT_CHARS
  return {
    found: character === undefined ? null : nameCharacter(character.codePointAt(0)!),
    excerpt: characters.slice(Math.max(0, at - before), at + after).join(''),
  }
}
