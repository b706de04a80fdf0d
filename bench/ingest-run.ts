/** One run of `ingest.ts`: `ingest-run.ts TASK`, an {@link IngestTask} as JSON, answered to the parent process. */
import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import Papa from 'papaparse'
import { compileUpload } from '../lambdas/compile/service.ts'
import { decode } from '../shared/csv/decode.ts'
import { checkingCampaign } from './ingest-world.ts'

export type IngestTask = { file: string; rows: number } & (
  | { work: 'papaparse' }
  | { work: 'check'; form: 'values' | 'texts'; suppressed: number }
)

export interface IngestRun {
  seconds: number
  /** The most that was resident, of 1,000,000 octets. */
  megabytes: number
  /** Rows whose number was suppressed. */
  suppressed: number
}

const CHUNK_BYTES = 64 * 1024

const task: IngestTask = JSON.parse(process.argv[2]!)
const body = () => createReadStream(task.file, { highWaterMark: CHUNK_BYTES })
const { seconds, suppressed } = task.work === 'papaparse' ? await papaparseAlone() : await wholeCheck(task)
const megabytes = Math.round((process.resourceUsage().maxRSS * 1_024) / 1e6)
const result: IngestRun = { seconds, megabytes, suppressed }
process.send?.(result, () => process.exit())

async function papaparseAlone() {
  const startMs = performance.now()
  let seen = 0
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[], NodeJS.ReadableStream>(Readable.from(decode(body())), {
      header: false,
      chunk: (chunk) => {
        seen += chunk.data.length
      },
      complete: () => resolve(),
      error: reject,
    })
  })
  const seconds = (performance.now() - startMs) / 1_000
  // The header, and what follows the last line end.
  if (seen - task.rows !== 1 && seen - task.rows !== 2) throw new Error(`${seen} records were read`)
  return { seconds, suppressed: 0 }
}

async function wholeCheck({ form, suppressed, file, rows }: Extract<IngestTask, { work: 'check' }>) {
  const upload = { bytes: statSync(file).size, body }
  const world = checkingCampaign(upload, { form, suppressed })
  const startMs = performance.now()
  const end = await compileUpload(world.deps, world.job)
  const seconds = (performance.now() - startMs) / 1_000
  const numbers = world.numbers()
  if (end !== 'checked' || numbers?.rows !== rows || numbers.invalid > 0) {
    throw new Error(`the check ended ${end}: ${JSON.stringify(numbers)}`)
  }
  return { seconds, suppressed: numbers.suppressed }
}
