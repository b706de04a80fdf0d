/**
 * What a worker takes in memory with a million segments accepted and no receipt yet, and while all receipts come in,
 * twice as many a second as a worker must take (`Infinity`: as fast as they can be handed over): through the real store
 * of ids and the real receiver, in a process that has loaded all a worker loads. Beside it the same with a Map of
 * objects in place of the store.
 *
 *     npm run bench -- memory [--segments 1000000] [--stores flat,map] [--receipts-per-second 20000]
 *
 * Targets (design §8): never more than 400 MB resident, and remembering, finding and ending an id together below 1.5 µs
 * at a million. Ends with 1 when one is missed. Times are of CPU, medians of runs of 10,000: others share the machine.
 */
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { WORKER_NODE_OPTIONS } from '../shared/contracts/wiring.ts'
import type { MemoryResult } from './memory-run.ts'

const { values } = parseArgs({
  options: {
    segments: { type: 'string', default: '1000000' },
    stores: { type: 'string', default: 'flat,map' },
    'receipts-per-second': { type: 'string', default: '20000' },
  },
})
const MAX_MEGABYTES = 400
const MAX_NANOSECONDS = 1_500
const FORMS = [8, 16, 36]

const COLUMNS: [title: string, value: (result: MemoryResult) => string][] = [
  ['store', ({ store }) => store],
  ['ids', ({ form }) => `${form}`],
  ['loaded', ({ megabytes }) => `${megabytes.loaded} MB`],
  ['all accepted', ({ megabytes }) => `${megabytes.accepted} MB`],
  ['all receipts', ({ megabytes }) => `${megabytes.receipts} MB`],
  ['most', ({ megabytes }) => `${megabytes.most} MB`],
  ['longest GC', ({ longestGcMs }) => `${longestGcMs} ms`],
  ['all GC', ({ allGcMs }) => `${allGcMs} ms`],
  ['remember', ({ nanoseconds }) => `${nanoseconds.remember} ns`],
  ['find', ({ nanoseconds }) => `${nanoseconds.find} ns`],
  ['end', ({ nanoseconds }) => `${nanoseconds.end} ns`],
  ['together', (result) => `${together(result)} ns`],
]

console.log(COLUMNS.map(([title]) => title.padStart(13)).join(''))
let isKept = true
for (const store of values.stores.split(',')) {
  for (const form of FORMS) {
    const result = await measure(store, form)
    const isMissed = result.megabytes.most > MAX_MEGABYTES || together(result) > MAX_NANOSECONDS
    if (store === 'flat' && isMissed) isKept = false
    const cells = COLUMNS.map(([, value]) => value(result).padStart(13)).join('')
    console.log(`${cells}${isMissed ? '  !' : ''}`)
  }
}
console.log(`targets for flat: at most ${MAX_MEGABYTES} MB, together below ${MAX_NANOSECONDS} ns`)
process.exitCode = isKept ? 0 : 1

function together({ nanoseconds: { remember, find, end } }: MemoryResult): number {
  return remember + find + end
}

/** In a process of its own: what was resident once stays so. */
function measure(store: string, form: number): Promise<MemoryResult> {
  const child = fork(
    new URL('memory-run.ts', import.meta.url),
    [...[store, `${form}`, values.segments, values['receipts-per-second']]],
    { execArgv: WORKER_NODE_OPTIONS.split(' ') },
  )
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as MemoryResult))
    child.once('exit', (code) => reject(new Error(`the run ended with ${code}`)))
  })
}
