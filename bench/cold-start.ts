/**
 * How long the first event of each function takes, from the start of its process to its answer; of that, loading the
 * bundle, and the event itself: clients made, connections opened, something looked up at the emulators. Medians, of the
 * bundles that `cdk deploy` uploads.
 *
 *     npm run bench -- cold-start [--runs 5]
 *
 * Lambda gives a function of 1,769 MB one core and smaller ones a share of it, and does more before a process starts: the
 * numbers are to compare one commit with another, not to promise.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUNDLE_FILE, bundleAll } from '../cdk/bundles.ts'
import { BundledFunction } from '../local/bundled-function.ts'
import { startEmulators } from '../local/emulators.ts'
import { ensureResources } from '../local/resources.ts'
import { FUNCTIONS, type FunctionSpec } from '../shared/contracts/wiring.ts'
import { FIRST_EVENTS } from './cold-start-events.ts'
import { median } from './percentiles.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const RUNS = Number(values.runs)

const bundles = mkdtempSync(join(tmpdir(), 'dakghar-bundles-'))
bundleAll(bundles)
const emulators = await startEmulators({ dataDir: null })
await ensureResources(emulators.env, [])

console.log('ms, medians     bundle   in all  loading  first event')
for (const spec of FUNCTIONS) {
  const runs: Awaited<ReturnType<typeof coldStart>>[] = []
  for (let run = 0; run < RUNS; run++) runs.push(await coldStart(spec))
  const kilobytes = Math.round(statSync(fileOf(spec)).size / 1_024)
  const cells = (['allMs', 'loadMs', 'eventMs'] as const).map((part) => median(runs.map((run) => run[part])))
  const [all, load, event] = cells.map((ms) => ms.toFixed(0))
  console.log(
    spec.name.padEnd(12) +
      `${kilobytes} KB`.padStart(10) +
      all!.padStart(9) +
      load!.padStart(9) +
      event!.padStart(13),
  )
}
await emulators.close()
rmSync(bundles, { recursive: true })

function fileOf({ name }: FunctionSpec): string {
  return join(bundles, name, BUNDLE_FILE)
}

async function coldStart(spec: FunctionSpec): Promise<{ allMs: number; loadMs: number; eventMs: number }> {
  const NODE_OPTIONS = ['--enable-source-maps', spec.nodeOptions].filter(Boolean).join(' ')
  const env = { ...emulators.env, NODE_OPTIONS, LOG_LEVEL: 'SILENT' }
  const beganMs = performance.now()
  const lambda = new BundledFunction(spec.name, fileOf(spec), env)
  const loadMs = await lambda.loaded()
  const loadedMs = performance.now()
  await lambda.invoke(FIRST_EVENTS[spec.name], spec.timeoutSeconds)
  const answeredMs = performance.now()
  await lambda.stop()
  return { allMs: answeredMs - beganMs, loadMs, eventMs: answeredMs - loadedMs }
}
