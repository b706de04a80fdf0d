import { expect, it } from 'vitest'
import { inboundHandler } from '../../lambdas/inbound/handler.ts'
import type { RouteId } from '../../shared/ids.ts'
import { memoryDeps } from '../support/memory-ports.ts'
import { context, sqsEventOf } from './sqs-event.ts'

const ROUTE = 'one' as RouteId
const MESSAGE = {
  kind: 'inbound',
  route: ROUTE,
  from: '919800000001',
  to: '56161',
  text: 'STOP',
  dataCoding: 0,
  arrivedAt: 1_700_000_000_000,
}

it('keeps a mobile-originated message once, however often it is delivered', async () => {
  const deps = memoryDeps()
  const handle = inboundHandler(deps)
  await handle(sqsEventOf('inbound', MESSAGE, MESSAGE), context())
  await handle(sqsEventOf('inbound', MESSAGE), context())
  expect(await deps.registry.inbound(ROUTE, 10)).toEqual([MESSAGE])
})

it('reports a body that is no message and keeps the others', async () => {
  const deps = memoryDeps()
  const answer = await inboundHandler(deps)(sqsEventOf('inbound', { kind: 'inbound' }, MESSAGE), context())
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] })
  expect(await deps.registry.inbound(ROUTE, 10)).toHaveLength(1)
})
