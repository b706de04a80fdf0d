import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { HeldBatch } from './held-batch.ts'

/**
 * Keeps the leases of held batches alive. The fence of a batch moves only after the ledger said yes, and counts from
 * before it was asked: a process that was frozen, or cut off from the ledger, stops writing by its own clock while
 * the lease still protects it.
 */
export class Leases {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #held: () => Iterable<HeldBatch>
  readonly #onLost: (batch: HeldBatch) => void
  readonly #timer: NodeJS.Timeout

  constructor(options: {
    ledger: Ledger
    clock: Clock
    timing: Timing
    log: Log
    held: () => Iterable<HeldBatch>
    onLost: (batch: HeldBatch) => void
  }) {
    this.#ledger = options.ledger
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#held = options.held
    this.#onLost = options.onLost
    this.#timer = setInterval(() => void this.renewAll(), options.timing.leaseRenewMs)
  }

  async renewAll(): Promise<void> {
    await Promise.all([...this.#held()].filter((batch) => !batch.lost).map((batch) => this.#renew(batch)))
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #renew(batch: HeldBatch): Promise<void> {
    const askedAtMs = this.#clock.monotonicMs()
    try {
      const renewed = await this.#ledger.renew(batch.hold, this.#clock.now() + this.#timing.leaseMs)
      if (renewed) batch.fenceAtMs = askedAtMs + this.#timing.leaseMs - this.#timing.leaseFenceMs
      else if (!batch.closing) this.#onLost(batch)
    } catch (cause) {
      // The fence stays where it is: sending stops there unless a later renewal succeeds.
      this.#log.warn('lease not renewed', { ...batch.key, cause: String(cause) })
    }
  }
}
