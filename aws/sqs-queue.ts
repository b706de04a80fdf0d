import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { QueueName } from '../shared/contracts/wiring.ts'
import type { Clock, Queue, QueueMessage, Random } from '../shared/ports.ts'
import { backoff, MAX_ROUNDS } from './backoff.ts'
import { chunked, eachLimited } from './concurrency.ts'
import { isPassing, QueueError, QueueUnavailable } from './errors.ts'
import { packBatches, type QueueEntry } from './pack-batches.ts'

/** SQS: entries per batch request. */
const MAX_ENTRIES = 10
const MAX_REQUESTS_AT_ONCE = 8
/** A copy deleted already, or visible again: what was asked for is so, or can no longer be. */
const GONE = /ReceiptHandleIsInvalid|InvalidParameterValue|MessageNotInflight/

/** What became of a batch: entries SQS failed to take, entries it will never take, or no answer at all. */
type SendAnswer = { failed: QueueEntry[]; refused: QueueEntry[] } | { passing: boolean; cause: unknown }

export class SqsQueue implements Queue {
  readonly #client: SQSClient
  readonly #urlPrefix: string
  readonly #clock: Clock
  readonly #random: Random

  constructor(options: { client: SQSClient; urlPrefix: string; clock: Clock; random: Random }) {
    this.#client = options.client
    this.#urlPrefix = options.urlPrefix
    this.#clock = options.clock
    this.#random = options.random
  }

  async send(queue: QueueName, bodies: readonly string[], options: { delaySeconds?: number } = {}) {
    const unsent: number[] = []
    let retryable = true
    let cause: unknown
    const giveUp = (entries: readonly QueueEntry[], refusal: { passing: boolean; cause?: unknown }) => {
      if (entries.length === 0) return
      unsent.push(...entries.map(({ index }) => index))
      retryable &&= refusal.passing
      cause ??= refusal.cause
    }
    await eachLimited(packBatches(bodies), MAX_REQUESTS_AT_ONCE, async (batch) => {
      const first = await this.#trySend(queue, batch, options.delaySeconds)
      if ('cause' in first) return giveUp(batch, first)
      giveUp(first.refused, { passing: false })
      // One entry a request, so that a sick neighbour does no harm.
      for (const entry of first.failed) await this.#sendAlone(queue, entry, giveUp, options.delaySeconds)
    })
    if (unsent.length === 0) return
    throw new QueueError(
      `${queue}: ${unsent.length} of ${bodies.length} messages were not sent. Send those in "unsent" again.`,
      unsent.sort((a, b) => a - b),
      { retryable, cause },
    )
  }

  async receive(
    queue: QueueName,
    options: { max: number; waitSeconds: number; visibilitySeconds: number; signal?: AbortSignal },
  ): Promise<QueueMessage[]> {
    try {
      const answer = await this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url(queue),
          MaxNumberOfMessages: Math.min(MAX_ENTRIES, options.max),
          WaitTimeSeconds: options.waitSeconds,
          VisibilityTimeout: options.visibilitySeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        }),
        options.signal ? { abortSignal: options.signal } : {},
      )
      return (answer.Messages ?? []).map(toQueueMessage)
    } catch (error) {
      if (options.signal?.aborted) return []
      throw error
    }
  }

  async delete(queue: QueueName, receipts: readonly string[]) {
    await this.#forEach(receipts, (entries) =>
      this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url(queue), Entries: entries })),
    )
  }

  async changeVisibility(queue: QueueName, receipts: readonly string[], seconds: number) {
    await this.#forEach(receipts, (entries) =>
      this.#client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.#url(queue),
          Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: seconds })),
        }),
      ),
    )
  }

  async depth(queue: QueueName) {
    const answer = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#url(queue),
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    )
    return {
      visible: Number(answer.Attributes?.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(answer.Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(answer.Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
    }
  }

  #url(queue: QueueName): string {
    return `${this.#urlPrefix}${queue}`
  }

  async #trySend(queue: QueueName, batch: readonly QueueEntry[], delaySeconds = 0): Promise<SendAnswer> {
    const command = new SendMessageBatchCommand({
      QueueUrl: this.#url(queue),
      Entries: batch.map(({ index, body }) => ({
        Id: String(index),
        MessageBody: body,
        ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
      })),
    })
    try {
      const { Failed = [] } = await this.#client.send(command)
      const faults = new Map(Failed.map((failure) => [failure.Id, failure.SenderFault === true]))
      return {
        failed: batch.filter(({ index }) => faults.get(String(index)) === false),
        refused: batch.filter(({ index }) => faults.get(String(index)) === true),
      }
    } catch (cause) {
      return { passing: isPassing(cause), cause }
    }
  }

  async #sendAlone(
    queue: QueueName,
    entry: QueueEntry,
    giveUp: (entries: readonly QueueEntry[], refusal: { passing: boolean; cause?: unknown }) => void,
    delaySeconds?: number,
  ): Promise<void> {
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      await backoff(this.#clock, this.#random, round)
      const answer = await this.#trySend(queue, [entry], delaySeconds)
      if ('cause' in answer) return giveUp([entry], answer)
      if (answer.refused.length > 0) return giveUp([entry], { passing: false })
      if (answer.failed.length === 0) return
    }
    giveUp([entry], { passing: true })
  }

  /** A batch call over receipts; what failed for a passing reason is tried again, what is gone is left alone. */
  async #forEach(
    receipts: readonly string[],
    call: (
      entries: { Id: string; ReceiptHandle: string }[],
    ) => Promise<{ Failed?: BatchResultErrorEntry[] | undefined }>,
  ): Promise<void> {
    await eachLimited(chunked([...new Set(receipts)], MAX_ENTRIES), MAX_REQUESTS_AT_ONCE, async (chunk) => {
      let entries = chunk.map((receipt, i) => ({ Id: String(i), ReceiptHandle: receipt }))
      for (let round = 1; round <= MAX_ROUNDS; round++) {
        const { Failed = [] } = await call(entries)
        const again = new Set(Failed.filter((failure) => !GONE.test(failure.Code ?? '')).map(({ Id }) => Id))
        entries = entries.filter(({ Id }) => again.has(Id))
        if (entries.length === 0) return
        await backoff(this.#clock, this.#random, round)
      }
      throw new QueueUnavailable(`SQS still fails for ${entries.length} copies: they will come again.`)
    })
  }
}

function toQueueMessage(message: Message): QueueMessage {
  return {
    body: message.Body ?? '',
    receipt: message.ReceiptHandle ?? '',
    messageId: message.MessageId ?? '',
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    sentAt: Number(message.Attributes?.SentTimestamp ?? 0),
  }
}
