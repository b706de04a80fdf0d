import { createHash } from 'node:crypto'
import { type DispatchBatch, parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import { deadLetters } from '../../shared/contracts/wiring.ts'
import type { BatchKey, BootId } from '../../shared/ids.ts'
import type { Claim } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { ClaimAnswer, ClaimBid, Clock, Hold, Ledger, Queue } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import { endOfUnsent } from '../send/tasks.ts'
import { type Copy, HeldBatch } from './held-batch.ts'
import { type Recovery, recover } from './recover.ts'

/** Takeovers of expired leases after which a batch is taken for the cause of the crashes. */
const POISON_CRASHES = 5

/** Times a claim is asked for when no answer comes: the bid may have won, and the same bid again is told so. */
const CLAIM_ATTEMPTS = 3

/** How long a copy of a parked batch stays away: the feeder is about to set the claim to queued, or this is a stray copy. */
const PARKED_RETRY_MS = 10_000

export const keyOf = ({ line }: DispatchBatch): BatchKey => ({
  campaign: line.campaign,
  page: line.page,
  batch: line.batch,
})

/** The key as a text: of all batches no two have the same. */
export const nameOf = ({ campaign, page, batch }: BatchKey): string => `${campaign}#${page}#${batch}`

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
      await this.#bury(copy, 'unreadable', { cause: String(cause).slice(0, 500) })
      return null
    }
  }

  /** Claims the batch of a copy; null when it is not ours to send. */
  async take(copy: Copy, dispatch: DispatchBatch): Promise<HeldBatch | null> {
    const key = keyOf(dispatch)
    const fenceAtMs = this.#clock.monotonicMs() + this.#timing.leaseMs - this.#timing.leaseFenceMs
    const answer = await this.#claim(dispatch, fenceAtMs)
    if (!answer.granted) {
      await this.#turnAway(copy, answer.claim, answer.why)
      return null
    }
    const { claim, before } = answer
    const hold: Hold = { ...key, owner: this.#boot, gen: claim.gen }
    try {
      const { outcomes, ...start } = await this.#startingPoint(dispatch, before)
      const poison = claim.crashes >= POISON_CRASHES
      if (poison) await this.#tellOfPoison(copy, claim)
      for (const row of outcomes) this.#writer.outcome(key, row)
      const batch = new HeldBatch({ dispatch, claim, copy, ...start, fenceAtMs })
      if (poison) this.#refuseAll(batch)
      return batch
    } catch (cause) {
      await this.#letGo(hold, before)
      throw cause
    }
  }

  /** From its queue to the dead-letter queue of it, with the reason in the log. */
  async #bury(copy: Copy, reason: string, fields: Record<string, unknown>): Promise<void> {
    await this.#toDeadLetters(copy, reason, fields)
    await this.#queue.delete(copy.queue, [copy.receipt])
  }

  async #toDeadLetters(copy: Copy, reason: string, fields: Record<string, unknown>): Promise<void> {
    this.#log.error('batch sent to the dead letters', { reason, queue: copy.queue, ...fields })
    await this.#queue.send(deadLetters(copy.queue), [copy.body])
  }

  async #claim(dispatch: DispatchBatch, untilMs: number): Promise<ClaimAnswer> {
    const now = this.#clock.now()
    const bid: ClaimBid = {
      ...keyOf(dispatch),
      owner: this.#boot,
      lineHash: createHash('sha256').update(dispatch.rawLine).digest('hex'),
      now,
      leaseUntil: now + this.#timing.leaseMs,
      takeoverGraceMs: this.#timing.takeoverGraceMs,
      reserve: this.#firstReservation(dispatch),
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ledger.claim(bid)
      } catch (cause) {
        if (attempt === CLAIM_ATTEMPTS || this.#clock.monotonicMs() >= untilMs) throw cause
        await this.#clock.sleep(this.#timing.retryBaseMs * attempt)
      }
    }
  }

  /** Gives a claim of which nothing was sent back as it was: left to run out, it would count as a crash. */
  async #letGo(hold: Hold, before: Claim | null): Promise<void> {
    await this.#ledger.release(hold, before?.reserved ?? '').catch((cause: unknown) => {
      this.#log.warn('claim not given back; its lease will run out', { ...hold, cause: String(cause) })
    })
  }

  #firstReservation(dispatch: DispatchBatch): string {
    const size = Math.max(...dispatch.line.messages.map((message) => message.i)) + 1
    const ahead = Math.min(size, this.#reserveAhead)
    return '1'.repeat(ahead) + '0'.repeat(size - ahead)
  }

  /** Late suppressions end here; a batch held before is recovered from the facts of its page. */
  async #startingPoint(dispatch: DispatchBatch, before: Claim | null): Promise<Recovery> {
    const { line, skip } = dispatch
    const now = this.#clock.now()
    const start: Recovery =
      before === null
        ? { toSend: new Set(line.messages.map(({ i }) => i)), maySecond: new Set(), outcomes: [] }
        : recover(dispatch, before, await this.#ledger.readPage(line.campaign, line.page), now)
    for (const i of skip) {
      if (!start.toSend.delete(i)) continue
      const parts = line.messages.find((message) => message.i === i)?.parts.length ?? 0
      // What an owner before may have sent has perhaps arrived: it is not sent again, and not called unsent.
      const said = start.maySecond.has(i) ? (['unconfirmed', ''] as const) : (['suppressed', 'list'] as const)
      start.outcomes.push([line.batch, i, 0, parts, ...said, now, now])
    }
    return start
  }

  async #turnAway(copy: Copy, claim: Claim, why: 'live' | 'finished' | 'parked' | 'mismatch'): Promise<void> {
    switch (why) {
      case 'finished':
        return this.#queue.delete(copy.queue, [copy.receipt])
      case 'mismatch':
        return this.#bury(copy, 'body_differs_from_claim', {
          campaign: claim.campaign,
          page: claim.page,
          batch: claim.batch,
        })
      case 'live':
      case 'parked': {
        const leftMs =
          why === 'parked'
            ? PARKED_RETRY_MS
            : Math.min(this.#timing.leaseMs, claim.leaseUntil - this.#clock.now()) +
              this.#timing.takeoverGraceMs
        return this.#queue.changeVisibility(
          copy.queue,
          [copy.receipt],
          Math.max(1, Math.ceil(leftMs / 1_000)),
        )
      }
    }
  }

  /** A human must look at it. The copy itself goes like any other's, once its outcomes are durable. */
  #tellOfPoison(copy: Copy, { campaign, page, batch, crashes }: Claim): Promise<void> {
    return this.#toDeadLetters(copy, 'poison_batch', { campaign, page, batch, crashes })
  }

  /** Ends what was not sent as `refused: poison_batch`. */
  #refuseAll(batch: HeldBatch): void {
    const now = this.#clock.now()
    for (const task of batch.unsent) {
      this.#writer.outcome(batch.key, endOfUnsent(task, 'refused', 'poison_batch', now))
    }
    batch.waiting = []
  }
}
