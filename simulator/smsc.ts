/**
 * The SMSC behind the sessions: accounts, checks, outcomes, receipts and the truth. Holds no sockets; `tick` does what
 * has fallen due by then.
 */
import { type Pdu, STATUS } from '../shared/smpp/codec.ts'
import { DelayQueue } from './delay-queue.ts'
import { type Delivery, DeliveryDesk } from './delivery-desk.ts'
import { messageIdMaker } from './message-ids.ts'
import { type MobileOriginated, moFields } from './mo-pdu.ts'
import type { SimulatorAccount, SimulatorOptions } from './options.ts'
import { outcomeOf } from './outcome.ts'
import { ReceiptDelivery } from './receipt-delivery.ts'
import type { Session, SessionHub } from './session.ts'
import { recordOf, refusalOf } from './submit-record.ts'
import type { SubmitRecord, TruthLog } from './truth.ts'
import { userDataOf } from './user-data.ts'

/** What a test makes of one submit_sm. */
export interface SubmitRuling {
  /** Refuse with this command_status instead of accepting. */
  status?: number
  /** `response`: accept and report, but never answer. `message`: as if it had never come. */
  drop?: 'response' | 'message'
  /** Answer this much later. */
  delayMs?: number
  /** Report this word instead of what chance says; null reports nothing. */
  stat?: string | null
}

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing
export type SubmitHook = (record: Readonly<SubmitRecord>) => SubmitRuling | void

interface Account extends SimulatorAccount {
  sessions: Set<Session>
  desk: DeliveryDesk
}

interface Answer {
  session: Session
  sequence: number
  status: number
  messageId: string
}

export class Smsc implements SessionHub {
  readonly #options: SimulatorOptions
  readonly #log: TruthLog
  readonly #now: () => number
  readonly #onSubmit: SubmitHook | null
  readonly #nextIds: ReturnType<typeof messageIdMaker>
  readonly #accounts: ReadonlyMap<string, Account>
  readonly #answers = new DelayQueue<Answer>()
  readonly #deliveries = new DelayQueue<{ systemId: string; delivery: Delivery }>()

  constructor(options: SimulatorOptions, log: TruthLog, now: () => number, onSubmit: SubmitHook | null) {
    this.#options = options
    this.#log = log
    this.#now = now
    this.#onSubmit = onSubmit
    this.#nextIds = messageIdMaker(options, now())
    this.#accounts = new Map(
      options.accounts.map((account) => [
        account.systemId,
        { ...account, sessions: new Set(), desk: this.#openDesk(account.systemId) },
      ]),
    )
  }

  get binds(): number {
    let binds = 0
    for (const { sessions } of this.#accounts.values()) binds += sessions.size
    return binds
  }

  /** ESME_RINVPASWD for a wrong password, ESME_RBINDFAIL for anything else that is wrong with the account. */
  bind(session: Session, pdu: Pdu): number {
    const account = this.#accounts.get(String(pdu.system_id))
    if (!account) return STATUS.ESME_RBINDFAIL!
    if (account.password !== pdu.password) return STATUS.ESME_RINVPASWD!
    if (account.systemType !== undefined && account.systemType !== pdu.system_type)
      return STATUS.ESME_RBINDFAIL!
    if (account.sessions.size >= account.maxBinds) return STATUS.ESME_RALYBND!
    account.sessions.add(session)
    return STATUS.ESME_ROK!
  }

  bound(session: Session): void {
    if (session.mayReceive) this.#accountOf(session)?.desk.linkUp(session, this.#now())
  }

  drained(session: Session): void {
    this.#accountOf(session)?.desk.pump(this.#now())
  }

  gone(session: Session): void {
    const account = this.#accountOf(session)
    account?.sessions.delete(session)
    account?.desk.linkDown(session, this.#now())
  }

  delivered(session: Session, pdu: Pdu): void {
    const ok = pdu.command_status === STATUS.ESME_ROK
    this.#accountOf(session)?.desk.answered(session, pdu.sequence_number, ok, this.#now())
  }

  submit(session: Session, pdu: Pdu): void {
    const { seed, outcomes, requireDlt, receiptDelayMs, receiptStyle, responseDelayMs } = this.#options
    const answer = { session, sequence: pdu.sequence_number, status: 0, messageId: '' }
    const userData = userDataOf(pdu)
    const refusal = refusalOf(pdu, userData, requireDlt)
    if (refusal !== null || !userData) return this.#refuse({ ...answer, status: refusal ?? 0 }, 0)

    const now = this.#now()
    const outcome = outcomeOf(seed, outcomes, String(pdu.destination_addr), userData.text)
    const planned = recordOf(pdu, userData, {
      systemId: session.systemId ?? '',
      bind: session.bind,
      at: now,
      ids: this.#nextIds(),
      outcome,
      intern: (text) => this.#log.intern(text),
    })
    const ruling = this.#onSubmit?.(planned) ?? {}
    if (ruling.drop === 'message') return
    if (ruling.status) return this.#refuse({ ...answer, status: ruling.status }, ruling.delayMs ?? 0)

    const record = ruling.stat === undefined ? planned : { ...planned, stat: ruling.stat }
    this.#log.accepted(record)
    if (ruling.drop !== 'response') {
      const delayMs = ruling.delayMs ?? within(responseDelayMs, outcome.delay)
      this.#answer({ ...answer, messageId: record.messageId }, delayMs)
    }
    if (record.stat === null) return
    const delivery = new ReceiptDelivery(record, this.#log, receiptStyle)
    this.#deliveries.push(now + within(receiptDelayMs, outcome.delay), {
      systemId: record.systemId,
      delivery,
    })
  }

  /** Resolves to whether the ESME acknowledged it. */
  sendMo(systemId: string, message: MobileOriginated): Promise<boolean> {
    const desk = this.#accounts.get(systemId)?.desk
    if (!desk) return Promise.resolve(false)
    const fields = moFields(message)
    return new Promise((ended) => {
      const delivery = { preferredBind: null, attempts: 0, fields: () => fields, sent() {}, ended }
      desk.offer(delivery, this.#now())
    })
  }

  /** Sends the answers and receipts that are due. */
  tick(): void {
    const now = this.#now()
    for (const answer of this.#answers.take(now)) this.#answer(answer, 0)
    for (const { systemId, delivery } of this.#deliveries.take(now)) {
      this.#accounts.get(systemId)?.desk.offer(delivery, now)
    }
  }

  /** Sends receipts again that were not answered in time. */
  expire(): void {
    for (const { desk } of this.#accounts.values()) desk.expire(this.#now())
  }

  #accountOf(session: Session): Account | undefined {
    return session.systemId === null ? undefined : this.#accounts.get(session.systemId)
  }

  #openDesk(systemId: string): DeliveryDesk {
    const { receiptWindow, receiptTimeoutMs, receiptAttempts, receiptRetryMs } = this.#options
    return new DeliveryDesk({
      window: receiptWindow,
      timeoutMs: receiptTimeoutMs,
      maxAttempts: receiptAttempts,
      retryLater: (delivery) => this.#deliveries.push(this.#now() + receiptRetryMs, { systemId, delivery }),
    })
  }

  #refuse(answer: Answer, delayMs: number): void {
    this.#log.refused(answer.status)
    this.#answer(answer, delayMs)
  }

  #answer(answer: Answer, delayMs: number): void {
    if (delayMs > 0) {
      this.#answers.push(this.#now() + delayMs, answer)
      return
    }
    const { session, sequence, status, messageId } = answer
    session.respond('submit_sm_resp', sequence, status, { message_id: messageId })
  }
}

const within = ({ min, max }: { min: number; max: number }, at: number): number => min + (max - min) * at
