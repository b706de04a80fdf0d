export interface Entry {
  name: string
  /** Deflated. */
  data: Buffer
  /** What it says to inflate to. */
  inflated: number
  /** Leaves the sizes out, as an archive written to a pipe does. */
  sizesFollow?: boolean
}

/** A ZIP archive that says of its entries what it is told to (PKWARE APPNOTE.TXT 4.3). */
export function archiveOf(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const local = [header(0x04034b50, 4, entry), name, entry.data]
    directory.push(header(0x02014b50, 6, entry, at), name)
    parts.push(...local)
    at += local.reduce((sum, { length }) => sum + length, 0)
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end])
}

/** Of an entry: the local one, or that of the directory, which says where the local one is. Checksums are left out. */
function header(signature: number, versionAt: 4 | 6, entry: Entry, localAt?: number): Buffer {
  const bytes = Buffer.alloc(localAt === undefined ? 30 : 46)
  const { name, data, inflated, sizesFollow = false } = entry
  bytes.writeUInt32LE(signature, 0)
  bytes.writeUInt16LE(20, versionAt)
  bytes.writeUInt16LE(sizesFollow ? 8 : 0, versionAt + 2)
  bytes.writeUInt16LE(8, versionAt + 4)
  bytes.writeUInt32LE(sizesFollow ? 0 : data.length, versionAt + 14)
  bytes.writeUInt32LE(sizesFollow ? 0 : inflated, versionAt + 18)
  bytes.writeUInt16LE(Buffer.byteLength(name), versionAt + 22)
  if (localAt !== undefined) bytes.writeUInt32LE(localAt, 42)
  return bytes
}
