/**
 * `node test/fuzz/main.ts [--cases N] [--seed S]`: throws N cases at framing, codec, receipt parser and session, and
 * ends with 1 at the first that breaks something, naming it. Heap after collection is compared at the quarters.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { caseOf } from './cases.ts'
import { read } from './reading.ts'
import { attack, STAGES } from './session-target.ts'

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
const cases = Number(values.cases)
const seed = Number(values.seed)
/** Growth of the heap from a quarter of the way to its end that counts as a leak. */
const MAX_GROWTH_MB = 8

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const heapMb = () => {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

const seen = { pdus: 0, malformed: 0, receipts: 0, broken: 0, answered: 0, delivered: 0 }
const ends: Record<string, number> = {}
const heaps: number[] = []
const startMs = performance.now()
for (let n = 0; n < cases; n++) {
  if (n % Math.ceil(cases / 4) === 0) heaps.push(heapMb())
  const chunks = caseOf(seed, n)
  try {
    const result = read(chunks)
    seen.pdus += result.pdus
    seen.malformed += result.malformed
    seen.receipts += result.receipts
    seen.broken += result.broken ? 1 : 0
    const { answered, delivered, end } = attack(chunks, STAGES[n % STAGES.length]!)
    seen.answered += answered
    seen.delivered += delivered
    ends[end] = (ends[end] ?? 0) + 1
  } catch (error) {
    console.error(`seed ${seed}, case ${n} breaks:`, error)
    console.error(chunks.map((chunk) => chunk.toString('hex')).join('\n'))
    process.exit(1)
  }
}
heaps.push(heapMb())
const seconds = (performance.now() - startMs) / 1_000
console.log(`${cases} cases in ${seconds.toFixed(1)} s, seed ${seed}`)
console.log(JSON.stringify({ ...seen, ends }))
console.log(`heap after collection, MB: ${heaps.map((mb) => mb.toFixed(1)).join(' ')}`)
const growthMb = heaps.at(-1)! - heaps[1]!
if (growthMb > MAX_GROWTH_MB) {
  console.error(`the heap grew by ${growthMb.toFixed(1)} MB`)
  process.exit(1)
}
