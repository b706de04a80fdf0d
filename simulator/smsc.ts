/**
 * The SMSC behind the sessions: checks, outcomes, faults, receipts and the truth. Holds no sockets; `tick` does what
 * has fallen due by then.
 */
import { type Pdu, STATUS } from '../shared/smpp/codec.ts'
import { Accounts } from './accounts.ts'
import { DelayQueue } from './delay-queue.ts'
import type { Delivery } from './delivery-desk.ts'
import type { FaultsInForce } from './faults/in-force.ts'
import { drawLatencyMs } from './faults/latency.ts'
import type { Random } from './faults/random.ts'
import { messageIdMaker } from './message-ids.ts'
import { type MobileOriginated, moFields } from './mo-pdu.ts'
import type { SimulatorOptions } from './options.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { ReceiptDelivery } from './receipt-delivery.ts'
import { planReceipts } from './receipt-plan.ts'
import { Reorderer } from './reorderer.ts'
import type { BindKind, Session, SessionHub } from './session.ts'
import { recordOf, refusalOf } from './submit-record.ts'
import type { SubmitHook, SubmitRuling } from './submit-ruling.ts'
import type { SubmitRecord, TruthLog } from './truth.ts'
import { userDataOf } from './user-data.ts'

export type { SubmitHook, SubmitRuling } from './submit-ruling.ts'

/** Answers have a latency somebody may measure: their queue is finer than that of receipts. */
const ANSWER_BUCKET_MS = 1

interface Answer {
  session: Session
  sequence: number
  status: number
  /** Null when it was refused. */
  record: SubmitRecord | null
}

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

const UNTOUCHED: SubmitRuling = {}

export class Smsc implements SessionHub {
  /** How many, by command_status in decimal. */
  readonly refusedBinds: Record<string, number> = {}
  readonly #options: SimulatorOptions
  readonly #parts: SmscParts
  readonly #nextIds: ReturnType<typeof messageIdMaker>
  readonly #accounts: Accounts
  readonly #answers = new DelayQueue<Answer>(ANSWER_BUCKET_MS)
  readonly #reordered = new Reorderer<Session, Answer>()
  readonly #deliveries = new DelayQueue<{ systemId: string; delivery: Delivery }>()

  constructor(options: SimulatorOptions, parts: SmscParts) {
    this.#options = options
    this.#parts = parts
    this.#nextIds = messageIdMaker(options.firstId, parts.now())
    this.#accounts = new Accounts(options, (systemId, delivery) =>
      this.#deliveries.push(parts.now() + options.receiptRetryMs, { systemId, delivery }),
    )
  }

  get binds(): number {
    return this.#accounts.binds
  }

  /** Whether answers are to be written some time later. */
  get answersWait(): boolean {
    return this.#answers.size > 0 || this.#reordered.holds
  }

  /** From now on; who is bound stays bound. */
  changePassword(systemId: string | undefined, password: string): void {
    const account = this.#accounts.named(systemId)
    if (account) account.password = password
  }

  bind(session: Session, pdu: Pdu, kind: BindKind): number | null {
    const status = this.#bindStatus(session, pdu, kind)
    if (status) this.refusedBinds[status] = (this.refusedBinds[status] ?? 0) + 1
    return status
  }

  #bindStatus(session: Session, pdu: Pdu, kind: BindKind): number | null {
    const checked = this.#accounts.check(pdu)
    if ('status' in checked) return checked.status
    const ruling = this.#parts.faults.ofBind({ systemId: checked.account.systemId, bind: session.bind, kind })
    if (ruling?.kind === 'ignore') return null
    if (ruling?.kind === 'refuse') return ruling.status
    if (ruling?.kind === 'close') setTimeout(() => session.end(), ruling.afterMs).unref()
    checked.account.sessions.add(session)
    return STATUS.ESME_ROK!
  }

  bound(session: Session): void {
    if (session.mayReceive) this.#accounts.of(session)?.desk.linkUp(session, this.#parts.now())
  }

  drained(session: Session): void {
    this.#accounts.of(session)?.desk.pump(this.#parts.now())
  }

  gone(session: Session): void {
    const account = this.#accounts.of(session)
    account?.sessions.delete(session)
    account?.desk.linkDown(session, this.#parts.now())
  }

  answersEnquiry(session: Session): boolean {
    return this.#parts.faults.answersEnquiry(session)
  }

  delivered(session: Session, pdu: Pdu): void {
    const ok = pdu.command_status === STATUS.ESME_ROK
    this.#accounts.of(session)?.desk.answered(session, pdu.sequence_number, ok, this.#parts.now())
  }

  submit(session: Session, pdu: Pdu): void {
    const { seed, outcomes, requireDlt } = this.#options
    const { log, faults } = this.#parts
    const userData = userDataOf(pdu)
    const refusal = refusalOf(pdu, userData, requireDlt)
    if (refusal !== null || !userData) return this.#refuse(session, pdu, refusal ?? 0, UNTOUCHED)

    const now = this.#parts.now()
    const outcome = outcomeOf(seed, outcomes, String(pdu.destination_addr), userData.text)
    const planned = recordOf(pdu, userData, {
      systemId: session.systemId ?? '',
      bind: session.bind,
      at: now,
      ids: this.#nextIds(faults.ids),
      outcome,
      intern: (text) => log.intern(text),
    })
    const ruling = this.#rulingOn(planned, now)
    if (ruling.drop === 'message') return log.lost()
    if (ruling.status) return this.#refuse(session, pdu, ruling.status, ruling)

    const { stat = planned.stat, err = planned.err } = ruling
    const changed = stat !== planned.stat || err !== planned.err
    const record = changed ? { ...planned, stat, err } : planned
    log.accepted(record)
    this.#parts.onAccepted()
    this.#report(record, outcome, ruling, now)
    if (ruling.drop === 'response') return
    this.#answerWhenDue({ session, sequence: pdu.sequence_number, status: 0, record }, ruling, now)
  }

  /** Resolves to whether the ESME acknowledged it. */
  sendMo(systemId: string | undefined, message: MobileOriginated): Promise<boolean> {
    const desk = this.#accounts.named(systemId)?.desk
    if (!desk) return Promise.resolve(false)
    const fields = moFields(message)
    return new Promise((ended) => {
      const binds = { preferredBind: null, avoidedBind: null }
      desk.offer({ ...binds, attempts: 0, fields: () => fields, sent() {}, ended }, this.#parts.now())
    })
  }

  /** Puts a delivery in line for an account, the first one unless named. */
  deliver(systemId: string | undefined, delivery: Delivery): void {
    this.#accounts.named(systemId)?.desk.offer(delivery, this.#parts.now())
  }

  /** Takes over the receipts that an earlier life of this SMSC owes: due now, to whoever binds. */
  owe(records: readonly SubmitRecord[]): void {
    const { log, faults } = this.#parts
    for (const record of records) {
      log.owed()
      // Bind numbers of the earlier life mean other connections now.
      const delivery = new ReceiptDelivery({ ...record, bind: 0 }, log, faults.dialect, false)
      this.#deliveries.push(this.#parts.now(), { systemId: record.systemId, delivery })
    }
  }

  /** Sends the answers and receipts that are due. */
  tick(): void {
    const now = this.#parts.now()
    for (const answer of this.#answers.take(now)) this.#answer(answer)
    if (this.#reordered.holds) for (const answer of this.#reordered.take(now)) this.#answer(answer)
    for (const { systemId, delivery } of this.#deliveries.take(now)) {
      this.#accounts.offer(systemId, delivery, now)
    }
  }

  /** Sends receipts again that were not answered in time. */
  expire(): void {
    this.#accounts.expire(this.#parts.now())
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

  #report(record: SubmitRecord, outcome: Outcome, { receipt: manners }: SubmitRuling, now: number): void {
    if (record.stat === null) return
    const { systemId } = record
    const { log, faults } = this.#parts
    const { min, max } = this.#options.receiptDelayMs
    const delayMs = min + (max - min) * outcome.delay
    if (!manners) {
      const delivery = new ReceiptDelivery(record, log, faults.dialect, false)
      this.#deliveries.push(now + delayMs, { systemId, delivery })
      return
    }
    for (const { inMs, delivery } of planReceipts(record, delayMs, manners, {
      log,
      dialect: faults.dialect,
    })) {
      if (inMs === 0) this.#accounts.offer(systemId, delivery, now)
      else this.#deliveries.push(now + inMs, { systemId, delivery })
    }
  }

  #refuse(session: Session, pdu: Pdu, status: number, ruling: SubmitRuling): void {
    this.#parts.log.refused(status)
    const answer = { session, sequence: pdu.sequence_number, status, record: null }
    if (ruling.delayMs) this.#answers.push(this.#parts.now() + ruling.delayMs, answer)
    else this.#answer(answer)
  }

  #answerWhenDue(answer: Answer, { delayMs, reorder }: SubmitRuling, now: number): void {
    if (reorder) {
      const { session } = answer
      const ripe = this.#reordered.hold(session, answer, reorder.window, now + reorder.holdMs)
      for (const each of ripe) this.#answer(each)
      return
    }
    const inMs = delayMs ?? drawLatencyMs(this.#options.responseDelayMs, this.#parts.random)
    if (inMs > 0) this.#answers.push(now + inMs, answer)
    else this.#answer(answer)
  }

  #answer({ session, sequence, status, record }: Answer): void {
    const written = session.respond('submit_sm_resp', sequence, status, {
      message_id: record?.messageId ?? '',
    })
    if (written && record) this.#parts.log.responded(record)
  }
}
