/**
 * How fast an upload is checked, against papaparse alone reading the same bytes through the same decoder in the same
 * run. Target: at least 0.2 of its rows per second.
 *
 *     npm run bench -- ingest [rows]
 */
import { Readable } from 'node:stream'
import Papa from 'papaparse'
import { compileUpload } from '../lambdas/compile/service.ts'
import { decode } from '../shared/csv/decode.ts'
import { BYTE_ORDER_MARK, csvRecord } from '../shared/csv/write.ts'
import { type CheckBench, checkingCampaign } from './ingest-world.ts'

const CHUNK_BYTES = 64 * 1024
const ROUNDS = 5
const TARGET_RATIO = 0.2

interface IngestResult {
  rows: number
  bytes: number
  papaparseRowsPerSecond: number
  checkRowsPerSecond: number
  ratio: number
  rssMiB: number
}

/** The median of a few rounds, the two taking turns so that both meet the same noise. */
async function benchIngest(rows: number): Promise<IngestResult> {
  const csv = generatedCsv(rows)
  const papaparse: number[] = []
  const check: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const papaparseMs = await papaparseAlone(csv, rows)
    const checkMs = await wholeCheck(csv, rows)
    if (round === 0) continue
    papaparse.push(papaparseMs)
    check.push(checkMs)
  }
  const perSecond = (ms: number[]) => Math.round((rows / median(ms)) * 1_000)
  return {
    rows,
    bytes: csv.length,
    papaparseRowsPerSecond: perSecond(papaparse),
    checkRowsPerSecond: perSecond(check),
    ratio: median(papaparse) / median(check),
    rssMiB: Math.round(process.memoryUsage().rss / 1024 / 1024),
  }
}

async function papaparseAlone(csv: Buffer, rows: number): Promise<number> {
  const startedAt = performance.now()
  let seen = 0
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[], NodeJS.ReadableStream>(Readable.from(decode(chunksOf(csv))), {
      header: false,
      chunk: (result) => {
        seen += result.data.length
      },
      complete: () => resolve(),
      error: reject,
    })
  })
  mustBe(seen, rows + 1)
  return performance.now() - startedAt
}

async function wholeCheck(csv: Buffer, rows: number): Promise<number> {
  const bench: CheckBench = checkingCampaign({ bytes: csv.length, body: () => chunksOf(csv) })
  const startedAt = performance.now()
  const end = await compileUpload(bench.deps, bench.job)
  const elapsedMs = performance.now() - startedAt
  if (end !== 'checked') throw new Error(`the check ended ${end}`)
  mustBe(bench.numbers()?.rows ?? 0, rows)
  return elapsedMs
}

function generatedCsv(rows: number): Buffer {
  const records = [BYTE_ORDER_MARK, csvRecord(['mobile', 'name', 'amount', 'date'])]
  for (let row = 0; row < rows; row++) {
    // A permutation of a block of numbers, so that none repeats and neighbours are far apart.
    const number = String(9_000_000_000 + ((row * 7_919) % 900_000_001))
    const name = row % 20 === 0 ? 'आशा देवी' : NAMES[row % NAMES.length]!
    records.push(csvRecord([number, name, String(100 + (row % 9_900)), '23-11-2026']))
  }
  return Buffer.from(records.join(''))
}

const NAMES = ['Asha Rao', 'Ravi Kumar', 'Meena Iyer', 'Imran Shaikh', 'Gurpreet Singh', 'Lakshmi Narayanan']

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

function mustBe(got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${got} rows were read of ${wanted}`)
}

if (import.meta.main) {
  const result = await benchIngest(Number(process.argv[2] ?? 300_000))
  const thousands = (perSecond: number) => `${(perSecond / 1_000).toFixed(0)} k rows/s`
  console.log(`file       ${result.rows} rows, ${(result.bytes / 1e6).toFixed(1)} MB`)
  console.log(`papaparse  ${thousands(result.papaparseRowsPerSecond)}`)
  console.log(`check      ${thousands(result.checkRowsPerSecond)}`)
  console.log(`ratio      ${result.ratio.toFixed(3)} (target ${TARGET_RATIO})`)
  console.log(`rss        ${result.rssMiB} MiB`)
}
