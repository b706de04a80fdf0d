/** Where submit_sm are taken in: checks, outcomes, faults, the scrub; then answer and receipts. */
import { type Pdu, STATUS } from '../shared/smpp/codec.ts'
import type { Arrival } from './arrival.ts'
import { DelayQueue } from './delay-queue.ts'
import type { Delivery } from './delivery-desk.ts'
import type { FaultsInForce } from './faults/in-force.ts'
import { drawLatencyMs } from './faults/latency.ts'
import type { Random } from './faults/random.ts'
import { messageIdMaker } from './message-ids.ts'
import type { SimulatorOptions } from './options.ts'
import { outcomeOf } from './outcome.ts'
import { ReceiptDelivery } from './receipt-delivery.ts'
import { planReceipts } from './receipt-plan.ts'
import { Reorderer } from './reorderer.ts'
import { type Counter, Scrubbing } from './scrub/scrubbing.ts'
import type { Session } from './session.ts'
import { recordOf, refusalOf } from './submit-record.ts'
import type { SubmitHook, SubmitRuling } from './submit-ruling.ts'
import type { SubmitRecord } from './truth.ts'
import type { TruthLog } from './truth-log.ts'
import { userDataOf } from './user-data.ts'

/** What an SMSC is made of, beside its options. */
export interface SmscParts {
  log: TruthLog
  faults: FaultsInForce
  random: Random
  now(): number
  /** Told of every submit_sm accepted, before it is answered. */
  onAccepted(): void
  onSubmit: SubmitHook | null
}

/** Where receipts go: `later` comes after the answer even when it is in 0 ms. */
export interface Reports {
  now(systemId: string, delivery: Delivery): void
  later(systemId: string, delivery: Delivery, inMs: number): void
}

/** Answers have a latency somebody may measure: their queue is finer than that of receipts. */
const ANSWER_BUCKET_MS = 1

const UNTOUCHED: SubmitRuling = {}

interface Answer {
  session: Session
  sequence: number
  status: number
  /** Null when it was refused. */
  record: SubmitRecord | null
}

export class SubmitCounter implements Counter {
  readonly #options: SimulatorOptions
  readonly #parts: SmscParts
  readonly #reports: Reports
  readonly #nextIds: ReturnType<typeof messageIdMaker>
  readonly #scrubbing: Scrubbing | null
  readonly #answers = new DelayQueue<Answer>(ANSWER_BUCKET_MS)
  readonly #reordered = new Reorderer<Session, Answer>()

  constructor(options: SimulatorOptions, parts: SmscParts, reports: Reports) {
    this.#options = options
    this.#parts = parts
    this.#reports = reports
    this.#nextIds = messageIdMaker(options.firstId, parts.now())
    this.#scrubbing = options.scrub && new Scrubbing(options.scrub, parts.log, this)
  }

  /** Whether answers are to be written some time later. */
  get answersWait(): boolean {
    return this.#answers.size > 0 || this.#reordered.holds
  }

  submit(session: Session, pdu: Pdu): void {
    const { seed, outcomes, requireDlt, receiptDelayMs, scrub } = this.#options
    const { log, faults } = this.#parts
    const sequence = pdu.sequence_number
    const userData = userDataOf(pdu)
    const refusal = refusalOf(pdu, userData, requireDlt)
    if (refusal !== null || !userData) return this.#refuse(session, sequence, refusal ?? 0)

    const now = this.#parts.now()
    const to = String(pdu.destination_addr)
    const outcome = outcomeOf(seed, outcomes, to, userData.text, scrub !== null)
    const record = recordOf(pdu, userData, {
      systemId: session.systemId ?? '',
      bind: session.bind,
      at: now,
      ids: this.#nextIds(faults.ids),
      outcome,
      intern: (text) => log.intern(text),
    })
    const ruling = this.#rulingOn(record, now)
    if (ruling.drop === 'message') return log.lost()
    if (ruling.status) return this.#refuse(session, sequence, ruling.status, ruling.delayMs)

    if (ruling.stat !== undefined) record.stat = ruling.stat
    if (ruling.err !== undefined) record.err = ruling.err
    const { min, max } = receiptDelayMs
    const arrival = { session, sequence, record, ruling, receiptDelayMs: min + (max - min) * outcome.delay }
    if (this.#scrubbing) return this.#scrubbing.submit(arrival, now)
    this.accept(arrival)
    this.report(arrival)
    this.answer(arrival)
  }

  accept({ record }: Arrival): void {
    this.#parts.log.accepted(record)
    this.#parts.onAccepted()
  }

  report({ record, ruling, receiptDelayMs }: Arrival): void {
    if (record.stat === null) return
    const { log, faults } = this.#parts
    const { dialect } = faults
    if (!ruling.receipt) {
      const delivery = new ReceiptDelivery(record, log, dialect, false)
      return this.#reports.later(record.systemId, delivery, receiptDelayMs)
    }
    for (const { inMs, delivery } of planReceipts(record, receiptDelayMs, ruling.receipt, { log, dialect })) {
      if (inMs === 0) this.#reports.now(record.systemId, delivery)
      else this.#reports.later(record.systemId, delivery, inMs)
    }
  }

  answer({ session, sequence, record, ruling }: Arrival): void {
    if (ruling.drop === 'response') return
    const answer = { session, sequence, status: STATUS.ESME_ROK!, record }
    const now = this.#parts.now()
    if (ruling.reorder) {
      const { window, holdMs } = ruling.reorder
      for (const ripe of this.#reordered.hold(session, answer, window, now + holdMs)) this.#write(ripe)
      return
    }
    const inMs = ruling.delayMs ?? drawLatencyMs(this.#options.responseDelayMs, this.#parts.random)
    if (inMs > 0) this.#answers.push(now + inMs, answer)
    else this.#write(answer)
  }

  refuse({ session, sequence, ruling }: Arrival, status: number): void {
    this.#refuse(session, sequence, status, ruling.delayMs)
  }

  /** Writes the answers that are due, and refuses parts that have waited too long for the others. */
  tick(): void {
    const now = this.#parts.now()
    this.#scrubbing?.expire(now)
    for (const answer of this.#answers.take(now)) this.#write(answer)
    if (this.#reordered.holds) for (const answer of this.#reordered.take(now)) this.#write(answer)
  }

  /** Refuses what waits for parts that will not come any more. */
  close(): void {
    this.#scrubbing?.close()
  }

  /** The hook's word goes before those of faults. */
  #rulingOn(record: SubmitRecord, now: number): SubmitRuling {
    const { onSubmit, faults } = this.#parts
    const hooked = onSubmit?.(record)
    if (hooked?.status || hooked?.drop === 'message') return hooked
    const faulty = faults.ofSubmit(record, now)
    if (hooked && faulty) return { ...faulty, ...hooked }
    return hooked || faulty || UNTOUCHED
  }

  #refuse(session: Session, sequence: number, status: number, inMs = 0): void {
    this.#parts.log.refused(status)
    const answer = { session, sequence, status, record: null }
    if (inMs > 0) this.#answers.push(this.#parts.now() + inMs, answer)
    else this.#write(answer)
  }

  #write({ session, sequence, status, record }: Answer): void {
    const fields = { message_id: record?.messageId ?? '' }
    const isWritten = session.respond('submit_sm_resp', sequence, status, fields)
    if (isWritten && record) this.#parts.log.responded(record)
  }
}
