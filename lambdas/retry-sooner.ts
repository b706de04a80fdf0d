import type { SQSRecord } from 'aws-lambda'
import type { WorkQueueName } from '../shared/contracts/wiring.ts'
import type { Log } from '../shared/log.ts'
import type { Queue } from '../shared/ports.ts'

const CAP_SECONDS = 900

/**
 * Has a failed message come again in 2, 4, 8 … seconds, at most 15 minutes. Without it, it would wait until its
 * visibility ends, which is six times the function's timeout: an hour and a half for a check that met one throttle.
 */
export async function retrySooner(
  deps: { queue: Queue; log: Log },
  queue: WorkQueueName,
  record: SQSRecord,
): Promise<void> {
  const receives = Number(record.attributes.ApproximateReceiveCount)
  const seconds = Math.min(CAP_SECONDS, 2 ** receives)
  await deps.queue.changeVisibility(queue, [record.receiptHandle], seconds).catch((cause: unknown) => {
    deps.log.warn('a failed message comes again only when its visibility ends', {
      queue,
      cause: String(cause),
    })
  })
}
