import type { SQSEvent } from 'aws-lambda'
import { expect, it, vi } from 'vitest'
import { importHandler, startLambdaHost } from '../../local/lambda-host.ts'
import { FIXED_QUEUES, FUNCTIONS } from '../../shared/contracts/wiring.ts'
import { memoryDeps } from '../support/memory-ports.ts'

/** A host whose functions only note by which event they were called. */
async function noting() {
  const deps = memoryDeps()
  const calls: string[] = []
  const host = await startLambdaHost(deps, {
    load: async (module) => async (event: Partial<SQSEvent> & { source?: string }) => {
      calls.push(`${module} ← ${event.Records ? event.Records[0]!.body : event.source}`)
    },
  })
  return { ...deps, calls, host }
}

it('calls the function that wiring.ts names with what is in its queue', async () => {
  const { queue, clock, calls, host } = await noting()
  for (const { name } of FIXED_QUEUES) await queue.send(name, [`a message of ${name}`])
  await clock.advance(2_000)
  await vi.waitFor(() => expect(calls).toHaveLength(5))
  expect(calls.sort()).toEqual([
    'lambdas/compile/handler.ts ← a message of jobs',
    'lambdas/feeder/handler.ts ← a message of feed',
    'lambdas/inbound/handler.ts ← a message of inbound',
    'lambdas/scheduler/handler.ts ← aws.events',
    'lambdas/settle/handler.ts ← a message of settle',
  ])
  await host.stop()
})

it('calls a scheduled function every minute, also after it failed', async () => {
  const deps = memoryDeps()
  let runs = 0
  const host = await startLambdaHost(deps, {
    functions: FUNCTIONS.filter(({ name }) => name === 'scheduler'),
    load: async () => async () => {
      runs++
      throw new Error('boom')
    },
  })
  await deps.clock.advance(120_000)
  expect(runs).toBe(3)
  await host.stop()
})

it.each(FUNCTIONS)('finds the handler of $name where wiring.ts says it is', async ({ module }) => {
  expect(await importHandler(module)).toBeTypeOf('function')
})
