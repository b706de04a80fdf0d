import { describe, expect, it } from 'vitest'
import { readRecipients } from '../../shared/csv/recipients.ts'
import { RejectedRowsFormat } from '../../shared/csv/rejected-rows.ts'
import { bytesOf, inPieces, readFile } from './csv.factory.ts'

/** The invalid.csv, duplicates.csv and suppressed.csv of a file. */
async function rejected(csv: string): Promise<{ invalid: string; duplicates: string; suppressed: string }> {
  const compose = () => ({ ok: true, message: null }) as const
  const file = await readRecipients(inPieces(bytesOf(csv)), {
    ...{ mapping: {}, variableCount: 1, compose, suppressed: new Set([919_800_000_001]) },
  })
  const format = new RejectedRowsFormat(file.columns)
  const result = { invalid: format.start, duplicates: format.start, suppressed: format.start }
  for await (const chunk of file.chunks) {
    for (const row of chunk.refused) result.invalid += format.invalid(row)
    for (const row of chunk.duplicates) result.duplicates += format.duplicate(row)
    for (const row of chunk.suppressed) result.suppressed += format.suppressed(row)
  }
  return result
}

const CSV = 'mobile,name\n12,"Rao, Asha"\n9876543210,Rao, Asha\n9123456780,ok\n9123456780,=1+1\n,आशा\n'

describe('invalid.csv', () => {
  it('holds line, code and sentence before the cells as they were, and Excel reads it as UTF-8', async () => {
    expect((await rejected(CSV)).invalid).toBe(
      [
        '\ufeffdakghar_line,dakghar_code,dakghar_message,mobile,name',
        '2,number_invalid,"""12"" has 2 digits, a mobile number has 10",12,"Rao, Asha"',
        '3,too_many_fields,"the row has 3 fields, the header 2: put a value that contains the delimiter in quotes",9876543210,Rao," Asha"',
        '6,number_missing,the number is missing,,आशा',
        '',
      ].join('\r\n'),
    )
  })

  it('can be uploaded again: repaired rows are accepted, the others refused for the same reason', async () => {
    const { invalid } = await rejected(CSV)
    const repaired = await readFile(invalid.replace(',12,', ',9812345678,'), { variableCount: 1 })
    expect(repaired.accepted).toEqual([{ line: 2, msisdn: '919812345678', values: ['Rao, Asha'] }])
    expect(repaired.refused.map(({ code }) => code)).toEqual(['too_many_fields', 'number_missing'])
  })

  it('does not pile up its columns when a repaired file is refused again', async () => {
    const { invalid } = await rejected(CSV)
    const again = (await rejected(invalid)).invalid
    expect(again.split('\r\n')[0]).toBe(invalid.split('\r\n')[0])
    expect(again.split('\r\n')[1]).toBe(invalid.split('\r\n')[1])
  })
})

describe('duplicates.csv', () => {
  it('names the line that counts', async () => {
    expect((await rejected(CSV)).duplicates.split('\r\n')[1]).toBe(
      '5,duplicate,"919123456780 is already in line 4, and the first counts",9123456780,=1+1',
    )
  })
})

describe('suppressed.csv', () => {
  it('holds the rows of suppressed numbers as they were', async () => {
    const { suppressed } = await rejected('mobile,name\n+91 98000 00001,"Rao, Asha"\n9123456780,ok\n')
    expect(suppressed.split('\r\n').slice(1)).toEqual([
      '2,suppressed,919800000001 is on the suppression list,+91 98000 00001,"Rao, Asha"',
      '',
    ])
  })
})
