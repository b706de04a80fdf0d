import type { Context } from 'aws-lambda'
import { lambdaContext, sqsEvent } from '../../local/lambda-events.ts'
import { FUNCTIONS, type WorkQueueName } from '../../shared/contracts/wiring.ts'
import { fakeClock } from '../support/fake-clock.ts'

/** An SQS event of these bodies; message ids are `message-0`, `message-1`, … */
export function sqsEventOf(queue: WorkQueueName, ...bodies: unknown[]) {
  return sqsEvent(
    queue,
    bodies.map((body, n) => ({
      body: typeof body === 'string' ? body : JSON.stringify(body),
      receipt: `receipt-${n}`,
      messageId: `message-${n}`,
      receiveCount: 1,
      sentAt: 0,
    })),
  )
}

/** A context whose time does not run out. */
export const context = (): Context => lambdaContext(FUNCTIONS[0]!, 'request-1', fakeClock())
