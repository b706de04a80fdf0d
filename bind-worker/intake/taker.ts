import { createHash } from 'node:crypto'
import { type DispatchBatch, parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import { deadLetters } from '../../shared/contracts/wiring.ts'
import type { BatchKey, BootId } from '../../shared/ids.ts'
import type { Claim, OutcomeRow } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger, Queue } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import { type Copy, HeldBatch } from './held-batch.ts'
import { recover } from './recover.ts'

/** Takeovers of expired leases after which a batch is taken for the cause of the crashes. */
const POISON_CRASHES = 5

/** How long a copy of a parked batch stays away: the feeder is about to set the claim to queued, or this is a stray copy. */
const PARKED_RETRY_MS = 10_000

export const keyOf = ({ line }: DispatchBatch): BatchKey => ({
  campaign: line.campaign,
  page: line.page,
  batch: line.batch,
})

/**
 * Turns a copy from SQS into a held batch, or disposes of it: finished → deleted, somebody else's → given back for
 * the rest of the lease, unreadable or not the batch it says → dead letter.
 */
export class Taker {
  readonly #queue: Queue
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #boot: BootId
  readonly #writer: LedgerWriter
  /** Messages reserved with the claim. */
  readonly #reserveAhead: number

  constructor(options: {
    queue: Queue
    ledger: Ledger
    clock: Clock
    timing: Timing
    log: Log
    boot: BootId
    writer: LedgerWriter
    reserveAhead: number
  }) {
    this.#queue = options.queue
    this.#ledger = options.ledger
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#boot = options.boot
    this.#writer = options.writer
    this.#reserveAhead = options.reserveAhead
  }

  /** Reads a copy; null when it was no dispatch batch and went to the dead letters. */
  async read(copy: Copy): Promise<DispatchBatch | null> {
    try {
      return parseDispatchBody(copy.body)
    } catch (cause) {
      await this.bury(copy, 'unreadable', { cause: String(cause).slice(0, 500) })
      return null
    }
  }

  /** Claims the batch of a copy; null when it is not ours to send. */
  async take(copy: Copy, dispatch: DispatchBatch): Promise<HeldBatch | null> {
    const key = keyOf(dispatch)
    const now = this.#clock.now()
    const askedAtMs = this.#clock.monotonicMs()
    const lineHash = createHash('sha256').update(dispatch.rawLine).digest('hex')
    const answer = await this.#ledger.claim({
      ...key,
      owner: this.#boot,
      lineHash,
      now,
      leaseUntil: now + this.#timing.leaseMs,
      takeoverGraceMs: this.#timing.takeoverGraceMs,
      reserve: this.#firstReservation(dispatch),
    })
    if (!answer.granted) {
      await this.#turnAway(copy, answer.claim, answer.why)
      return null
    }
    const { toSend, outcomes } = await this.#startingPoint(dispatch, answer.before)
    for (const row of outcomes) this.#writer.outcome(key, row)
    const batch = new HeldBatch({
      key,
      dispatch,
      hold: { ...key, owner: this.#boot, gen: answer.claim.gen },
      copy,
      reserved: answer.claim.reserved,
      toSend,
      fenceAtMs: askedAtMs + this.#timing.leaseMs - this.#timing.leaseFenceMs,
    })
    if (answer.claim.crashes >= POISON_CRASHES) await this.#poison(copy, batch, answer.claim)
    return batch
  }

  /** To the dead-letter queue of the queue it came from, with the reason in the log. */
  async bury(copy: Copy, reason: string, fields: Record<string, unknown>): Promise<void> {
    this.#log.error('batch sent to the dead letters', { reason, queue: copy.queue, ...fields })
    await this.#queue.send(deadLetters(copy.queue), [copy.body])
    await this.#queue.delete(copy.queue, [copy.receipt])
  }

  #firstReservation(dispatch: DispatchBatch): string {
    const size = Math.max(...dispatch.line.messages.map((message) => message.i)) + 1
    const ahead = Math.min(size, this.#reserveAhead)
    return '1'.repeat(ahead) + '0'.repeat(size - ahead)
  }

  /** Late suppressions end here; a batch held before is recovered from the facts of its page. */
  async #startingPoint(
    dispatch: DispatchBatch,
    before: Claim | null,
  ): Promise<{ toSend: Set<number>; outcomes: OutcomeRow[] }> {
    const { line, skip } = dispatch
    const now = this.#clock.now()
    const start =
      before === null
        ? { toSend: new Set(line.messages.map((message) => message.i)), outcomes: [] as OutcomeRow[] }
        : recover(line, before, await this.#ledger.readPage(line.campaign, line.page), now)
    for (const i of skip) {
      const parts = line.messages.find((message) => message.i === i)?.parts.length ?? 0
      if (start.toSend.delete(i))
        start.outcomes.push([line.batch, i, 0, parts, 'suppressed', 'list', now, now])
    }
    return start
  }

  async #turnAway(copy: Copy, claim: Claim, why: 'live' | 'finished' | 'parked' | 'mismatch'): Promise<void> {
    switch (why) {
      case 'finished':
        return this.#queue.delete(copy.queue, [copy.receipt])
      case 'mismatch':
        return this.bury(copy, 'body_differs_from_claim', {
          campaign: claim.campaign,
          page: claim.page,
          batch: claim.batch,
        })
      case 'live':
      case 'parked': {
        const leftMs =
          why === 'parked'
            ? PARKED_RETRY_MS
            : claim.leaseUntil + this.#timing.takeoverGraceMs - this.#clock.now()
        return this.#queue.changeVisibility(
          copy.queue,
          [copy.receipt],
          Math.max(1, Math.ceil(leftMs / 1_000)),
        )
      }
    }
  }

  /** Ends what was not sent as `refused: poison_batch`; the copy goes to the dead letters for a human to look at. */
  async #poison(copy: Copy, batch: HeldBatch, claim: Claim): Promise<void> {
    const now = this.#clock.now()
    for (const { message } of batch.waiting) {
      this.#writer.outcome(batch.key, [
        batch.key.batch,
        message.i,
        0,
        message.parts.length,
        'refused',
        'poison_batch',
        now,
        now,
      ])
    }
    batch.waiting = []
    await this.bury(copy, 'poison_batch', { ...batch.key, crashes: claim.crashes })
  }
}
