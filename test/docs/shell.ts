/** Commands as documents show them: in fenced blocks and in inline code. */

export interface ShownCommand {
  /** `README.md:12` */
  place: string
  /** Quotes removed, brackets of a usage line too. */
  words: string[]
}

/** A fenced block, or a span of inline code. */
const CODE = /^ *```\w*\n([\s\S]*?)^ *```|`([^`\n]+)`/gm

/** All commands of a Markdown text, in their order. */
export function shownCommands(file: string, markdown: string): ShownCommand[] {
  return [...markdown.matchAll(CODE)].flatMap((code) => {
    const text = code[1] ?? code[2] ?? ''
    const start = code.index + code[0].indexOf(text)
    return simpleCommands(text).map(({ words, at }) => ({
      place: `${file}:${markdown.slice(0, start + at).split('\n').length}`,
      words,
    }))
  })
}

/**
 * One of: a line that goes on; quoted text; an explanation (three spaces, or #, up to the end of the line); the end of a
 * command; white space and the brackets of a usage line; anything else.
 */
const TOKEN =
  /\\\n\s*|'([^']*)'|"((?:[^"\\]|\\.)*)"|(?:(?<=\S) {3}|(?<=\s)#)[^\n]*|([|&;()\n])|(?:[^\S\n]|[[\]…])+|([^\s|&;()'"[\]…\\]+|\\)/g

function simpleCommands(text: string): { words: string[]; at: number }[] {
  const commands: { words: string[]; at: number }[] = []
  let words: string[] = []
  let [at, isInWord] = [0, false]
  for (const token of text.matchAll(TOKEN)) {
    const [, single, double, end, plain] = token
    const part = single ?? double ?? plain
    if (part === undefined) {
      if (end !== undefined && words.length > 0) {
        commands.push({ words, at })
        words = []
      }
      isInWord = false
      continue
    }
    if (words.length === 0) at = token.index
    if (isInWord) words[words.length - 1] += part
    else words.push(part)
    isInWord = true
  }
  return words.length > 0 ? [...commands, { words, at }] : commands
}
