import { describe, expect, it } from 'vitest'
import { readExport } from '../../../shared/dlt/portal/read-export.ts'
import { csvOf, firstRowOf, ID, JIO, jioRow, OTHER_ID, rowsOf } from './export.factory.ts'

const FILE = csvOf([JIO, jioRow({ text: 'Dear {#var#}, it’s “ready” – ACME' })])
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
/** Curly quotes and dash of Windows-1252. */
const windows1252 = (text: string) => {
  const octets: Record<string, string> = { '’': '\x92', '“': '\x93', '”': '\x94', '–': '\x96' }
  return Buffer.from(
    text.replace(/[^\x00-\x7f]/g, (c) => octets[c] ?? c),
    'latin1',
  )
}

describe('a CSV', () => {
  it.each([
    { encoding: 'UTF-8', bytes: Buffer.from(FILE) },
    { encoding: 'UTF-8', bytes: Buffer.from(`\ufeff${FILE}`) },
    { encoding: 'UTF-16', bytes: utf16(FILE) },
    { encoding: 'UTF-16', bytes: utf16(FILE).swap16() },
    { encoding: 'Windows-1252', bytes: windows1252(FILE) },
  ])('is read as $encoding', async ({ encoding, bytes }) => {
    expect(await readExport(bytes)).toMatchObject({
      encoding,
      rows: [{ id: ID, text: 'Dear {#var#}, it’s “ready” – ACME' }],
    })
  })

  it.each([
    ['letters of another encoding', 'Café'],
    ['an octet that Windows-1252 leaves open', 'a\x81b'],
  ])('is not guessed at: %s', async (_, text) => {
    const bytes = Buffer.from(csvOf([JIO, jioRow(), jioRow({ text })]), 'latin1')
    await expect(readExport(bytes)).rejects.toMatchObject({
      code: 'file_encoding',
      message: expect.stringMatching(/^Line 3 .*save it as UTF-8/),
    })
  })

  it.each([
    ['semicolons', csvOf([JIO, jioRow()], ';')],
    ['tabs', csvOf([JIO, jioRow()], '\t')],
    ['semicolons that Excel announces', `sep=;\n${csvOf([JIO, jioRow()], ';')}`],
  ])('is separated by %s', async (_, file) => {
    expect(await rowsOf(file)).toMatchObject([{ kind: 'template', id: ID, name: 'Order ready' }])
  })

  it('has rows that are found again by their line, whatever line ends they have', async () => {
    const rows = [JIO, jioRow({ text: 'one\r\ntwo\nthree' }), [], jioRow({ id: OTHER_ID })]
    expect(await rowsOf(csvOf(rows, ',', '\r\n'))).toMatchObject([
      { row: 2, text: 'one\ntwo\nthree' },
      { row: 6, id: OTHER_ID },
    ])
  })

  it.each([
    { what: 'a comma unquoted', row: `ACMEIN,${ID},Order,Dear {#var#}, ready,1`, code: 'too_many_fields' },
    { what: 'a line end unquoted', row: `ACMEIN,${ID},Order,Dear {#var#}`, code: 'too_few_fields' },
    { what: 'a quote not doubled', row: `ACMEIN,${ID},Order,"Dear "you" {#var#}",1`, code: 'misquoted' },
  ])('has a row refused with $what', async ({ row, code }) => {
    const [refused, good] = await rowsOf(`${JIO}\n${row}\nACMEIN,${OTHER_ID},Order,Hi {#var#},1\n`)
    expect(refused).toMatchObject({ kind: 'refused', row: 2, id: ID, code })
    expect(good).toMatchObject({ kind: 'template', id: OTHER_ID })
  })

  it('may have a separator more at the end of each row', async () => {
    expect(await firstRowOf(`${JIO},\nACMEIN,${ID},Order,Hi {#var#},1,\n`)).toMatchObject({
      kind: 'template',
    })
  })

  it('without rows has none', async () => {
    expect(await rowsOf(csvOf([JIO]))).toEqual([])
  })
})

describe('what is no export', () => {
  it.each([
    { what: 'nothing', bytes: Buffer.alloc(0), code: 'file_empty' },
    { what: 'a byte order mark', bytes: Buffer.from('\ufeff'), code: 'file_empty' },
    { what: 'empty lines', bytes: Buffer.from('\n\n,,,\n'), code: 'file_empty' },
    { what: 'a PDF', bytes: Buffer.from('%PDF-1.7\n'), code: 'file_binary' },
    { what: 'an old workbook', bytes: Buffer.from('d0cf11e0a1b11ae1', 'hex'), code: 'file_binary' },
    { what: 'an HTML table', bytes: Buffer.from('\ufeff\n<table><tr><td>1'), code: 'file_binary' },
    { what: 'an image', bytes: Buffer.from('89504e470d0a1a0a', 'hex'), code: 'file_binary' },
    { what: 'a letter', bytes: Buffer.from('Dear Sirs,\nplease import\n'), code: 'columns_unknown' },
    { what: 'an open quote', bytes: Buffer.from(`${JIO}\n"ACMEIN,1`), code: 'file_unclosed_quote' },
  ])('is refused: $what', async ({ bytes, code }) => {
    await expect(readExport(bytes)).rejects.toMatchObject({ code })
  })

  it('is refused with more than 5,000 rows, not with 5,000', async () => {
    const rows = (count: number) => csvOf([JIO, ...Array.from({ length: count }, () => jioRow())])
    expect(await rowsOf(rows(5_000))).toHaveLength(5_000)
    await expect(rowsOf(rows(5_001))).rejects.toMatchObject({ code: 'too_many_rows' })
  })
})
