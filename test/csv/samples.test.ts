import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readFile } from './csv.factory.ts'

/** What an importer must do with files as they are met; `policy` rows may be accepted as said, or refused. */
interface Sample {
  file_verdict: string
  why: string
  counts: { accept: number; reject: number; duplicate: number; policy: number }
  rows: {
    line: number
    verdict: 'accept' | 'reject' | 'duplicate' | 'policy'
    e164?: string
    if_accepted_e164?: string
    fields?: Record<string, string>
  }[]
}

const vector = (name: string) => readFileSync(new URL(`./vectors/${name}`, import.meta.url))
const samples = Object.entries(
  (JSON.parse(vector('expected.json').toString()) as { files: Record<string, Sample> }).files,
)
const imported = samples.filter(
  ([, sample]) => sample.file_verdict.startsWith('import') && sample.rows.length > 0,
)
const refusedFiles = [
  ['25_duplicate_headers.csv', 'file_duplicate_columns'],
  ['28_header_only.csv', 'file_no_rows'],
  ['43_gzip.csv', 'file_binary'],
] as const

describe('sample files', () => {
  it.each(imported)('%s is read row by row as it must be', async (name, sample) => {
    const fields = Object.keys(sample.rows.find((row) => row.fields)?.fields ?? {})
    const read = await readFile(vector(name), {
      variableCount: fields.length,
      mapping: fields.length > 0 ? { variables: fields } : {},
    })
    expect(read.accepted.length + read.refused.length + read.duplicates.length).toBe(sample.rows.length)
    for (const row of sample.rows) {
      const accepted = read.accepted.find(({ line }) => line === row.line)
      const refused = read.refused.find(({ line }) => line === row.line)
      if (row.verdict === 'accept') {
        expect(accepted).toMatchObject({
          msisdn: row.e164!.slice(1),
          values: Object.values(row.fields ?? {}),
        })
      } else if (row.verdict === 'reject') {
        expect(refused).toBeDefined()
      } else if (accepted !== undefined) {
        expect(`+${accepted.msisdn}`).toBe(row.if_accepted_e164)
      } else {
        expect(refused).toBeDefined()
      }
    }
  })

  it.each(refusedFiles)('%s is refused with %s', async (name, code) => {
    await expect(readFile(vector(name))).rejects.toMatchObject({ code })
  })

  it('are all looked at', () => {
    expect(imported.length + refusedFiles.length).toBe(samples.length)
  })
})
