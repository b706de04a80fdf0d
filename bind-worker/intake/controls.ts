import type { CampaignId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Control, Registry } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { HeldBatch, Withdrawal } from './held-batch.ts'

interface Known {
  state: Control['state'] | undefined
  atMs: number
}

/**
 * Obeys CONTROL#: read strongly consistent every `controlPollMs` for the campaigns in hand, and before the first
 * message of a campaign that was not read lately. A paused campaign's batches are parked, a cancelled one's end; what
 * is in the window already is past recall.
 */
export class Controls {
  readonly #registry: Registry
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #held: () => Iterable<HeldBatch>
  readonly #onWithdrawn: (batch: HeldBatch, withdrawal: Withdrawal) => void
  readonly #timer: NodeJS.Timeout
  #known = new Map<CampaignId, Known>()
  #reading: Promise<void> | null = null

  constructor(options: {
    registry: Registry
    clock: Clock
    timing: Timing
    log: Log
    held: () => Iterable<HeldBatch>
    onWithdrawn: (batch: HeldBatch, withdrawal: Withdrawal) => void
  }) {
    this.#registry = options.registry
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#held = options.held
    this.#onWithdrawn = options.onWithdrawn
    this.#timer = setInterval(() => void this.#poll(), options.timing.controlPollMs)
  }

  /**
   * Resolves when it is known that the batch may begin: to what keeps it from beginning, null when nothing does. A
   * batch withdrawn meanwhile for another reason does not wait for the answer of a registry that fails.
   */
  async admit(batch: HeldBatch): Promise<Withdrawal | null> {
    const { campaign } = batch.key
    // Counted from the question: a read begun after it will do, however long it takes.
    const sinceMs = this.#clock.monotonicMs() - 2 * this.#timing.controlPollMs
    let known = this.#known.get(campaign)
    while (known === undefined || known.atMs < sinceMs) {
      if (batch.withdrawal) return batch.withdrawal
      await (this.#reading ?? this.#read([campaign]))
      known = this.#known.get(campaign)
    }
    return withdrawalFor(known.state)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #poll(): Promise<void> {
    const open = () => [...this.#held()].filter((batch) => batch.withdrawal === null && !batch.closing)
    const campaigns = new Set(open().map((batch) => batch.key.campaign))
    for (const campaign of this.#known.keys()) if (!campaigns.has(campaign)) this.#known.delete(campaign)
    if (campaigns.size === 0 || this.#reading) return
    await this.#read([...campaigns])
    for (const batch of open()) {
      const withdrawal = withdrawalFor(this.#known.get(batch.key.campaign)?.state)
      if (withdrawal) this.#onWithdrawn(batch, withdrawal)
    }
  }

  #read(campaigns: CampaignId[]): Promise<void> {
    const reading = this.#readNow(campaigns).finally(() => {
      this.#reading = null
    })
    this.#reading = reading
    return reading
  }

  async #readNow(campaigns: CampaignId[]): Promise<void> {
    const atMs = this.#clock.monotonicMs()
    try {
      const controls = await this.#registry.controls(campaigns)
      for (const campaign of campaigns)
        this.#known.set(campaign, { state: controls.get(campaign)?.state, atMs })
    } catch (cause) {
      this.#log.warn('controls not read', { cause: String(cause) })
      await this.#clock.sleep(this.#timing.controlPollMs)
    }
  }
}

function withdrawalFor(state: Control['state'] | undefined): Withdrawal | null {
  switch (state) {
    case 'paused':
      return { kind: 'park', reason: 'paused', notBefore: 0 }
    case 'cancelled':
      return { kind: 'cancel' }
    default:
      return null
  }
}
