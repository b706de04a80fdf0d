import { DakgharError } from '../shared/errors.ts'

/** Thrown when a queue did not take everything; `unsent` names the bodies to offer again, the others were sent. */
export class QueueError extends DakgharError {
  readonly unsent: readonly number[]

  constructor(message: string, unsent: readonly number[], options: { retryable: boolean; cause?: unknown }) {
    super('queue_send_failed', message, options)
    this.unsent = unsent
  }
}

/** Thrown when SQS keeps failing to delete copies or change their visibility. */
export class QueueUnavailable extends DakgharError {
  constructor(message: string) {
    super('queue_unavailable', message, { retryable: true })
  }
}

/** Thrown when a table still leaves items unprocessed after every retry: it is throttled, try later. */
export class TableThrottled extends DakgharError {
  constructor(message: string) {
    super('table_throttled', message, { retryable: true })
  }
}

/** Thrown when a slice would not fit into one item (DynamoDB: 400 KB): whoever packs slices must cut them smaller. */
export class SliceTooLarge extends DakgharError {
  constructor(message: string) {
    super('slice_too_large', message)
  }
}

/** Thrown when a stored item is not what this version writes: a table of another application, or a damaged one. */
export class UnreadableItem extends DakgharError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('unreadable_item', message, options)
  }
}

/** Thrown when a secret reference leads nowhere or to something that is not `{systemId, password}`. */
export class SecretUnreadable extends DakgharError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('secret_unreadable', message, { retryable: true, ...options })
  }
}

/** Whether the same call to AWS may succeed later: it was throttled, it failed there, or the answer got lost. */
export function isPassing(error: unknown): boolean {
  const { $fault, $retryable, name = '' } = error as { $fault?: string; $retryable?: object; name?: string }
  return $fault !== 'client' || $retryable !== undefined || /Throttl|TooManyRequests|Exceeded/.test(name)
}
