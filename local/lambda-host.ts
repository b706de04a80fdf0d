/**
 * Runs the functions of `shared/contracts/wiring.ts` on one machine: queue functions behind event sources, schedules
 * on timers. The HTTP function is served by `serveApi` in a process of its own, so that a check never stalls it.
 */
import { FIXED_QUEUES, FUNCTIONS, type FunctionSpec } from '../shared/contracts/wiring.ts'
import type { Log } from '../shared/log.ts'
import type { Clock, Ids, Queue } from '../shared/ports.ts'
import type { Timing } from '../shared/timing.ts'
import { EventSource, type LambdaHandler } from './event-source.ts'
import { Schedule } from './schedule.ts'

export interface LambdaHostDeps {
  queue: Queue
  clock: Clock
  ids: Ids
  timing: Timing
  log: Log
}

export interface LambdaHost {
  /** Stops intake, waits for what is under way, gives the rest back. */
  stop(): Promise<void>
}

/** One process runs all functions: more at once than this only makes them wait for each other. */
const LOCAL_CONCURRENCY = 4
const STOP_GRACE_MS = 15_000

const REPOSITORY = new URL('../', import.meta.url)

export async function importHandler(module: string): Promise<LambdaHandler> {
  const loaded: { handler: LambdaHandler } = await import(new URL(module, REPOSITORY).href)
  return loaded.handler
}

export async function startLambdaHost(
  deps: LambdaHostDeps,
  options: { functions?: readonly FunctionSpec[]; load?: (module: string) => Promise<LambdaHandler> } = {},
): Promise<LambdaHost> {
  const { functions = FUNCTIONS, load = importHandler } = options
  const running: { stop(graceMs: number): Promise<void> }[] = []
  for (const spec of functions) {
    if (spec.source.kind === 'http') continue
    running.push(run(deps, spec, await load(spec.module)))
  }
  return {
    async stop() {
      await Promise.all(running.map((source) => source.stop(STOP_GRACE_MS)))
    },
  }
}

function run(deps: LambdaHostDeps, spec: FunctionSpec, handler: LambdaHandler): EventSource | Schedule {
  const { source } = spec
  switch (source.kind) {
    case 'http':
      throw new Error(`${spec.name} is served by serveApi, not by the host`)
    case 'schedule':
      return new Schedule(spec, handler, source.everyMinutes * deps.timing.schedulerMs, deps)
    case 'queue': {
      const queue = FIXED_QUEUES.find(({ name }) => name === source.queue)
      if (!queue) throw new Error(`${spec.name} reads queue ${source.queue}, which wiring.ts does not list`)
      const { batchSize, windowSeconds, maxConcurrency } = source
      const concurrency = Math.min(maxConcurrency, LOCAL_CONCURRENCY)
      const eventSource = new EventSource({
        spec,
        queue,
        batchSize,
        windowSeconds,
        concurrency,
        handler,
        deps,
      })
      eventSource.start()
      return eventSource
    }
  }
}
