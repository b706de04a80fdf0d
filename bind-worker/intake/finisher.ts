import type { OutcomeKind } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import type { Copies } from './copies.ts'
import type { HeldBatch } from './held-batch.ts'

/** Attempts to tell the ledger how a batch ended, before its lease is left to run out. */
const ATTEMPTS = 5

/**
 * Ends a batch of which nothing is on its way any more, in the order that survives a crash between any two steps:
 * facts durable → claim finished, parked or released → copies deleted or given back.
 */
export class Finisher {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #writer: LedgerWriter
  readonly #copies: Copies
  readonly #onEnded: (batch: HeldBatch) => void
  readonly #closing = new Set<Promise<void>>()

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
  }

  end(batch: HeldBatch): void {
    batch.closing = true
    if (!batch.lost) this.#endUnsent(batch)
    const closing = this.#close(batch).finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
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
    for (const { message } of [...batch.deferred, ...batch.waiting]) {
      this.#writer.outcome(batch.key, [
        batch.key.batch,
        message.i,
        0,
        message.parts.length,
        kind,
        '',
        now,
        now,
      ])
    }
    batch.waiting = []
    batch.deferred.length = 0
  }

  async #close(batch: HeldBatch): Promise<void> {
    await this.#writer.flushed()
    if (!batch.lost) await this.#settleClaim(batch)
    this.#onEnded(batch)
  }

  async #settleClaim(batch: HeldBatch): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        if (await this.#updateClaim(batch)) return
        batch.lost = true
        this.#log.warn('claim lost before the batch could end', { ...batch.key })
        return
      } catch (cause) {
        this.#log.warn('end of batch not written yet', { ...batch.key, attempt, cause: String(cause) })
        await this.#clock.sleep(this.#timing.retryBaseMs * attempt)
      }
    }
    this.#log.error('end of batch not written; its lease will run out', { ...batch.key })
    for (const receipt of batch.copies) this.#copies.drop(receipt)
  }

  /** False when the claim is no longer ours. */
  async #updateClaim(batch: HeldBatch): Promise<boolean> {
    const { hold, withdrawal, queue, copies } = batch
    const unsent = batch.waiting.length + batch.deferred.length
    if (unsent === 0) {
      if (!(await this.#ledger.finish(hold))) return false
      this.#copies.remove(queue, copies)
      return true
    }
    if (withdrawal?.kind === 'release') {
      if (!(await this.#ledger.release(hold, batch.bitsToLeave()))) return false
      await this.#copies.giveBack(queue, copies)
      return true
    }
    const [reason, notBefore] =
      withdrawal?.kind === 'park'
        ? ([withdrawal.reason, withdrawal.notBefore] as const)
        : (['retry', this.#clock.now() + this.#timing.throttlePauseMs] as const)
    if (!(await this.#ledger.park(hold, batch.bitsToLeave(), reason, notBefore))) return false
    this.#copies.remove(queue, copies)
    return true
  }
}
