import type { Context } from 'aws-lambda'
import { PlanLibrary } from '../plan-library.ts'
import { processDeps } from '../process-deps.ts'
import { runScheduler, type SchedulerDeps } from './service.ts'

/** Kept free before the Lambda's deadline for the campaign under way. */
const RESERVE_MS = 20_000

export function schedulerHandler(deps: SchedulerDeps): (event: unknown, context: Context) => Promise<void> {
  const library = new PlanLibrary(deps)
  return (_event, context) =>
    runScheduler(deps, library, deps.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS)
}

let run: ReturnType<typeof schedulerHandler> | undefined

export const handler: ReturnType<typeof schedulerHandler> = (event, context) => {
  run ??= schedulerHandler(processDeps())
  return run(event, context)
}
