import type { FunctionSpec } from '../shared/contracts/wiring.ts'
import type { Log } from '../shared/log.ts'
import type { Clock, Ids } from '../shared/ports.ts'
import type { LambdaHandler } from './event-source.ts'
import { lambdaContext, scheduledEvent } from './lambda-events.ts'

/** Invokes a function again and again, `everyMs` after it answered; one run at a time, a failed one is only logged. */
export class Schedule {
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>

  constructor(
    spec: FunctionSpec,
    handler: LambdaHandler,
    everyMs: number,
    deps: { clock: Clock; ids: Ids; log: Log },
  ) {
    this.#running = this.#run(spec, handler, everyMs, deps)
  }

  async #run(
    spec: FunctionSpec,
    handler: LambdaHandler,
    everyMs: number,
    deps: { clock: Clock; ids: Ids; log: Log },
  ): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        const id = deps.ids.ulid()
        await handler(scheduledEvent(id, deps.clock.now()), lambdaContext(spec, id, deps.clock))
      } catch (error) {
        deps.log.error('function failed', { function: spec.name, error: String(error) })
      }
      await deps.clock.sleep(everyMs, signal)
    }
  }

  /** Resolves when the run under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }
}
