/**
 * Whether submits and receipts starve each other: a worker at full speed, a peer that sends receipts as fast as they are
 * acknowledged up to a rate; each alone, then both.
 *
 *     npm run bench -- receipts [--rate 10000] [--seconds 10] [--binds 4] [--window 100]
 *
 * Target: together, each direction keeps at least half of what it does alone, and no receipt is turned away. The worker
 * has one core for both, so what one gains the other loses; what must not be is that one takes all.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from '../bind-worker/worker.ts'
import { PoolConfig } from '../shared/contracts/route.ts'
import { silentMetrics } from '../shared/metrics.ts'
import { endlessDeps } from './endless-deps.ts'
import { type Counts, startPeer } from './receipts-peer.ts'
import { sampleRoute } from './sample-route.ts'

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
    binds: { type: 'string', default: '4' },
    window: { type: 'string', default: '100' },
  },
})
const rate = Number(values.rate)
const seconds = Number(values.seconds)
const window = Number(values.window)
const KEEPS = 0.5
/** Until code is warm, or what was on its way has come. */
const SETTLE_MS = 3_000

/** A second, but for the share of a core. */
interface Run extends Omit<Counts, 'atMs'> {
  cpu: number
}

const peer = await startPeer()
const deps = endlessDeps()
const route = sampleRoute(peer.port, {
  ...{ binds: Number(values.binds), tps: 100_000, lanes: ['service'], window: { min: window, max: window } },
})
const worker = new Worker({
  metrics: silentMetrics,
  ...{ deps, route, pool: PoolConfig.parse({ id: 'bench' }), routeShare: 1, rememberedIds: 1_000_000 },
  secrets: { read: async () => ({ systemId: 'bench', password: 'bench' }) },
})
worker.start()

const submitsAlone = await measure({ hasWork: true, receiptsPerSecond: 0 })
const receiptsAlone = await measure({ hasWork: false, receiptsPerSecond: rate })
const both = await measure({ hasWork: true, receiptsPerSecond: rate })
const { receipts } = worker.state()
peer.stop()

const lines: [string, Run][] = [
  ['submits alone', submitsAlone],
  ['receipts alone', receiptsAlone],
  ['together', both],
]
console.log('                 submits/s   receipts/s   turned away/s   CPU')
for (const [name, run] of lines) {
  const cells = [run.submits, run.receipts, run.turnedAway].map((perSecond) => `${Math.round(perSecond)}`)
  const widths = [11, 13, 16]
  const text = cells.map((cell, i) => cell.padStart(widths[i]!)).join('')
  console.log(`${name.padEnd(15)}${text}${`${Math.round(100 * run.cpu)} %`.padStart(6)}`)
}
const kept = {
  submits: both.submits / submitsAlone.submits,
  receipts: both.receipts / receiptsAlone.receipts,
}
console.log(
  `kept: submits ${kept.submits.toFixed(2)}, receipts ${kept.receipts.toFixed(2)}, target ${KEEPS} of each`,
)
console.log(`receipts of the worker: ${JSON.stringify(receipts)}`)
const isKept = kept.submits >= KEEPS && kept.receipts >= KEEPS && both.turnedAway === 0
process.exit(isKept ? 0 : 1)

async function measure(load: { hasWork: boolean; receiptsPerSecond: number }): Promise<Run> {
  deps.hasWork = load.hasWork
  peer.setRate(load.receiptsPerSecond)
  await sleep(SETTLE_MS)
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const before = await peer.counts()
  await sleep(seconds * 1_000)
  const after = await peer.counts()
  const { user, system } = process.cpuUsage(cpuBefore)
  const perSecond = (of: 'submits' | 'receipts' | 'turnedAway') =>
    (1_000 * (after[of] - before[of])) / (after.atMs - before.atMs)
  return {
    submits: perSecond('submits'),
    receipts: perSecond('receipts'),
    turnedAway: perSecond('turnedAway'),
    cpu: (user + system) / 1_000 / (performance.now() - startedAt),
  }
}
