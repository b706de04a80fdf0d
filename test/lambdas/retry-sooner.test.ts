import { expect, it } from 'vitest'
import { inboundHandler } from '../../lambdas/inbound/handler.ts'
import { lambdaContext, sqsEvent } from '../../local/lambda-events.ts'
import { FUNCTIONS } from '../../shared/contracts/wiring.ts'
import { memoryDeps } from '../support/memory-ports.ts'

const RECEIVE = { max: 1, waitSeconds: 0, visibilitySeconds: 180 }
const spec = FUNCTIONS.find(({ name }) => name === 'inbound')!

it('a failed message comes again in 2, then 4 seconds, not when its visibility ends', async () => {
  const deps = memoryDeps()
  const fail = async () => {
    const messages = await deps.queue.receive('inbound', RECEIVE)
    await inboundHandler(deps)(sqsEvent('inbound', messages), lambdaContext(spec, 'request', deps.clock))
    return messages.length
  }
  await deps.queue.send('inbound', ['{"kind":"nonsense"}'])
  expect(await fail()).toBe(1)
  await deps.clock.advance(1_900)
  expect(await fail()).toBe(0)
  await deps.clock.advance(100)
  expect(await fail()).toBe(1)
  await deps.clock.advance(3_900)
  expect(await fail()).toBe(0)
  await deps.clock.advance(100)
  expect(await fail()).toBe(1)
})

it('a queue that does not answer to that changes nothing else: the message is reported as failed', async () => {
  const deps = memoryDeps()
  await deps.queue.send('inbound', ['{"kind":"nonsense"}'])
  const messages = await deps.queue.receive('inbound', RECEIVE)
  deps.queue.changeVisibility = () => Promise.reject(new Error('throttled'))
  const answer = await inboundHandler(deps)(
    sqsEvent('inbound', messages),
    lambdaContext(spec, 'request', deps.clock),
  )
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: messages[0]!.messageId }])
})
