import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecipients } from '../../shared/csv/recipients.ts'
import { csvRecord } from '../../shared/csv/write.ts'
import { bytesOf, readFile } from './csv.factory.ts'

const codes = async (csv: string, variableCount = 1) =>
  (await readFile(csv, { variableCount })).refused.map(({ line, code }) => [line, code])

describe('readRecipients', () => {
  it('hands over number and values of each row with its line', async () => {
    expect(
      await readFile('mobile,name\n9876543210,Asha\n+91 91234 56780,Ravi\n', { variableCount: 1 }),
    ).toEqual({
      accepted: [
        { line: 2, msisdn: '919876543210', values: ['Asha'] },
        { line: 3, msisdn: '919123456780', values: ['Ravi'] },
      ],
      refused: [],
      duplicates: [],
      suppressed: [],
    })
  })

  it('keeps the first of rows with one number, however it is written', async () => {
    const read = await readFile('mobile,name\n9876543210,a\n+91 98765 43210,b\n09876543210,c\n')
    expect(read.accepted).toMatchObject([{ line: 2 }])
    expect(read.duplicates).toEqual([
      { line: 3, firstLine: 2 },
      { line: 4, firstLine: 2 },
    ])
  })

  it('does not let a row that cannot be sent take the place of a good one', async () => {
    const read = await readFile('mobile,name\n9876543210,\n9876543210,Asha\n9876543210,Asha\n', {
      variableCount: 1,
      compose: (values) =>
        values[0] === ''
          ? { ok: false, code: 'value_empty', message: 'is empty' }
          : { ok: true, message: values },
    })
    expect(read.refused).toMatchObject([{ line: 2, code: 'value_empty' }])
    expect(read.accepted).toMatchObject([{ line: 3 }])
    expect(read.duplicates).toEqual([{ line: 4, firstLine: 3 }])
  })

  it('sets suppressed numbers aside before it looks for duplicates or composes', async () => {
    const composed: string[] = []
    const read = await readFile('mobile,name\n9876543210,a\n12,b\n9876543210,c\n9123456780,d\n', {
      variableCount: 1,
      suppressed: new Set([919_876_543_210]),
      compose: (values) => {
        composed.push(...values)
        return { ok: true, message: values }
      },
    })
    expect(composed).toEqual(['d'])
    expect(read.suppressed).toEqual([
      { line: 2, msisdn: '919876543210' },
      { line: 4, msisdn: '919876543210' },
    ])
    expect(read.accepted).toMatchObject([{ line: 5 }])
    expect(read.refused).toMatchObject([{ line: 3, code: 'number_invalid' }])
    expect(read.duplicates).toEqual([])
  })

  it('reads one number to a line without a header, where that is allowed', async () => {
    const read = await readFile('\n9876543210\n+91 91234 56780\n12\n9876543210\n', { mayBeBare: true })
    expect(read.accepted).toMatchObject([{ line: 2 }, { line: 3 }])
    expect(read.refused).toMatchObject([{ line: 4, code: 'number_invalid' }])
    expect(read.duplicates).toEqual([{ line: 5, firstLine: 2 }])
    const withHeader = await readFile('name,mobile\nAsha,9876543210\n', { mayBeBare: true })
    expect(withHeader.accepted).toMatchObject([{ line: 2, msisdn: '919876543210' }])
    await expect(readFile('9876543210\n')).rejects.toMatchObject({ code: 'file_no_header' })
    await expect(readFile('9876543210,Asha\n', { mayBeBare: true })).rejects.toMatchObject({
      code: 'file_no_header',
    })
  })

  it('says what is wrong with a row, and hands its fields back', async () => {
    const csv =
      'mobile,name\n9876543210\n9876543210,Rao, Asha\n,Ravi\n12,Ravi\n9.19877E+11,Ravi\n+447911123456,x\n'
    expect(await codes(csv)).toEqual([
      [2, 'too_few_fields'],
      [3, 'too_many_fields'],
      [4, 'number_missing'],
      [5, 'number_invalid'],
      [6, 'number_excel'],
      [7, 'foreign_number'],
    ])
    expect((await readFile(csv)).refused[1]!.fields).toEqual(['9876543210', 'Rao', ' Asha'])
  })

  it('refuses a row whose quotes do not add up, wherever it ends', async () => {
    expect(await codes('mobile,name\n9876543210,"Asha"x\n9123456780,"Ravi"\n9812345678,c\n')).toEqual([
      [2, 'misquoted'],
    ])
  })

  it('takes empty fields behind the last column for none', async () => {
    const read = await readFile('mobile,name,,\n9876543210,Asha,,\n9123456780,Ravi\n9812345678,c,,,,\n')
    expect(read.accepted).toHaveLength(3)
    expect(await codes('mobile,name,\n9876543210,Rao, Asha\n')).toEqual([[2, 'too_many_fields']])
  })

  it('passes over empty lines, before the header too, and counts them', async () => {
    const read = await readFile('\n\nmobile,name\n\n9876543210,Asha\n   \n9123456780,Ravi\n\n')
    expect(read.accepted.map(({ line }) => line)).toEqual([5, 7])
    expect(read.refused).toEqual([])
  })

  it('takes a row of empty fields for one whose number is missing', async () => {
    expect(await codes('mobile,name\n,\n')).toEqual([[2, 'number_missing']])
  })

  it.each([
    ['file_no_rows', 'mobile,name\n'],
    ['file_no_rows', 'mobile,name\n\n  \n'],
    ['file_empty', ''],
    ['file_empty', '\n\r\n\n'],
    ['file_no_header', '9876543210,Asha\n9123456780,Ravi\n'],
    ['file_duplicate_columns', 'mobile,name,name\n9876543210,a,b\n'],
    ['file_number_column', 'name,city\nAsha,Pune\n'],
    ['file_variable_columns', 'mobile\n9876543210\n'],
    ['file_unclosed_quote', 'mobile,name\n9876543210,"Asha\n'],
  ])('refuses the whole file with %s', async (code, csv) => {
    await expect(readFile(csv, { variableCount: 1 })).rejects.toMatchObject({ code })
  })

  it.each([
    ['at its header', 'name\nAsha\n'],
    ['further down', `mobile\n${'9876543210\n'.repeat(200)}"open`],
  ])('lets go of the source when the file is refused %s', async (_, csv) => {
    let isReleased = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield bytesOf(csv.padEnd(2_000, '\n'))
        yield bytesOf('\n')
      } finally {
        isReleased = true
      }
    }
    const reading = async () => {
      const options = { mapping: {}, variableCount: 0, compose: () => ({ ok: true, message: null }) as const }
      const file = await readRecipients(source(), options)
      for await (const _ of file.chunks);
    }
    await expect(reading()).rejects.toMatchObject({ name: 'FileRefused' })
    expect(isReleased).toBe(true)
  })

  it('reads the same from bytes cut anywhere', async () => {
    const number = fc.constantFrom('9876543210', '+91 91234 56780', '12', '', '९८१२३४५६७८')
    const value = fc.constantFrom('Asha', 'आशा', 'Rao, "A"', 'two\nlines', '', '👋')
    const rows = fc.array(fc.tuple(number, value), { minLength: 1, maxLength: 12 })
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(rows, cuts, async (written, lengths) => {
        // Empty lines take the place of what is read in one go to recognise the format.
        const csv = '\n'.repeat(1_100) + [['mobile', 'name'], ...written].map(csvRecord).join('')
        const whole = await readFile(csv, { variableCount: 1 })
        expect(await readFile(csv, { variableCount: 1 }, lengths)).toEqual(whole)
        expect(whole.accepted.length + whole.refused.length + whole.duplicates.length).toBe(written.length)
      }),
    )
  })
})
