import type { DispatchQueueName } from '../../shared/contracts/wiring.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Queue } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'

type Handle = { queue: DispatchQueueName; receipt: string }

/**
 * The SQS copies this process has in hand: kept invisible to others while they are needed, deleted in groups of ten
 * when they are not.
 */
export class Copies {
  readonly #queue: Queue
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #held = new Map<string, DispatchQueueName>()
  readonly #doomed = new Map<DispatchQueueName, string[]>()
  #deleting: Promise<void> = Promise.resolve()
  #renewTimer: NodeJS.Timeout
  #flushScheduled = false

  constructor(options: { queue: Queue; clock: Clock; timing: Timing; log: Log }) {
    this.#queue = options.queue
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#renewTimer = setInterval(() => void this.#renew(), options.timing.visibilityMs / 2)
  }

  get visibilitySeconds(): number {
    return Math.max(1, Math.ceil(this.#timing.visibilityMs / 1_000))
  }

  /** Copies kept invisible. */
  get size(): number {
    return this.#held.size
  }

  hold(handle: Handle): void {
    this.#held.set(handle.receipt, handle.queue)
  }

  /** Forgets a copy somebody else disposes of. */
  drop(receipt: string): void {
    this.#held.delete(receipt)
  }

  /** Lets others see the copies again, after `seconds`. */
  async giveBack(queue: DispatchQueueName, receipts: readonly string[], seconds = 0): Promise<void> {
    for (const receipt of receipts) this.#held.delete(receipt)
    try {
      await this.#queue.changeVisibility(queue, receipts, seconds)
    } catch (cause) {
      this.#log.warn('copies not given back; they reappear by themselves', { queue, cause: String(cause) })
    }
  }

  /** Deletes soon, together with others. A copy whose deletion fails reappears and is found finished. */
  remove(queue: DispatchQueueName, receipts: readonly string[]): void {
    const doomed = this.#doomed.get(queue) ?? []
    for (const receipt of receipts) {
      this.#held.delete(receipt)
      doomed.push(receipt)
    }
    this.#doomed.set(queue, doomed)
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    this.#deleting = this.#deleting
      .then(() => this.#clock.sleep(this.#timing.lingerMs))
      .then(() => this.#flush())
  }

  /** Deletes what is due; copies still held become visible when their time is over. */
  async close(): Promise<void> {
    clearInterval(this.#renewTimer)
    await this.#deleting
    await this.#flush()
  }

  async #flush(): Promise<void> {
    this.#flushScheduled = false
    const groups = [...this.#doomed]
    this.#doomed.clear()
    for (const [queue, receipts] of groups) {
      await this.#queue.delete(queue, receipts).catch((cause: unknown) => {
        this.#log.warn('finished copies not deleted', { queue, cause: String(cause) })
      })
    }
  }

  async #renew(): Promise<void> {
    const groups = new Map<DispatchQueueName, string[]>()
    for (const [receipt, queue] of this.#held) groups.set(queue, [...(groups.get(queue) ?? []), receipt])
    for (const [queue, receipts] of groups) {
      await this.#queue.changeVisibility(queue, receipts, this.visibilitySeconds).catch((cause: unknown) => {
        this.#log.warn('visibility not renewed', { queue, cause: String(cause) })
      })
    }
  }
}
