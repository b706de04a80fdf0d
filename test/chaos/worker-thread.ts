/** A bind worker in a thread of its own: it can be frozen and killed like a process, and starts much faster. */

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { systemIds } from '../../aws/system-clock.ts'
import { Worker } from '../../bind-worker/worker.ts'
import type { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import type { Log } from '../../shared/log.ts'
import { silentMetrics } from '../../shared/metrics.ts'
import type { Timing } from '../../shared/timing.ts'
import { seededRandom } from '../support/fake-random.ts'
import { RemotePorts, type ToMain, type ToWorker } from './ports-wire.ts'
import { Jumps } from './process-clock.ts'

export interface WorkerData {
  route: RouteConfig
  pool: PoolConfig
  timing: Timing
  credentials: { systemId: string; password: string }
  jumps: Int32Array<SharedArrayBuffer>
  clock: number
  seed: number
}

const main = parentPort as MessagePort
const data = workerData as WorkerData
const post = (message: ToMain) => main.postMessage(message)
const remote = new RemotePorts(main)

const logged = (level: string) => (message: string, fields?: Record<string, unknown>) =>
  post({ kind: 'log', line: `${level} ${message} ${JSON.stringify(fields ?? {})}` })
const log: Log = { info: logged('info'), warn: logged('warn'), error: logged('error') }

const worker = new Worker({
  metrics: silentMetrics,
  deps: {
    ...remote.ports(),
    clock: new Jumps(data.jumps).clockOf(data.clock),
    ids: systemIds(),
    random: seededRandom(data.seed),
    timing: data.timing,
    log,
  },
  secrets: { read: () => Promise.resolve(data.credentials) },
  route: data.route,
  pool: data.pool,
  routeShare: 0.5,
  rememberedIds: 10_000,
})

/** Nothing of this thread runs meanwhile, as under SIGSTOP; sockets and answers pile up. */
function freeze(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs)
}

main.on('message', (message: ToWorker) => {
  if (message.kind === 'freeze') freeze(message.forMs)
  else if (message.kind === 'drain') void worker.drain().then(() => post({ kind: 'drained' }))
  else remote.onMessage(message)
})
worker.start()
post({ kind: 'started' })
