/**
 * How fast an upload is checked, against papaparse alone reading the same file through the same decoder, in turns, each
 * in a process of its own. The check does all it does: values by the rules, calls to action, texts, segments, numbers
 * seen before, and a suppression list of a million. Target: at least 0.15 of papaparse's rows per second, at most
 * 300 MB resident.
 *
 *     npm run bench -- ingest [--rows 1000000] [--rounds 3] [--suppressed 1000000]
 *
 * A second file holds whole texts instead of values, each compared with the template; the targets hold for both.
 */
import { fork } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { FUNCTIONS } from '../shared/contracts/wiring.ts'
import { BYTE_ORDER_MARK, csvRecord } from '../shared/csv/write.ts'
import type { IngestRun, IngestTask } from './ingest-run.ts'
import { textOfRow } from './ingest-world.ts'
import { median } from './percentiles.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    suppressed: { type: 'string', default: '1000000' },
  },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const suppressed = Number(values.suppressed)

const TARGET_RATIO = 0.15
const MAX_MEGABYTES = 300
const ROWS_AT_A_TIME = 1_000
const NAMES = ['Asha Rao', 'Ravi Kumar', 'Meena Iyer', 'Imran Shaikh', 'Gurpreet Singh', 'Lakshmi Narayanan']

/** As the function is run with that does the checks. */
const CHECK_OPTIONS = FUNCTIONS.find(({ name }) => name === 'compile')!.nodeOptions!.split(' ')

const folder = mkdtempSync(join(tmpdir(), 'dakghar-ingest-'))
let isKept = true
try {
  console.log(row(['', 'MB', 'papaparse', 'check', 'ratio', 'RSS MB', 'suppressed']))
  for (const form of ['values', 'texts'] as const) isKept = (await compare(form)) && isKept
} finally {
  rmSync(folder, { recursive: true })
}
console.log(`rows a second in thousands; targets: ${TARGET_RATIO}, ${MAX_MEGABYTES} MB`)
process.exitCode = isKept ? 0 : 1

/** Prints its line and answers whether the targets are met. */
async function compare(form: 'values' | 'texts'): Promise<boolean> {
  const file = join(folder, `${form}.csv`)
  await pipeline(Readable.from(recordsOf(form)), createWriteStream(file))
  const turns: { papaparse: IngestRun; check: IngestRun }[] = []
  for (let round = 0; round < rounds; round++) {
    const papaparse = await run({ file, rows, work: 'papaparse' })
    turns.push({ papaparse, check: await run({ file, rows, work: 'check', form, suppressed }) })
  }
  const perSecond = (which: 'papaparse' | 'check') => median(turns.map((turn) => rows / turn[which].seconds))
  const ratio = median(turns.map(({ papaparse, check }) => papaparse.seconds / check.seconds))
  const megabytes = Math.max(...turns.map(({ check }) => check.megabytes))
  const thousands = (count: number) => (count / 1_000).toFixed(0)
  console.log(
    row([
      ...[form, (statSync(file).size / 1e6).toFixed(0), thousands(perSecond('papaparse'))],
      ...[thousands(perSecond('check')), ratio.toFixed(3), `${megabytes}`, `${turns[0]!.check.suppressed}`],
    ]),
  )
  return ratio >= TARGET_RATIO && megabytes <= MAX_MEGABYTES
}

function* recordsOf(form: 'values' | 'texts'): Generator<string> {
  yield BYTE_ORDER_MARK +
    csvRecord(form === 'values' ? ['mobile', 'name', 'amount', 'date'] : ['mobile', 'text'])
  let text = ''
  for (let n = 0; n < rows; n++) {
    // A permutation of a block of numbers, so that none repeats and neighbours are far apart.
    const number = String(9_000_000_000 + ((n * 7_919) % 900_000_001))
    const name = n % 20 === 0 ? 'आशा देवी' : NAMES[n % NAMES.length]!
    const filled = [name, String(100 + (n % 9_900)), '23-11-2026']
    text += csvRecord(form === 'values' ? [number, ...filled] : [number, textOfRow(filled)])
    if (n % ROWS_AT_A_TIME === 0) {
      yield text
      text = ''
    }
  }
  yield text
}

/** In a process of its own: what was resident once stays so. */
function run(task: IngestTask): Promise<IngestRun> {
  const child = fork(new URL('ingest-run.ts', import.meta.url), [JSON.stringify(task)], {
    execArgv: task.work === 'check' ? CHECK_OPTIONS : [],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as IngestRun))
    child.once('exit', (code) => reject(new Error(`the run ended with ${code}`)))
  })
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(10) : cell.padStart(12))).join('')
}
