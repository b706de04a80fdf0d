const LINE_FEED = 0x0a

/** Makes CRLF and CR one LF, also when a chunk ends between CR and LF, and counts them. */
export class LineEnds {
  /** Line ends passed so far. */
  count = 0
  #afterReturn = false

  next(text: string): string {
    if (text === '') return text
    const rest = this.#afterReturn && text.charCodeAt(0) === LINE_FEED ? text.slice(1) : text
    this.#afterReturn = text.endsWith('\r')
    const unified = rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest
    this.count += countLines(unified)
    return unified
  }
}

/** How many `\n` a text holds. */
export function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
