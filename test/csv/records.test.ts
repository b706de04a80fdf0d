import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RecordChunk, readRecords } from '../../shared/csv/records.ts'
import { csvRecord } from '../../shared/csv/write.ts'
import { collect } from './csv.factory.ts'

async function* textsOf(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  let at = 0
  for (let n = 0; at < text.length; n++) {
    const length = lengths[n % lengths.length] ?? text.length
    yield text.slice(at, at + length)
    at += length
  }
}

interface Read {
  line: number
  record: string[]
  misquoted: boolean
}

async function read(text: string, lengths: readonly number[] = []): Promise<Read[]> {
  const chunks = await collect<RecordChunk>(readRecords(textsOf(text, lengths)))
  return chunks.flatMap(({ records, lines, misquoted }) =>
    records.map((record, i) => ({ line: lines[i]!, record, misquoted: misquoted.has(i) })),
  )
}

const rowsOf = async (text: string) => (await read(text)).map(({ record }) => record)

describe('readRecords', () => {
  it('reads back what RFC 4180 quotes, with the physical line of each record, however the text is cut', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', 'आ', '|'), maxLength: 6 })
    const rows = fc.array(fc.tuple(field, field), { maxLength: 8 })
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(rows, cuts, async (written, lengths) => {
        const table: string[][] = [['mobile', 'name'], ...written]
        const text = table.map((row) => csvRecord(row).replace('\r\n', '\n')).join('')
        let line = 1
        const expected = table.map((record) => {
          const start = line
          line += 1 + record.join('').split('\n').length - 1
          return { line: start, record, misquoted: false }
        })
        expect(await read(text, lengths)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [',', 'mobile,name\n98,a\n'],
    [';', 'mobile;name\n98;a\n'],
    ['tab', 'mobile\tname\n98\ta\n'],
    ['|', 'mobile|name\n98|a\n'],
    ['; although quoted commas are more', '"mobile,1,2,3";name\n98;a\n'],
    ['; as sep= says', 'sep=;\nmobile;name\n98;a\n'],
    ['; as a quoted sep= says', '"sep=;"\nmobile;name\n98;a\n'],
    ['a character nobody would guess, as sep= says', 'sep=~\nmobile~name\n98~a\n'],
  ])('splits at %s', async (_, text) => {
    expect((await rowsOf(text)).at(-1)).toEqual(['98', 'a'])
  })

  it('counts the sep= line', async () => {
    expect((await read('sep=;\nmobile;name\n98;a\n')).map(({ line }) => line)).toEqual([2, 3])
  })

  it('reads a last record without line end', async () => {
    expect(await rowsOf('mobile\n98')).toEqual([['mobile'], ['98']])
  })

  it('counts lines inside quotes', async () => {
    const records = await read('mobile,text\n1,"a\nb\n"\n2,c\n')
    expect(records.map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it('leaves quotes inside an unquoted field alone', async () => {
    expect(await rowsOf('mobile,size\n98,5" screen\n')).toContainEqual(['98', '5" screen'])
  })

  it('marks a record whose quotes do not add up', async () => {
    const records = await read('mobile,name\n1,"Asha"x\n2,"Ravi"\n3,c\n')
    expect(records.map(({ line, misquoted }) => [line, misquoted])).toEqual([
      [1, false],
      [2, true],
      [4, false],
    ])
  })

  it('refuses a quote that is never closed and names its line', async () => {
    await expect(read('mobile,name\n1,a\n2,"Asha\n3,Ravi\n')).rejects.toMatchObject({
      code: 'file_unclosed_quote',
      line: 3,
    })
  })

  it('gives up on an unclosed quote after a mebibyte instead of keeping the file', async () => {
    let taken = 0
    async function* endless(): AsyncGenerator<string> {
      yield 'mobile,name\n1,"Asha\n'
      for (;;) {
        taken += 65_536
        yield '9876543210,Ravi\n'.repeat(4_096)
      }
    }
    await expect(collect(readRecords(endless()))).rejects.toMatchObject({
      code: 'file_unclosed_quote',
      line: 2,
    })
    expect(taken).toBeLessThan(2 * 1024 * 1024)
  })
})
