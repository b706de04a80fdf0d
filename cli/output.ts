import { once } from 'node:events'

const FLUSH_CHARACTERS = 64 * 1024

/** Lines to standard output, gathered into large writes and never ahead of a slow reader. */
export class Output {
  #held = ''

  async line(text: string): Promise<void> {
    this.#held += `${text}\n`
    if (this.#held.length >= FLUSH_CHARACTERS) await this.flush()
  }

  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value))
  }

  async flush(): Promise<void> {
    const text = this.#held
    this.#held = ''
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain')
  }
}

/** Columns as wide as their widest cell; the last one is left ragged. An absent value shows as a dash. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = [header, ...rows].map((row) => row.map(cell))
  const widths = header.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]!.length), 0),
  )
  return cells
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return printable(String(value))
}

/** Control characters, line separators, and the marks that turn the direction of writing. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Text from outside must not steer the terminal: what does not print is shown as JavaScript would escape it. */
function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A sentence, or a few lines, to standard error. */
export function complain(text: string): void {
  process.stderr.write(`${text.split('\n').map(printable).join('\n')}\n`)
}

/** At most `length` characters of `text`, with an ellipsis where it was cut. */
export function shorten(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}
