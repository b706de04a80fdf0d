import type { CampaignId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import type { Control, Registry } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { HeldBatch, Withdrawal } from './held-batch.ts'

/**
 * Obeys CONTROL#: read every `controlPollMs`, strongly consistent, for the campaigns in hand. A paused campaign's
 * batches are parked, a cancelled one's end; what is in the window already is past recall.
 */
export class Controls {
  readonly #registry: Registry
  readonly #log: Log
  readonly #held: () => Iterable<HeldBatch>
  readonly #onWithdrawn: (batch: HeldBatch, withdrawal: Withdrawal) => void
  readonly #timer: NodeJS.Timeout
  #polling = false

  constructor(options: {
    registry: Registry
    timing: Timing
    log: Log
    held: () => Iterable<HeldBatch>
    onWithdrawn: (batch: HeldBatch, withdrawal: Withdrawal) => void
  }) {
    this.#registry = options.registry
    this.#log = options.log
    this.#held = options.held
    this.#onWithdrawn = options.onWithdrawn
    this.#timer = setInterval(() => void this.poll(), options.timing.controlPollMs)
  }

  async poll(): Promise<void> {
    const batches = [...this.#held()].filter((batch) => batch.withdrawal === null && !batch.closing)
    if (batches.length === 0 || this.#polling) return
    this.#polling = true
    try {
      const controls = await this.#registry.controls([...new Set(batches.map((batch) => batch.key.campaign))])
      for (const batch of batches) this.#obey(batch, controls)
    } catch (cause) {
      this.#log.warn('controls not read', { cause: String(cause) })
    }
    this.#polling = false
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #obey(batch: HeldBatch, controls: ReadonlyMap<CampaignId, Control>): void {
    switch (controls.get(batch.key.campaign)?.state) {
      case 'paused':
        return this.#onWithdrawn(batch, { kind: 'park', reason: 'paused', notBefore: 0 })
      case 'cancelled':
        return this.#onWithdrawn(batch, { kind: 'cancel' })
    }
  }
}
