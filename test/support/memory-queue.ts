import type { QueueName, QueueSpec, WorkQueueName } from '../../shared/contracts/wiring.ts'
import { deadLetters } from '../../shared/contracts/wiring.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { Clock, Queue, QueueMessage } from '../../shared/ports.ts'

interface Copy {
  messageId: string
  body: string
  sentAt: EpochMs
  /** Invisible until then: in flight when it was received, delayed when not. */
  visibleAt: EpochMs
  receiveCount: number
  receipt: string | null
}

/**
 * SQS in memory: visibility and delays by the injected clock, receipts that change with every receive, redrive for
 * the queues whose spec asks for it. Queues come into being when first named.
 */
export class MemoryQueue implements Queue {
  readonly #clock: Clock
  readonly #maxReceives: ReadonlyMap<string, number>
  readonly #copies = new Map<QueueName, Copy[]>()
  readonly #wakers = new Set<() => void>()
  #counter = 0

  constructor(clock: Clock, specs: readonly QueueSpec[] = []) {
    this.#clock = clock
    this.#maxReceives = new Map(
      specs.flatMap((spec) => (spec.maxReceives ? [[spec.name, spec.maxReceives]] : [])),
    )
  }

  async send(queue: QueueName, bodies: readonly string[], options: { delaySeconds?: number } = {}) {
    const now = this.#clock.now()
    for (const body of bodies) {
      this.#of(queue).push({
        messageId: `message-${++this.#counter}`,
        body,
        sentAt: now,
        visibleAt: now + (options.delaySeconds ?? 0) * 1000,
        receiveCount: 0,
        receipt: null,
      })
    }
    this.#wakeAll()
  }

  async receive(
    queue: QueueName,
    options: { max: number; waitSeconds: number; visibilitySeconds: number; signal?: AbortSignal },
  ): Promise<QueueMessage[]> {
    const deadline = this.#clock.now() + options.waitSeconds * 1000
    for (;;) {
      if (options.signal?.aborted) return []
      const taken = this.#take(queue, Math.min(10, options.max), options.visibilitySeconds)
      const leftMs = deadline - this.#clock.now()
      if (taken.length > 0 || leftMs <= 0) return taken
      await this.#untilSomethingChanges(Math.min(leftMs, this.#nextVisibleMs(queue)), options.signal)
    }
  }

  async delete(queue: QueueName, receipts: readonly string[]) {
    const gone = new Set(receipts)
    const kept = this.#of(queue).filter((copy) => copy.receipt === null || !gone.has(copy.receipt))
    this.#copies.set(queue, kept)
  }

  async changeVisibility(queue: QueueName, receipts: readonly string[], seconds: number) {
    const now = this.#clock.now()
    for (const copy of this.#of(queue)) {
      const inFlight = copy.receipt !== null && copy.visibleAt > now
      if (inFlight && receipts.includes(copy.receipt as string)) copy.visibleAt = now + seconds * 1000
    }
    this.#wakeAll()
  }

  async depth(queue: QueueName) {
    const now = this.#clock.now()
    const depth = { visible: 0, inFlight: 0, delayed: 0 }
    for (const copy of this.#of(queue)) {
      if (copy.visibleAt <= now) depth.visible++
      else if (copy.receiveCount > 0) depth.inFlight++
      else depth.delayed++
    }
    return depth
  }

  /** For assertions: the bodies of every copy in the queue, visible or not, oldest first. */
  bodies(queue: QueueName): string[] {
    return this.#of(queue).map((copy) => copy.body)
  }

  #of(queue: QueueName): Copy[] {
    const found = this.#copies.get(queue)
    if (found) return found
    const empty: Copy[] = []
    this.#copies.set(queue, empty)
    return empty
  }

  #take(queue: QueueName, max: number, visibilitySeconds: number): QueueMessage[] {
    const now = this.#clock.now()
    const taken: QueueMessage[] = []
    for (const copy of [...this.#of(queue)]) {
      if (taken.length >= max) break
      if (copy.visibleAt > now || this.#redriven(queue, copy)) continue
      copy.receiveCount++
      copy.receipt = `receipt-${++this.#counter}`
      copy.visibleAt = now + visibilitySeconds * 1000
      const { body, receipt, messageId, receiveCount, sentAt } = copy
      taken.push({ body, receipt, messageId, receiveCount, sentAt })
    }
    return taken
  }

  #redriven(queue: QueueName, copy: Copy): boolean {
    const max = this.#maxReceives.get(queue)
    if (max === undefined || copy.receiveCount < max) return false
    this.#copies.set(
      queue,
      this.#of(queue).filter((other) => other !== copy),
    )
    this.#of(deadLetters(queue as WorkQueueName)).push({
      ...copy,
      receiveCount: 0,
      receipt: null,
      visibleAt: 0,
    })
    return true
  }

  #nextVisibleMs(queue: QueueName): number {
    const now = this.#clock.now()
    const waits = this.#of(queue).map((copy) => copy.visibleAt - now)
    return Math.min(Number.MAX_SAFE_INTEGER, ...waits.filter((wait) => wait > 0))
  }

  async #untilSomethingChanges(ms: number, signal?: AbortSignal): Promise<void> {
    const woken = new AbortController()
    const wake = () => woken.abort()
    this.#wakers.add(wake)
    signal?.addEventListener('abort', wake)
    await this.#clock.sleep(ms, woken.signal)
    this.#wakers.delete(wake)
    signal?.removeEventListener('abort', wake)
  }

  #wakeAll() {
    for (const wake of [...this.#wakers]) wake()
  }
}
