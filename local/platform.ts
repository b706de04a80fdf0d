/**
 * The whole platform on one machine, each part a process of its own:
 *
 *   emulators ◀── api · functions · bind worker ──▶ simulator (or the SMSC given)
 *
 * Started from the left to the right, stopped so that nobody loses what it needs to finish: first what takes in new
 * work (API, functions), then the worker, which drains over its binds and writes its facts, then the two ends.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { depsFromEnv } from '../aws/deps.ts'
import { FUNCTIONS, WORKER_NODE_OPTIONS } from '../shared/contracts/wiring.ts'
import type { SimulatorInput } from '../simulator/options.ts'
import type { Truth } from '../simulator/truth.ts'
import { localCertificate } from './certificate.ts'
import {
  demoRoute,
  SIMULATOR_ACCOUNT,
  SMSC_SECRET,
  type SmscAccount,
  type SmscAddress,
} from './demo-route.ts'
import type { Child, Exit } from './process/child.ts'
import { Processes } from './process/processes.ts'
import { ensureResources } from './resources.ts'
import { demoScrub } from './seed/demo-scrub.ts'
import { DEMO_ROUTE, demoPool } from './seed/demo-tenant.ts'
import { demoKey, seedDemo } from './seed/seed.ts'

export interface PlatformOptions {
  /** Where tables, queues, objects, certificate and demo key are kept; null keeps them in memory. */
  dataDir: string | null
  /** 0, the default, or a taken port: any free one. */
  apiPort?: number
  /** Segments per second of the demo route. */
  tps?: number
  binds?: number
  window?: number
  /** Of the simulator, beside certificate and account; it scrubs against the demo tenant's registry unless told otherwise. */
  simulator?: Partial<SimulatorInput>
  /** Another SMSC instead of the simulator. */
  smsc?: SmscAddress & { account: SmscAccount }
  /** Factor on every duration, see `shared/timing.ts`. */
  timingScale?: number
  /** Variables of `aws/config.ts` that say something else than the emulators do: another DynamoDB. */
  aws?: Readonly<Record<string, string>>
  /** Every line the processes print. */
  onLine?: (process: string, line: string) => void
}

export interface Platform {
  url: string
  /** An API key of the demo tenant. */
  key: string
  /** What reaches the emulators, for `depsFromEnv`. */
  env: Readonly<Record<string, string>>
  /** What the simulator really received; null when another SMSC was given. */
  truth(): Promise<Truth | null>
  startWorker(): Promise<void>
  /** SIGKILL ends it at once, SIGTERM drains; resolves when it is gone. */
  killWorker(signal: NodeJS.Signals): Promise<Exit>
  /** Rejects with a ChildFailed when a process ends by itself. */
  readonly failed: Promise<never>
  /** Drains and stops everything in order. */
  stop(): Promise<void>
}

const DEFAULTS = { tps: 500, binds: 2, window: 100, timingScale: 1, apiPort: 0 }

export async function startPlatform(given: PlatformOptions): Promise<Platform> {
  const options = { ...DEFAULTS, ...given }
  if (options.dataDir !== null) mkdirSync(options.dataDir, { recursive: true })
  const processes = new Processes(options.onLine)
  try {
    return await start(options, processes)
  } catch (error) {
    await processes.stop()
    throw error
  }
}

async function start(options: PlatformOptions & typeof DEFAULTS, processes: Processes): Promise<Platform> {
  const [env, { smsc, account, simulator }] = await Promise.all([
    startEmulators(processes, options),
    options.smsc
      ? { smsc: options.smsc, account: options.smsc.account, simulator: null }
      : startSimulator(processes, options),
  ])
  await ensureResources(env, [demoPool])
  const deps = depsFromEnv(env)
  await seedDemo(deps, demoRoute(smsc, options))
  const key = await demoKey(deps, options.dataDir)
  deps.close()

  let worker: Child | null = null
  const startWorker = async () => {
    const workerEnv = {
      ...env,
      ROUTE_ID: DEMO_ROUTE,
      HEALTH_PORT: '0',
      [SMSC_SECRET]: JSON.stringify(account),
      NODE_OPTIONS: withOptions(WORKER_NODE_OPTIONS),
    }
    worker = processes.start({ name: 'bind-worker', module: 'bind-worker/main.ts', env: workerEnv })
    await worker.started()
  }
  const api = { name: 'api', module: 'local/process/api-main.ts', argv: [String(options.apiPort)], env }
  const nodeOptions = FUNCTIONS.map((spec) => spec.nodeOptions ?? '').join(' ')
  const functions = {
    ...{ name: 'functions', module: 'local/process/functions-main.ts' },
    env: { ...env, NODE_OPTIONS: withOptions(nodeOptions) },
  }
  const [{ url }] = await Promise.all([
    processes.start(api).started(),
    processes.start(functions).started(),
    startWorker(),
  ])

  return {
    url: String(url),
    key,
    env,
    startWorker,
    truth: async () => (simulator ? ((await simulator.ask({ cmd: 'truth' })).truth as Truth) : null),
    async killWorker(signal) {
      if (!worker) throw new Error('there is no worker to kill')
      const killed = worker
      worker = null
      processes.expectEnd(killed)
      killed.kill(signal)
      return killed.exited
    },
    failed: processes.failed,
    stop: () => processes.stop(),
  }
}

/** Beside what this process was started with. */
const withOptions = (options: string) => `${process.env.NODE_OPTIONS ?? ''} ${options}`.trim()

async function startEmulators(
  processes: Processes,
  options: PlatformOptions & typeof DEFAULTS,
): Promise<Record<string, string>> {
  const emulators = processes.start({
    name: 'emulators',
    module: 'local/emulators-main.ts',
    env: {},
    argv: options.dataDir === null ? [] : [options.dataDir],
  })
  const env = JSON.parse(await emulators.firstLine())
  return { ...env, TIMING_SCALE: String(options.timingScale), ...options.aws }
}

async function startSimulator(
  processes: Processes,
  options: PlatformOptions,
): Promise<{ smsc: SmscAddress; account: SmscAccount; simulator: Child }> {
  const { cert, key } = await localCertificate(options.dataDir, Date.now())
  const owedFile = options.dataDir === null ? null : join(options.dataDir, 'owed-receipts.jsonl')
  const input: SimulatorInput = {
    owedFile,
    scrub: demoScrub('pass'),
    ...options.simulator,
    tls: { cert, key },
    accounts: [SIMULATOR_ACCOUNT],
  }
  const simulator = processes.start({
    name: 'simulator',
    module: 'simulator/main.ts',
    env: { DAKGHAR_SIMULATOR: JSON.stringify(input) },
  })
  const { port } = JSON.parse(await simulator.firstLine())
  // Its outcomes are 001, 027 and 408 as that gateway uses them (simulator/outcome.ts).
  const dialect = 'route-mobile' as const
  const smsc = { host: '127.0.0.1', port: Number(port), tls: { ca: cert }, dialect }
  return { smsc, account: SIMULATOR_ACCOUNT, simulator }
}
