import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda'
import { DakgharError } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'

export type CustomResourceHandler = (event: CloudFormationCustomResourceEvent) => Promise<void>

/** CloudFormation takes answers of at most 4 KB. */
const MAX_REASON = 2_000

/** Thrown when CloudFormation's address did not take the answer: Lambda then calls again. */
class AnswerNotTaken extends DakgharError {
  constructor(status: number) {
    super('answer_not_taken', `CloudFormation's address answered ${status}.`, { retryable: true })
  }
}

/**
 * A handler of a custom resource: does `put` when the resource is created or changed, nothing when it is deleted, and
 * answers at the address that the event names. A fault fails the deployment with its sentence.
 */
export function customResource(
  deps: { log: Log },
  put: (type: string, properties: Readonly<Record<string, unknown>>) => Promise<void>,
): CustomResourceHandler {
  return async (event) => {
    try {
      if (event.RequestType !== 'Delete') await put(event.ResourceType, event.ResourceProperties)
      await answer(event, { Status: 'SUCCESS' })
    } catch (cause) {
      if (cause instanceof AnswerNotTaken) throw cause
      deps.log.error('deployment failed', { resource: event.LogicalResourceId, cause: String(cause) })
      await answer(event, { Status: 'FAILED', Reason: String(cause).slice(0, MAX_REASON) })
    }
  }
}

async function answer(
  event: CloudFormationCustomResourceEvent,
  outcome: { Status: 'SUCCESS' } | { Status: 'FAILED'; Reason: string },
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event
  const response: CloudFormationCustomResourceResponse = {
    ...{ StackId, RequestId, LogicalResourceId },
    // Always the same: a change is never a replacement.
    PhysicalResourceId: LogicalResourceId,
    ...outcome,
  } as CloudFormationCustomResourceResponse
  // As bytes, for no content type: the address is signed without one.
  const body = Buffer.from(JSON.stringify(response))
  const { ok, status } = await fetch(event.ResponseURL, { method: 'PUT', body })
  if (!ok) throw new AnswerNotTaken(status)
}
