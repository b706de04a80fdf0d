import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { z } from 'zod'
import type { WorkQueueName } from '../shared/contracts/wiring.ts'
import type { EpochMs } from '../shared/ids.ts'
import type { Log } from '../shared/log.ts'
import type { Clock, Queue } from '../shared/ports.ts'
import { retrySooner } from './retry-sooner.ts'

export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>

export interface Invocation {
  /** When the work must be over or handed on: the Lambda's deadline less a reserve. */
  deadline: EpochMs
}

/** Kept free before the deadline for the last writes and the answer. */
const RESERVE_MS = 10_000

/**
 * A handler that does `work` for each record of an SQS event and answers which of them failed; those SQS delivers
 * again, after a growing wait, and after too many receives moves to the dead-letter queue. So does a body that does
 * not fit the schema.
 */
export function queueHandler<T>(
  deps: { queue: Queue; clock: Clock; log: Log },
  queue: WorkQueueName,
  schema: z.ZodType<T>,
  work: (job: T, invocation: Invocation) => Promise<unknown>,
): QueueHandler {
  return (event, context) => {
    const deadline = deps.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS
    const doRecord = async (record: SQSRecord): Promise<void> => {
      try {
        await work(schema.parse(JSON.parse(record.body)), { deadline })
      } catch (error) {
        deps.log.error('job failed, SQS will deliver it again', {
          messageId: record.messageId,
          receiveCount: record.attributes.ApproximateReceiveCount,
          error: String(error),
        })
        await retrySooner(deps, queue, record)
        throw error
      }
    }
    return processPartialResponse(event, doRecord, new BatchProcessor(EventType.SQS), {
      context,
      throwOnFullBatchFailure: false,
    })
  }
}
