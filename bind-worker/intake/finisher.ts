import type { OutcomeKind } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import { endOfUnsent } from '../send/tasks.ts'
import type { Copies } from './copies.ts'
import { FinishedClaims } from './finished-claims.ts'
import type { HeldBatch } from './held-batch.ts'

/** The wait between two attempts to write down how a batch ended grows up to so many times the first one. */
const LONGEST_WAITS = 5

/** What becomes of the copies: `reappear` leaves them to whoever has the claim now. */
type Fate = 'delete' | 'giveBack' | 'reappear'

/**
 * Ends a batch of which nothing is on its way any more, in the order that survives a crash between any two steps:
 * facts durable → claim finished, parked or released → copies deleted or given back.
 *
 * The claim is written down however long it takes, and its lease renewed meanwhile: left to run out, it would make
 * every message that was reserved and never sent an unconfirmed one.
 */
export class Finisher {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #writer: LedgerWriter
  readonly #copies: Copies
  readonly #onEnded: (batch: HeldBatch) => void
  readonly #finished: FinishedClaims
  readonly #closing = new Set<Promise<void>>()
  readonly #abort = new AbortController()

  constructor(options: {
    ledger: Ledger
    clock: Clock
    timing: Timing
    log: Log
    writer: LedgerWriter
    copies: Copies
    onEnded: (batch: HeldBatch) => void
  }) {
    this.#ledger = options.ledger
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#writer = options.writer
    this.#copies = options.copies
    this.#onEnded = options.onEnded
    this.#finished = new FinishedClaims(options)
  }

  end(batch: HeldBatch): void {
    batch.closing = true
    if (!batch.lost) this.#endUnsent(batch)
    const closing = this.#close(batch).finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  /** Gives up what is not written: for a process about to die anyway. */
  destroy(): void {
    this.#abort.abort()
    this.#finished.destroy()
  }

  /** Resolves when every batch ended so far is closed. */
  async idle(): Promise<void> {
    while (this.#closing.size > 0) await Promise.all(this.#closing)
  }

  /** A cancelled or expired batch ends with facts; what is deferred or given back keeps waiting. */
  #endUnsent(batch: HeldBatch): void {
    switch (batch.withdrawal?.kind) {
      case 'cancel':
        return this.#appendAll(batch, 'cancelled')
      case 'expire':
        return this.#appendAll(batch, 'lapsed')
    }
  }

  #appendAll(batch: HeldBatch, kind: OutcomeKind): void {
    const now = this.#clock.now()
    for (const task of batch.unsent) this.#writer.outcome(batch.key, endOfUnsent(task, kind, '', now))
    batch.waiting = []
    batch.deferred.length = 0
  }

  async #close(batch: HeldBatch): Promise<void> {
    await this.#writer.flushed()
    // A copy that comes from now on may be one the feeder sent after the claim was parked: it is not ours to delete.
    const copies = [...batch.copies]
    const fate = batch.lost ? 'reappear' : await this.#settleClaim(batch)
    this.#onEnded(batch)
    for (const receipt of batch.copies) this.#copies.drop(receipt)
    if (fate === 'delete') this.#copies.remove(batch.queue, copies)
    else if (fate === 'giveBack') await this.#copies.giveBack(batch.queue, copies)
  }

  async #settleClaim(batch: HeldBatch): Promise<Fate> {
    if (batch.unsent.length > 0) return this.#moveClaim(batch)
    const isWritten = await this.#finished.finish({ ...batch.claim, reserved: batch.bitsToLeave() })
    return isWritten ? 'delete' : 'reappear'
  }

  async #moveClaim(batch: HeldBatch): Promise<Fate> {
    const { signal } = this.#abort
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const fate = await this.#updateClaim(batch)
        if (fate) return fate
        batch.lost = true
        this.#log.warn('claim lost before the batch could end', { ...batch.key })
        break
      } catch (cause) {
        this.#log.warn('end of batch not written yet', { ...batch.key, attempt, cause: String(cause) })
        await this.#clock.sleep(this.#timing.retryBaseMs * Math.min(attempt, LONGEST_WAITS), signal)
      }
    }
    return 'reappear'
  }

  /** Null when the claim is no longer ours. */
  async #updateClaim(batch: HeldBatch): Promise<Fate | null> {
    const { hold, withdrawal } = batch
    if (withdrawal?.kind === 'release') {
      return (await this.#ledger.release(hold, batch.bitsToLeave())) ? 'giveBack' : null
    }
    const [reason, notBefore] =
      withdrawal?.kind === 'park'
        ? ([withdrawal.reason, withdrawal.notBefore] as const)
        : (['retry', this.#clock.now() + this.#timing.throttlePauseMs] as const)
    return (await this.#ledger.park(hold, batch.bitsToLeave(), reason, notBefore)) ? 'delete' : null
  }
}
