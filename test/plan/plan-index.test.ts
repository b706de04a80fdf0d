import { describe, expect, it } from 'vitest'
import { AsciiLines } from '../../shared/campaign/ascii-lines.ts'
import { findInIndex, readPage } from '../../shared/campaign/plan.ts'
import { indexShards } from '../../shared/campaign/plan-index.ts'
import { INDEX_SHARDS, shardOf } from '../../shared/campaign/plan-keys.ts'
import { NumberTable } from '../../shared/csv/dedupe.ts'
import type { Msisdn } from '../../shared/ids.ts'
import { aMessage, numberAt, pack, textOfPage } from './plan.factory.ts'

function tableOf(numbers: Iterable<number>): NumberTable {
  const table = new NumberTable()
  let line = 1
  for (const number of numbers) table.add(table.slotOf(number), number, line++)
  return table
}

const shardsOf = (table: NumberTable, batchStarts: readonly number[]): Map<number, string> =>
  new Map(
    [...indexShards(table, batchStarts)].map(({ shard, lines }) => [
      shard,
      Buffer.from(lines).toString('latin1'),
    ]),
  )

describe('the index', () => {
  it('finds every number where the page has it, in plans whose batches are not full', () => {
    const short = aMessage('hello')
    const long = aMessage('x'.repeat(3_000))
    const count = 1_500
    const { packer, pages } = pack(Array.from({ length: count }, (_, n) => (n % 400 < 150 ? long : short)))
    const shards = shardsOf(
      tableOf(Array.from({ length: count }, (_, n) => Number(numberAt(n)))),
      packer.batchStarts,
    )
    const lines = pages.map((page) => readPage(textOfPage(page)))
    for (let n = 0; n < count; n++) {
      const place = findInIndex(shards.get(shardOf(numberAt(n)))!, numberAt(n))!
      expect(lines[place.page]![place.batch]!.messages[place.i]!.to).toBe(numberAt(n))
    }
  })

  it('finds nothing for a number that is not in the plan', () => {
    const text = '919000000010,0,0,0\n919000000110,0,0,1\n'
    expect(findInIndex(text, '919000000110' as Msisdn)).toEqual({ page: 0, batch: 0, i: 1 })
    expect(findInIndex(text, '919000000010' as Msisdn)).toEqual({ page: 0, batch: 0, i: 0 })
    expect(findInIndex(text, '919000000210' as Msisdn)).toBeNull()
    expect(findInIndex(text, '19000000010' as Msisdn)).toBeNull()
    expect(findInIndex('', '919000000010' as Msisdn)).toBeNull()
  })

  it('sorts a shard by number, of seven digits or of fifteen', () => {
    const numbers = [999_999_999_999_900, 1_234_500, 919_876_543_200, 919_876_543_100, 100_000_000_000_000]
    const text = shardsOf(tableOf(numbers), [0]).get(0)!
    const expected = [1_234_500, 919_876_543_100, 919_876_543_200, 100_000_000_000_000, 999_999_999_999_900]
    expect(text.split('\n').slice(0, -1)).toEqual(
      expected.map((number) => `${number},0,0,${numbers.indexOf(number)}`),
    )
  })

  it('sorts a shard of more than a million numbers', () => {
    const count = (1 << 20) + 1
    const table = tableOf(
      (function* () {
        for (let n = count; n > 0; n--) yield 916_000_000_000 + n * INDEX_SHARDS
      })(),
    )
    const starts = Array.from({ length: Math.ceil(count / 100) }, (_, batch) => batch * 100)
    const text = shardsOf(table, starts).get(0)!
    // 1,048,576 is message 76 of batch 35 of page 209.
    expect(text.startsWith('916000000100,209,35,76\n916000000200,209,35,75\n')).toBe(true)
    expect(text.endsWith(`\n${916_000_000_000 + count * INDEX_SHARDS},0,0,0\n`)).toBe(true)
  })
})

describe('AsciiLines', () => {
  it('writes integers up to 2^53 as they are', () => {
    const values = [
      0,
      9,
      10,
      99,
      123_456_789,
      999_999_999,
      1e9,
      1_000_000_001,
      919_000_000_005,
      Number.MAX_SAFE_INTEGER,
    ]
    const lines = new AsciiLines(400)
    for (const value of values) lines.field(value)
    lines.lastField(7)
    expect(Buffer.from(lines.bytes()).toString('latin1')).toBe(`${values.join(',')},7\n`)
  })
})
