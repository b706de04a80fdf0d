import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../../shared/csv/decode.ts'
import { FileRefused } from '../../shared/csv/errors.ts'
import { collect, inPieces } from './csv.factory.ts'

const text = async (bytes: Uint8Array, lengths: readonly number[] = []): Promise<string> =>
  (await collect(decode(inPieces(bytes, lengths)))).join('')

const utf16le = (content: string) => Buffer.from(`\ufeff${content}`, 'utf16le')
const utf16be = (content: string) => utf16le(content).swap16()
/** Puts what a test is about behind the bytes that are read in one go to recognise the format. */
const PAST_SNIFFING = 'x'.repeat(1_100)
const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })

describe('decode', () => {
  it.each([
    ['UTF-8', (content: string) => Buffer.from(content)],
    ['UTF-8 with byte order mark', (content: string) => Buffer.from(`\ufeff${content}`)],
    ['UTF-16LE', utf16le],
    ['UTF-16BE', utf16be],
  ])('reads %s however the bytes are cut', async (_, encode) => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        pieces,
        async (content, cuts) => {
          const clean = PAST_SNIFFING + content.replace(/[\0\r\ufeff]/g, '.')
          expect(await text(encode(clean), cuts)).toBe(clean)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('makes CRLF, LF and CR one line feed each, wherever a chunk ends', async () => {
    const lines = fc.array(fc.constantFrom('a', '\r\n', '\n', '\r', 'ü'), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(lines, pieces, async (parts, cuts) => {
        const content = PAST_SNIFFING + parts.join('')
        expect(await text(Buffer.from(content), cuts)).toBe(content.replace(/\r\n|\r/g, '\n'))
      }),
    )
  })

  it('keeps line separators of Unicode, vertical tabs and NEL as data', async () => {
    expect(await text(Buffer.from('a\u2028b\u2029c\vd\u0085e'))).toBe('a\u2028b\u2029c\vd\u0085e')
  })

  it('counts the bytes it took in', async () => {
    const consumed = { bytes: 0 }
    await collect(decode(inPieces(Buffer.from('mobile\n'), [2]), consumed))
    expect(consumed.bytes).toBe(7)
  })

  it('names the line of the first byte that is not UTF-8, however the bytes are cut', async () => {
    const rows = fc.array(fc.constantFrom('9876543210,Asha', 'आशा', '', '"a\r\nb"'), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(rows, pieces, fc.constantFrom('\r\n', '\n', '\r'), async (before, cuts, end) => {
        const start = PAST_SNIFFING + before.map((row) => row + end).join('')
        const bytes = Buffer.concat([
          Buffer.from(`${start}Jos`),
          Buffer.from([0xe9]),
          Buffer.from(`,1${end}x`),
        ])
        const line = start.split(/\r\n|\r|\n/).length
        await expect(text(bytes, cuts)).rejects.toMatchObject({
          code: 'file_encoding',
          line,
          message: expect.stringMatching(new RegExp(`^Line ${line} is not valid UTF-8\\..*CSV UTF-8`)),
        })
      }),
    )
  })

  it.each([
    ['half a UTF-8 character', Buffer.from([0x61, 0x0a, 0xe0, 0xa4])],
    ['half a UTF-16 unit', utf16le('a\nb').subarray(0, 7)],
    ['half a surrogate pair', utf16le('a\n\ud83d')],
  ])('refuses a file that ends in %s', async (_, bytes) => {
    await expect(text(bytes)).rejects.toMatchObject({ code: 'file_encoding', line: 2 })
  })

  it.each([
    ['gzip', gzipSync('mobile\n9876543210\n')],
    ['PDF', Buffer.from('%PDF-1.7')],
    ['.xlsx', Buffer.from('PK\u0003\u0004rest')],
    ['.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1])],
    ['UTF-16 without byte order mark', Buffer.from('mobile,name\n', 'utf16le')],
  ])('says that a file is %s, not a CSV', async (kind, bytes) => {
    await expect(text(bytes)).rejects.toMatchObject({
      code: 'file_binary',
      message: expect.stringContaining(kind),
    })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a byte order mark', Buffer.from('\ufeff')],
  ])('refuses a file of %s', async (_, bytes) => {
    await expect(text(bytes)).rejects.toBeInstanceOf(FileRefused)
    await expect(text(bytes)).rejects.toMatchObject({ code: 'file_empty' })
  })
})
