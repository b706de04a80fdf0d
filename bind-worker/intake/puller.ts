import type { DispatchBatch } from '../../shared/contracts/dispatch.ts'
import type { Lane } from '../../shared/contracts/route.ts'
import type { DispatchQueueName } from '../../shared/contracts/wiring.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Queue } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { Copies } from './copies.ts'
import type { Copy, HeldBatch } from './held-batch.ts'
import { keyOf, nameOf, type Taker } from './taker.ts'

/** Batches claimed side by side: a claim is one round trip, and the wire must not wait for it. */
const CLAIMS_AT_ONCE = 8
const WAIT_SECONDS = 10

export interface PullerOptions {
  lane: Lane
  queueName: DispatchQueueName
  queue: Queue
  clock: Clock
  timing: Timing
  log: Log
  copies: Copies
  taker: Taker
  /** Whether the route can send at all: a route that is down leaves the work to others. */
  isUp: () => boolean
  /** Messages of this lane that are claimed and wait. */
  waiting: () => number
  /** Messages: below it another batch is claimed. */
  lowWater: number
  /** Copies kept ready beyond the claimed ones. */
  prefetch: number
  /** The batch when this process holds it already. */
  findHeld: (key: ReturnType<typeof keyOf>) => HeldBatch | undefined
  /** Resolves when the batch is on its way, or has been turned back. */
  onHeld: (batch: HeldBatch) => Promise<void>
}

/**
 * The receive loop of one lane. Copies are prefetched unclaimed, so that they can be given back without a trace; a
 * batch is claimed when its messages are about to go.
 */
export class Puller {
  readonly #o: PullerOptions
  readonly #ready: { copy: Copy; dispatch: DispatchBatch }[] = []
  readonly #stop = new AbortController()
  #claims = 0
  /** Messages of the batches that are being claimed. */
  #claiming = 0
  #kicked = false
  #loop: Promise<void> | null = null
  #wake: (() => void) | null = null
  readonly #busy = new Set<Promise<void>>()
  /** The last claim under way of each batch. */
  readonly #turns = new Map<string, Promise<void>>()

  constructor(options: PullerOptions) {
    this.#o = options
  }

  start(): void {
    this.#loop = this.#receive()
  }

  /** Claims what is needed, soon, and lets the receive loop go on; cheap to call with every message that begins. */
  kick(): void {
    if (this.#kicked) return
    this.#kicked = true
    queueMicrotask(() => {
      this.#kicked = false
      this.#claimMore()
      this.#wake?.()
    })
  }

  #claimMore(): void {
    while (
      !this.#stop.signal.aborted &&
      this.#ready.length > 0 &&
      this.#claims < CLAIMS_AT_ONCE &&
      this.#o.waiting() + this.#claiming < this.#o.lowWater &&
      this.#o.isUp()
    ) {
      const { copy, dispatch } = this.#ready.shift()!
      const messages = dispatch.line.messages.length
      this.#claims++
      this.#claiming += messages
      const claiming = this.#claimInTurn(copy, dispatch).finally(() => {
        this.#claims--
        this.#claiming -= messages
        this.#busy.delete(claiming)
        this.kick()
      })
      this.#busy.add(claiming)
    }
  }

  /** Stops receiving, waits for claims on their way, and gives back what was not claimed. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake?.()
    await this.#loop
    await Promise.all(this.#busy)
    await this.giveBack()
  }

  /** Lets others have the copies that were not claimed. */
  async giveBack(): Promise<void> {
    const receipts = this.#ready.splice(0).map(({ copy }) => copy.receipt)
    if (receipts.length > 0) await this.#o.copies.giveBack(this.#o.queueName, receipts)
  }

  async #receive(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const room = this.#o.prefetch - this.#ready.length
      if (room <= 0 || !this.#o.isUp()) {
        await this.#untilKicked()
        continue
      }
      try {
        const messages = await this.#o.queue.receive(this.#o.queueName, {
          max: Math.min(10, room),
          waitSeconds: WAIT_SECONDS,
          visibilitySeconds: this.#o.copies.visibilitySeconds,
          signal,
        })
        for (const { body, receipt } of messages)
          await this.#sort({ queue: this.#o.queueName, receipt, body })
      } catch (cause) {
        this.#o.log.warn('receive failed', { queue: this.#o.queueName, cause: String(cause) })
        await this.#o.clock.sleep(this.#o.timing.retryBaseMs, signal)
      }
      this.kick()
    }
  }

  async #sort(copy: Copy): Promise<void> {
    const dispatch = await this.#o.taker.read(copy)
    if (!dispatch) return
    this.#o.copies.hold(copy)
    // A second copy of a batch under way here: deleted together with the first, when it is finished.
    const held = this.#o.findHeld(keyOf(dispatch))
    if (held) held.copies.push(copy.receipt)
    else this.#ready.push({ copy, dispatch })
  }

  /**
   * One copy of a batch after the other: asked for at the same time the second would find the lease of the first, and
   * stay away as if somebody else held the batch, until that lease is over.
   */
  #claimInTurn(copy: Copy, dispatch: DispatchBatch): Promise<void> {
    const name = nameOf(keyOf(dispatch))
    const before = this.#turns.get(name)
    const turn = before?.then(() => this.#claim(copy, dispatch)) ?? this.#claim(copy, dispatch)
    this.#turns.set(name, turn)
    return turn.finally(() => {
      if (this.#turns.get(name) === turn) this.#turns.delete(name)
    })
  }

  async #claim(copy: Copy, dispatch: DispatchBatch): Promise<void> {
    const held = this.#o.findHeld(keyOf(dispatch))
    if (held) {
      held.copies.push(copy.receipt)
      return
    }
    try {
      const batch = await this.#o.taker.take(copy, dispatch)
      if (batch) await this.#o.onHeld(batch)
      else this.#o.copies.drop(copy.receipt)
    } catch (cause) {
      this.#o.log.warn('batch not claimed; its copy reappears', { ...keyOf(dispatch), cause: String(cause) })
      await this.#o.copies.giveBack(copy.queue, [copy.receipt], 1)
    }
  }

  async #untilKicked(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#o.timing.controlPollMs)
    this.#wake = resolve
    await promise
    clearTimeout(timer)
    this.#wake = null
  }
}
