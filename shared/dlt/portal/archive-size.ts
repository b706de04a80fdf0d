import { ExportRefused } from './errors.ts'

/** A workbook of 5,000 templates inflates to less than a tenth of this. */
const MAX_INFLATED_BYTES = 32 * 1024 * 1024

/** Deflate makes at most this many octets of one (zlib.net, "zlib Technical Details"). */
const MAX_RATIO = 1_032

/** Signatures and offsets: PKWARE APPNOTE.TXT 4.3.12 (central directory) and 4.3.16 (its end). */
const END = { signature: 0x06054b50, bytes: 22, entries: 10, directoryBytes: 12, directory: 16 }
const ENTRY = {
  ...{ signature: 0x02014b50, bytes: 46, flags: 8, compressed: 20, inflated: 24 },
  ...{ lengths: [28, 30, 32] },
}
const MAX_COMMENT_BYTES = 0xffff
/** Flag of an entry whose sizes stand behind its data; here they are wanted before. */
const SIZES_FOLLOW = 0x08

/**
 * Refuses a ZIP archive that says it is larger inside than an export can be, before anything is inflated. What the
 * archive says is what counts: the reader (hucre) inflates no entry further than its size in the central directory.
 * @throws ExportRefused `workbook_unreadable` for what is no whole archive, `workbook_too_large`.
 */
export function refuseLargeArchive(archive: Buffer): void {
  let inflated = 0
  for (const entry of entriesOf(archive)) inflated += mostBytes(entry, archive.length)
  if (inflated > MAX_INFLATED_BYTES) throw tooLarge()
}

function* entriesOf(archive: Buffer): Generator<Buffer, void, undefined> {
  const end = archive.lastIndexOf(signatureOf(END.signature))
  const commentBytes = archive.length - end - END.bytes
  if (end === -1 || commentBytes < 0 || commentBytes > MAX_COMMENT_BYTES) throw cutOff()
  const count = archive.readUInt16LE(end + END.entries)
  let at = archive.readUInt32LE(end + END.directory)
  // All ones: the true number stands in a ZIP64 record, which only archives of gigabytes need.
  const isZip64 = archive.readUInt32LE(end + END.directoryBytes) === 0xffff_ffff
  if (isZip64 || at === 0xffff_ffff || count === 0xffff) throw tooLarge()
  for (let n = 0; n < count; n++) {
    if (at + ENTRY.bytes > archive.length || archive.readUInt32LE(at) !== ENTRY.signature) throw cutOff()
    const entry = archive.subarray(at, at + ENTRY.bytes)
    yield entry
    at += ENTRY.bytes + ENTRY.lengths.reduce((sum, offset) => sum + entry.readUInt16LE(offset), 0)
  }
}

/** An entry that does not say its size may hold whatever its data inflates to. */
function mostBytes(entry: Buffer, archiveBytes: number): number {
  const compressed = entry.readUInt32LE(ENTRY.compressed)
  const inflated = entry.readUInt32LE(ENTRY.inflated)
  const sizesFollow = (entry.readUInt16LE(ENTRY.flags) & SIZES_FOLLOW) !== 0
  if (sizesFollow && compressed === 0) return archiveBytes * MAX_RATIO
  return inflated > 0 ? inflated : compressed * MAX_RATIO
}

function signatureOf(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const cutOff = (): ExportRefused =>
  new ExportRefused('workbook_unreadable', 'The workbook is cut off or damaged: download it again.')

const tooLarge = (): ExportRefused =>
  new ExportRefused(
    'workbook_too_large',
    `The workbook would unpack to more than ${MAX_INFLATED_BYTES / 1024 / 1024} MiB: ` +
      'keep only the sheet with the templates, or export them in parts.',
  )
