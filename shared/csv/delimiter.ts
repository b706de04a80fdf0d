/** Which character separates the fields of a file. */

const CANDIDATES = [',', ';', '\t', '|'] as const

export interface Dialect {
  delimiter: string
  /** Characters of Excel's `sep=` line with its line end, to be skipped; 0 when there is none. */
  skipChars: number
}

/** Excel's hint, the first line of a file: `sep=;`. */
const SEPARATOR_LINE = /^"?sep=([^\n"])"?\n/i

/**
 * Takes Excel's word, else the candidate that occurs most often outside quotes in the header line; a tie goes to the
 * earlier of comma, semicolon, tab, pipe. `start` holds at least the first two lines, when the file has them.
 */
export function detectDialect(start: string): Dialect {
  const hint = SEPARATOR_LINE.exec(start)
  if (hint) return { delimiter: hint[1]!, skipChars: hint[0].length }
  const header = /^\n*([^\n]*)/.exec(start)![1]!.replace(/"[^"]*"/g, '')
  let best: string = CANDIDATES[0]
  let most = 0
  for (const candidate of CANDIDATES) {
    const count = header.split(candidate).length - 1
    if (count > most) [best, most] = [candidate, count]
  }
  return { delimiter: best, skipChars: 0 }
}
