/** What a file without a byte order mark is when it is no text. */

const MAGIC: readonly { bytes: readonly number[]; kind: string }[] = [
  { bytes: [0x1f, 0x8b], kind: 'a gzip archive' },
  { bytes: [0x25, 0x50, 0x44, 0x46], kind: 'a PDF document' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], kind: 'an Excel workbook of the old kind (.xls)' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], kind: 'an Excel workbook (.xlsx) or another ZIP archive' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], kind: 'a 7-Zip archive' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], kind: 'a Zstandard archive' },
  { bytes: [0x42, 0x5a, 0x68], kind: 'a bzip2 archive' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], kind: 'a PNG image' },
  { bytes: [0xff, 0xd8, 0xff], kind: 'a JPEG image' },
]

/** A stray NUL is a dirty export; this share of them is another format, such as UTF-16 without its mark. */
const NUL_SHARE = 0.1

/** Names the format by its first bytes; null for what may be text. */
export function binaryKind(start: Uint8Array): string | null {
  const known = MAGIC.find(({ bytes }) => bytes.every((byte, i) => start[i] === byte))
  if (known) return known.kind
  let nuls = 0
  for (const byte of start) if (byte === 0) nuls++
  return nuls > start.length * NUL_SHARE ? 'a binary file or UTF-16 without byte order mark' : null
}
