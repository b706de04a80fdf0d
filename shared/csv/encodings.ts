import { isUtf8 } from 'node:buffer'

/** One way to write text as bytes, for a reader that gets them in arbitrary pieces. */
export interface Encoding {
  name: string
  /** Length of the longest beginning that cuts no character in two. */
  completeBytes(bytes: Buffer): number
  /** Null when the bytes are not of this encoding. */
  text(bytes: Buffer): string | null
}

const UTF_8: Encoding = {
  name: 'UTF-8',
  completeBytes(bytes) {
    for (let back = 1; back <= Math.min(3, bytes.length); back++) {
      const byte = bytes[bytes.length - back]!
      if ((byte & 0xc0) === 0x80) continue
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
      return length > back ? bytes.length - back : bytes.length
    }
    return bytes.length
  },
  text: (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : null),
}

/** `highByte`: where in its two bytes a code unit has the upper one. */
function utf16(highByte: 0 | 1, toLittleEndian: (bytes: Buffer) => Buffer): Encoding {
  return {
    name: 'UTF-16',
    completeBytes(bytes) {
      const even = bytes.length & ~1
      const endsInHighSurrogate = even >= 2 && (bytes[even - 2 + highByte]! & 0xfc) === 0xd8
      return endsInHighSurrogate ? even - 2 : even
    },
    text(bytes) {
      if (bytes.length % 2 === 1) return null
      const text = toLittleEndian(bytes).toString('utf16le')
      return text.isWellFormed() ? text : null
    },
  }
}

const UTF_16LE = utf16(1, (bytes) => bytes)
const UTF_16BE = utf16(0, (bytes) => Buffer.from(bytes).swap16())

/** The encoding a file's byte order mark announces, UTF-8 without one; `markBytes` are to be skipped. */
export function encodingOf(start: Buffer): { encoding: Encoding; markBytes: number } {
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: UTF_16LE, markBytes: 2 }
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: UTF_16BE, markBytes: 2 }
  const marked = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf
  return { encoding: UTF_8, markBytes: marked ? 3 : 0 }
}
