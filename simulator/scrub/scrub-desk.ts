/**
 * Where submit_sm wait until their message can be compared: at once when it has one part, else until all parts are
 * there, as operators put a message together before they scrub it (facts B7). Knows no sockets and no clock.
 */
import { DelayQueue } from '../delay-queue.ts'
import { Reassembler, type ReceivedMessage, textOfMessage } from '../reassembly.ts'
import type { SubmitRecord } from '../truth.ts'
import { errorsOf } from './codes.ts'
import { type Refusal, type Scrubber, scrubber } from './scrubber.ts'
import type { Scrub } from './setting.ts'

/** The submit_sm of one message; `refusal` is null when it passed. */
export interface Judged<Arrival> {
  arrivals: readonly Arrival[]
  refusal: Refusal | null
}

export class ScrubDesk<Arrival extends { readonly record: SubmitRecord }> {
  readonly #scrub: Scrubber
  readonly #partsWithinMs: number
  readonly #incompleteErr: string
  readonly #reassembler = new Reassembler()
  readonly #waiting = new Map<ReceivedMessage, Arrival[]>()
  /** Complete messages stay in here until they would have fallen due. */
  readonly #deadlines = new DelayQueue<ReceivedMessage>()

  constructor(scrub: Scrub) {
    this.#scrub = scrubber(scrub)
    this.#partsWithinMs = scrub.partsWithinMs
    this.#incompleteErr = errorsOf(scrub.codes).multipart_incomplete
  }

  /** Null while parts of the message are missing. */
  take(arrival: Arrival, nowMs: number): Judged<Arrival> | null {
    const { record } = arrival
    const message = this.#reassembler.add(record)
    const arrivals = this.#waiting.get(message) ?? []
    arrivals.push(arrival)
    if (message.complete) {
      this.#waiting.delete(message)
      return { arrivals, refusal: this.#scrub(record, textOfMessage(message)) }
    }
    if (arrivals.length === 1) {
      this.#waiting.set(message, arrivals)
      this.#deadlines.push(nowMs + this.#partsWithinMs, message)
    }
    return null
  }

  /** Messages that have waited too long for their parts. */
  expire(nowMs: number): Judged<Arrival>[] {
    return this.#deadlines.take(nowMs).flatMap((message) => this.#giveUp(message))
  }

  /** Everything that waits: no more parts will come. */
  giveUpAll(): Judged<Arrival>[] {
    return [...this.#waiting.keys()].flatMap((message) => this.#giveUp(message))
  }

  #giveUp(message: ReceivedMessage): Judged<Arrival>[] {
    const arrivals = this.#waiting.get(message)
    if (!arrivals) return []
    this.#waiting.delete(message)
    this.#reassembler.giveUp(message)
    const says = `${arrivals.length} of ${message.parts.length} parts came within ${this.#partsWithinMs} ms`
    return [{ arrivals, refusal: { reason: 'multipart_incomplete', err: this.#incompleteErr, says } }]
  }
}
