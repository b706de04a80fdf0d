/** What becomes of submit_sm when the SMSC scrubs: accepted, answered and reported on as the verdict says, and when. */
import type { Arrival } from '../arrival.ts'
import { wantsReceipt } from '../submit-record.ts'
import type { TruthLog } from '../truth-log.ts'
import { type Judged, ScrubDesk } from './scrub-desk.ts'
import type { Refusal } from './scrubber.ts'
import type { Scrub } from './setting.ts'

/** What an SMSC does with a submit_sm, step by step. */
export interface Counter {
  accept(arrival: Arrival): void
  /** Plans its receipts. */
  report(arrival: Arrival): void
  answer(arrival: Arrival): void
  refuse(arrival: Arrival, status: number): void
}

/**
 * With `answer: 'receipt'` a submit_sm is accepted at once, and its receipts wait for the verdict; with
 * `answer: 'submit'` the answer itself does.
 */
export class Scrubbing {
  readonly #scrub: Scrub
  readonly #log: TruthLog
  readonly #counter: Counter
  readonly #desk: ScrubDesk<Arrival>

  constructor(scrub: Scrub, log: TruthLog, counter: Counter) {
    this.#scrub = scrub
    this.#log = log
    this.#counter = counter
    this.#desk = new ScrubDesk(scrub)
  }

  submit(arrival: Arrival, nowMs: number): void {
    const isAtOnce = this.#scrub.answer === 'receipt'
    if (isAtOnce) this.#counter.accept(arrival)
    const judged = this.#desk.take(arrival, nowMs)
    if (judged) this.#conclude(judged)
    if (isAtOnce) this.#counter.answer(arrival)
  }

  /** Refuses the parts that have waited too long. */
  expire(nowMs: number): void {
    for (const judged of this.#desk.expire(nowMs)) this.#conclude(judged)
  }

  /** Refuses the parts that wait: the SMSC closes. */
  close(): void {
    for (const judged of this.#desk.giveUpAll()) this.#conclude(judged)
  }

  #conclude({ arrivals, refusal }: Judged<Arrival>): void {
    if (this.#scrub.answer === 'receipt') this.#byReceipt(arrivals, refusal)
    else this.#byAnswer(arrivals, refusal)
  }

  #byReceipt(arrivals: readonly Arrival[], refusal: Refusal | null): void {
    if (refusal) {
      const { reason, err, says } = refusal
      const records = arrivals.map(({ record }) => record)
      this.#log.scrubbed(records, { reason, code: `err:${err}`, says })
      for (const { record, ruling } of arrivals) {
        const isReported = ruling.stat !== null && wantsReceipt(record.registeredDelivery, this.#scrub.stat)
        this.#log.reworded(record, isReported ? this.#scrub.stat : null, err)
      }
    }
    for (const arrival of arrivals) this.#counter.report(arrival)
  }

  #byAnswer(arrivals: readonly Arrival[], refusal: Refusal | null): void {
    if (refusal) {
      const { reason, says } = refusal
      const verdict = { reason, code: `smpp:${this.#scrub.status}`, says }
      this.#log.scrubbed(
        arrivals.map(({ record }) => record),
        verdict,
      )
      for (const arrival of arrivals) this.#counter.refuse(arrival, this.#scrub.status)
      return
    }
    for (const arrival of arrivals) {
      this.#counter.accept(arrival)
      this.#counter.report(arrival)
      this.#counter.answer(arrival)
    }
  }
}
