import { describe, expect, it } from 'vitest'
import { sliceItem } from '../../aws/ledger-items.ts'
import type { CampaignId } from '../../shared/ids.ts'
import type { ReceiptRow } from '../../shared/ledger/facts.ts'
import { sliceRows } from '../../shared/ledger/slice-rows.ts'

const rowsOf = (count: number, field: string) =>
  Array.from(
    { length: count },
    (_, i): ReceiptRow => [49, i % 100, 1, field, field, field, i, 1_790_000_000_000],
  )
const itemOf = (rows: ReceiptRow[], n: number) =>
  sliceItem({ campaign: 'c' as CampaignId, page: 0, owner: 'boot', n, kind: 'receipts', rows })

describe('slices', () => {
  it('are few when the rows are as short as usual', () => {
    expect([...sliceRows(rowsOf(1_000, '0123456789'))]).toHaveLength(1)
    expect([...sliceRows([])]).toEqual([])
  })

  it.each([
    ['control characters', '\u0001'],
    ['characters of two octets', 'é'],
    ['ASCII', 'x'],
  ])('fit into an item each, in order, when a gateway fills every field with %s', (_name, character) => {
    const rows = rowsOf(5_000, character.repeat(256))
    const slices = [...sliceRows(rows)]
    expect(slices.flat()).toEqual(rows)
    for (const [n, slice] of slices.entries()) expect(() => itemOf(slice, n)).not.toThrow()
  })
})
