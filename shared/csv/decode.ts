/**
 * Bytes of an upload → text with `\n` as its only line end. UTF-8, or UTF-16 announced by a byte order mark (what
 * Excel calls "Unicode Text"); anything else is refused with the line, never guessed: a wrong guess turns Hindi into
 * paid nonsense.
 */
import { type Encoding, encodingOf } from './encodings.ts'
import { FileRefused } from './errors.ts'
import { LineEnds } from './line-ends.ts'
import { binaryKind } from './sniff.ts'

/** What a format needs to be recognised; a shorter file is looked at when it ends. */
const SNIFF_BYTES = 1_024

/** How much of the file has been taken in; grows while {@link decode} is being read. */
export interface Consumed {
  bytes: number
}

/** @throws FileRefused `file_empty`, `file_binary` or `file_encoding`. */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  consumed: Consumed = { bytes: 0 },
): AsyncGenerator<string, void, undefined> {
  let decoder: Decoder | null = null
  let start: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    consumed.bytes += chunk.length
    if (decoder !== null) {
      yield decoder.next(chunk)
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < SNIFF_BYTES) continue
    decoder = new Decoder(start)
    yield decoder.next(start)
  }
  if (decoder === null) {
    decoder = new Decoder(start)
    yield decoder.next(start)
  }
  yield decoder.end()
}

class Decoder {
  readonly #encoding: Encoding
  readonly #lineEnds = new LineEnds()
  #skipBytes: number
  /** The first bytes of a character that the last chunk cut in two. */
  #cut: Buffer = Buffer.alloc(0)

  constructor(start: Buffer) {
    const { encoding, markBytes } = encodingOf(start)
    if (start.length === markBytes) throw new FileRefused('file_empty', 'The file is empty.')
    const kind = encoding.name === 'UTF-8' ? binaryKind(start.subarray(0, SNIFF_BYTES)) : null
    if (kind !== null) throw new FileRefused('file_binary', `This is ${kind}, not a CSV file. ${SAVE_AS}`)
    this.#encoding = encoding
    this.#skipBytes = markBytes
  }

  next(chunk: Uint8Array): string {
    const bytes = this.#cut.length === 0 ? bufferOf(chunk) : Buffer.concat([this.#cut, chunk])
    const complete = this.#encoding.completeBytes(bytes)
    this.#cut = bytes.subarray(complete)
    const text = this.#text(bytes.subarray(this.#skipBytes, complete))
    this.#skipBytes = 0
    return text
  }

  /** Half a character left over at the end is a fault like any other. */
  end(): string {
    return this.#text(this.#cut)
  }

  #text(bytes: Buffer): string {
    const text = this.#encoding.text(bytes)
    if (text !== null) return this.#lineEnds.next(text)
    this.#lineEnds.next(beginningOf(this.#encoding, bytes))
    const line = this.#lineEnds.count + 1
    throw new FileRefused(
      'file_encoding',
      `Line ${line} is not valid ${this.#encoding.name}. ${SAVE_AS}`,
      line,
    )
  }
}

const SAVE_AS = 'In Excel choose "Save as" and the type "CSV UTF-8 (comma delimited)".'

/** The text before the first character that cannot be read: takes as much as reads well, then tries for less. */
function beginningOf(encoding: Encoding, bytes: Buffer): string {
  let text = ''
  let rest = bytes
  for (let step = bytes.length; step >= 1; ) {
    const head = rest.subarray(0, encoding.completeBytes(rest.subarray(0, step)))
    const read = head.length === 0 ? null : encoding.text(head)
    if (read === null) {
      step = Math.floor(step / 2)
      continue
    }
    text += read
    rest = rest.subarray(head.length)
  }
  return text
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
