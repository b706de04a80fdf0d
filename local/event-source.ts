import { once } from 'node:events'
import type { FunctionSpec, QueueSpec } from '../shared/contracts/wiring.ts'
import type { Log } from '../shared/log.ts'
import type { Clock, Ids, Queue, QueueMessage } from '../shared/ports.ts'
import { lambdaContext, sqsEvent } from './lambda-events.ts'
import { failedMessages } from './partial-response.ts'

// biome-ignore lint/suspicious/noExplicitAny: functions take the event of their own source
export type LambdaHandler = (event: any, context: any) => Promise<unknown>

export interface EventSourceOptions {
  spec: FunctionSpec
  queue: QueueSpec
  batchSize: number
  windowSeconds: number
  /** Invocations at the same time. */
  concurrency: number
  handler: LambdaHandler
  deps: { queue: Queue; clock: Clock; ids: Ids; log: Log }
}

/** SQS: a receive answers at most ten messages and waits at most 20 s. */
const RECEIVE_MAX = 10
const LONG_POLL_SECONDS = 20
/** After the queue could not be read. */
const BACKOFF_MS = 1_000

/**
 * An SQS event source of Lambda on one machine: fills a batch for at most `windowSeconds`, invokes the function with
 * it, deletes what succeeded. What failed is left alone: it becomes visible again when its visibility ends, and the
 * queue itself moves it to the dead letters when it came too often.
 */
export class EventSource {
  readonly #options: EventSourceOptions
  readonly #stopping = new AbortController()
  readonly #invocations = new Set<Promise<void>>()
  /** Copies handed to a function that has not answered. */
  readonly #handedOver = new Set<string>()
  #polling: Promise<void> = Promise.resolve()

  constructor(options: EventSourceOptions) {
    this.#options = options
  }

  start(): void {
    this.#polling = this.#poll()
  }

  /**
   * Stops polling and waits for invocations under way. Those still running after `graceMs` are given up and their
   * messages given back at once, so that a restart need not wait for their visibility to end.
   */
  async stop(graceMs: number): Promise<void> {
    const { deps, queue } = this.#options
    this.#stopping.abort()
    await this.#polling
    const grace = new AbortController()
    await Promise.race([Promise.all(this.#invocations), deps.clock.sleep(graceMs, grace.signal)])
    grace.abort()
    if (this.#handedOver.size > 0) {
      await deps.queue.changeVisibility(queue.name, [...this.#handedOver], 0)
    }
  }

  async #poll(): Promise<void> {
    const { clock, log } = this.#options.deps
    const { signal } = this.#stopping
    const aborted = once(signal, 'abort')
    while (!signal.aborted) {
      try {
        const batch = await this.#gather(signal)
        if (signal.aborted) await this.#giveBack(batch)
        else if (batch.length > 0) this.#begin(batch)
        if (this.#invocations.size >= this.#options.concurrency) {
          await Promise.race([...this.#invocations, aborted])
        }
      } catch (error) {
        log.error('event source could not read its queue', {
          queue: this.#options.queue.name,
          error: String(error),
        })
        await clock.sleep(BACKOFF_MS, signal)
      }
    }
  }

  /** The first message is waited for; the window counts from its arrival. */
  async #gather(signal: AbortSignal): Promise<QueueMessage[]> {
    const { clock } = this.#options.deps
    const { batchSize, windowSeconds } = this.#options
    const batch = await this.#receive(batchSize, LONG_POLL_SECONDS, signal)
    const closesAtMs = clock.monotonicMs() + windowSeconds * 1_000
    while (batch.length > 0 && batch.length < batchSize && !signal.aborted) {
      const leftMs = closesAtMs - clock.monotonicMs()
      if (leftMs <= 0) break
      batch.push(...(await this.#receive(batchSize - batch.length, Math.ceil(leftMs / 1_000), signal)))
    }
    return batch
  }

  #receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<QueueMessage[]> {
    const { name, visibilitySeconds } = this.#options.queue
    return this.#options.deps.queue.receive(name, {
      max: Math.min(RECEIVE_MAX, max),
      waitSeconds,
      visibilitySeconds,
      signal,
    })
  }

  #begin(batch: readonly QueueMessage[]): void {
    const invocation = this.#invoke(batch).finally(() => this.#invocations.delete(invocation))
    this.#invocations.add(invocation)
  }

  async #invoke(batch: readonly QueueMessage[]): Promise<void> {
    const { deps, queue } = this.#options
    for (const message of batch) this.#handedOver.add(message.receipt)
    const failed = await this.#call(batch)
    const done = batch.filter((message) => !failed.has(message.messageId)).map((message) => message.receipt)
    await deps.queue.delete(queue.name, done).catch((error) => {
      deps.log.warn('messages done could not be deleted and will come again', { error: String(error) })
    })
    for (const message of batch) this.#handedOver.delete(message.receipt)
  }

  /** Answers the ids of the messages that failed: all of them when the function throws or takes too long. */
  async #call(batch: readonly QueueMessage[]): Promise<Set<string>> {
    const { deps, spec, queue, handler } = this.#options
    const ids = batch.map((message) => message.messageId)
    const timer = new AbortController()
    const timeout = deps.clock.sleep(spec.timeoutSeconds * 1_000, timer.signal).then(() => {
      if (!timer.signal.aborted) throw new Error(`timed out after ${spec.timeoutSeconds} s`)
    })
    try {
      const context = lambdaContext(spec, deps.ids.ulid(), deps.clock)
      const answer = await Promise.race([handler(sqsEvent(queue.name, batch), context), timeout])
      return failedMessages(answer, ids)
    } catch (error) {
      deps.log.error('function failed', { function: spec.name, error: String(error) })
      return new Set(ids)
    } finally {
      timer.abort()
    }
  }

  async #giveBack(batch: readonly QueueMessage[]): Promise<void> {
    if (batch.length === 0) return
    const receipts = batch.map((message) => message.receipt)
    await this.#options.deps.queue.changeVisibility(this.#options.queue.name, receipts, 0)
  }
}
