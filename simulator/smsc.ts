/**
 * The SMSC behind the sessions: who is bound, what they are sent. What becomes of a submit_sm is the counter's. Holds
 * no sockets; `tick` does what has fallen due by then.
 */
import { type Pdu, STATUS } from '../shared/smpp/codec.ts'
import { Accounts } from './accounts.ts'
import { DelayQueue } from './delay-queue.ts'
import type { Delivery } from './delivery-desk.ts'
import { type MobileOriginated, moFields } from './mo-pdu.ts'
import type { SimulatorOptions } from './options.ts'
import { ReceiptDelivery } from './receipt-delivery.ts'
import type { BindKind, Session, SessionHub } from './session.ts'
import { type SmscParts, SubmitCounter } from './submit-counter.ts'
import type { SubmitRecord } from './truth.ts'

export type { SubmitHook, SubmitRuling } from './submit-ruling.ts'

export class Smsc implements SessionHub {
  /** How many, by command_status in decimal. */
  readonly refusedBinds: Record<string, number> = {}
  readonly #parts: SmscParts
  readonly #accounts: Accounts
  readonly #counter: SubmitCounter
  readonly #deliveries = new DelayQueue<{ systemId: string; delivery: Delivery }>()

  constructor(options: SimulatorOptions, parts: SmscParts) {
    this.#parts = parts
    this.#accounts = new Accounts(options, (systemId, delivery) =>
      this.#deliveries.push(parts.now() + options.receiptRetryMs, { systemId, delivery }),
    )
    this.#counter = new SubmitCounter(options, parts, {
      now: (systemId, delivery) => this.#accounts.offer(systemId, delivery, parts.now()),
      later: (systemId, delivery, inMs) => this.#deliveries.push(parts.now() + inMs, { systemId, delivery }),
    })
  }

  get binds(): number {
    return this.#accounts.binds
  }

  /** Whether answers are to be written some time later. */
  get answersWait(): boolean {
    return this.#counter.answersWait
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
    this.#counter.submit(session, pdu)
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
    this.#counter.tick()
    for (const { systemId, delivery } of this.#deliveries.take(now)) {
      this.#accounts.offer(systemId, delivery, now)
    }
  }

  /** Refuses what waits for parts that will not come any more. */
  close(): void {
    this.#counter.close()
  }

  /** Sends receipts again that were not answered in time. */
  expire(): void {
    this.#accounts.expire(this.#parts.now())
  }
}
