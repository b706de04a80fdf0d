import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readExport } from '../../../shared/dlt/portal/read-export.ts'
import { archiveOf, type Entry } from './archive.factory.ts'
import { firstRowOf, ID, JIO, jioRow, OTHER_ID, rowsOf, workbookOf } from './export.factory.ts'

const MIB = 1024 * 1024

describe('a workbook', () => {
  it('is read with the row each template stands in', async () => {
    const file = await workbookOf([
      [],
      JIO,
      jioRow({ text: 'Dear {#var#},<br/>ready.' }),
      [],
      jioRow({ id: OTHER_ID }),
    ])
    expect(await readExport(file)).toMatchObject({
      ...{ portal: 'jio', encoding: null, sheet: 1 },
      rows: [
        { row: 3, id: ID, text: 'Dear {#var#},\nready.', headers: ['ACMEIN'] },
        { row: 5, id: OTHER_ID },
      ],
    })
  })

  it('is read at the first sheet with a known header, behind an empty one and one of another kind', async () => {
    const file = await workbookOf([], [['Read me first']], [JIO, jioRow()], [JIO, jioRow({ id: OTHER_ID })])
    expect(await readExport(file)).toMatchObject({ sheet: 3, rows: [{ id: ID }] })
  })

  it('keeps an id of 19 digits that is text, and one of 12 that is a number', async () => {
    const rows = await rowsOf(await workbookOf([JIO, jioRow(), jioRow({ id: 110100001483 })]))
    expect(rows.map(({ id }) => id)).toEqual([ID, '110100001483'])
  })

  it('shows an id of 19 digits that is a number as the spreadsheet kept it', async () => {
    const { id } = await firstRowOf(await workbookOf([JIO, jioRow({ id: Number(ID) })]))
    expect(id).toMatch(/^1\.1071611914486\d*e\+18$/)
  })

  it('may have rows shorter than the header, and cells behind it', async () => {
    const file = await workbookOf([JIO, jioRow().slice(0, 4), [...jioRow({ id: OTHER_ID }), null, 'a note']])
    expect(await rowsOf(file)).toMatchObject([{ kind: 'template' }, { kind: 'template', id: OTHER_ID }])
  })

  it('keeps line ends and spaces as they are in a cell', async () => {
    const file = await workbookOf([JIO, jioRow({ text: ' a  b\r\nc\rd ' })])
    expect(await firstRowOf(file)).toMatchObject({ text: ' a  b\nc\nd ' })
  })

  it('is read as far as its hundredth column', async () => {
    const endingAt = (column: number) =>
      workbookOf([JIO, jioRow()].map((row) => [...Array(column - 5).fill('-'), ...row]))
    expect(await rowsOf(await endingAt(100))).toMatchObject([{ id: ID }])
    await expect(rowsOf(await endingAt(105))).rejects.toMatchObject({ code: 'columns_unknown' })
  })

  it('is refused when it is empty', async () => {
    await expect(readExport(await workbookOf([], []))).rejects.toMatchObject({ code: 'file_empty' })
  })
})

describe('an archive', () => {
  const zeros = (inflated: number): Entry => ({
    name: 'xl/worksheets/sheet1.xml',
    data: deflateRawSync(Buffer.alloc(inflated)),
    inflated,
  })

  it.each([
    { what: 'says it is large', entries: [zeros(33 * MIB)] },
    { what: 'is large in all', entries: Array.from({ length: 40 }, () => zeros(MIB)) },
    { what: 'says nothing of its size', entries: [{ ...zeros(33 * MIB), inflated: 0 }] },
    { what: 'says its sizes afterwards', entries: [{ ...zeros(33 * MIB), sizesFollow: true }] },
  ])('that $what is refused before it is inflated', async ({ entries }) => {
    await expect(readExport(archiveOf(entries))).rejects.toMatchObject({
      code: 'workbook_too_large',
      message: expect.stringContaining('32 MiB'),
    })
  })

  it('of the ZIP64 kind is refused, as its sizes are elsewhere', async () => {
    const bytes = archiveOf([zeros(1)])
    bytes.writeUInt32LE(0xffff_ffff, bytes.length - 10)
    await expect(readExport(bytes)).rejects.toMatchObject({ code: 'workbook_too_large' })
  })

  it('that lies about its size is inflated no further than it says', async () => {
    const part = '[Content_Types].xml'
    const bytes = archiveOf([{ ...zeros(64 * MIB), name: part, inflated: 1_000 }])
    await expect(readExport(bytes)).rejects.toMatchObject({
      code: 'workbook_unreadable',
      message: expect.stringContaining('1000 bytes'),
    })
  })

  it.each([
    { what: 'is cut off', bytes: async () => (await workbookOf([JIO, jioRow()])).subarray(0, 2_000) },
    { what: 'is no workbook', bytes: async () => archiveOf([{ ...zeros(10), name: 'holiday.jpg' }]) },
    { what: 'has only its beginning', bytes: async () => Buffer.from('PK\x03\x04') },
  ])('that $what is refused', async ({ bytes }) => {
    await expect(readExport(await bytes())).rejects.toMatchObject({ code: 'workbook_unreadable' })
  })
})
