/** The accounts of an SMSC: who may bind, who is bound, and each one's delivery desk. */
import { type Pdu, STATUS } from '../shared/smpp/codec.ts'
import { type Delivery, DeliveryDesk } from './delivery-desk.ts'
import type { SimulatorAccount, SimulatorOptions } from './options.ts'
import type { Session } from './session.ts'

export interface Account extends SimulatorAccount {
  sessions: Set<Session>
  desk: DeliveryDesk
}

export class Accounts {
  readonly #byId: ReadonlyMap<string, Account>

  /** `retryLater` is given deliveries that were refused, to be offered again after `receiptRetryMs`. */
  constructor(options: SimulatorOptions, retryLater: (systemId: string, delivery: Delivery) => void) {
    const openDesk = (systemId: string) =>
      new DeliveryDesk({
        window: options.receiptWindow,
        timeoutMs: options.receiptTimeoutMs,
        maxAttempts: options.receiptAttempts,
        retryLater: (delivery) => retryLater(systemId, delivery),
      })
    this.#byId = new Map(
      options.accounts.map((account) => [
        account.systemId,
        { ...account, sessions: new Set(), desk: openDesk(account.systemId) },
      ]),
    )
  }

  get binds(): number {
    let binds = 0
    for (const { sessions } of this.#byId.values()) binds += sessions.size
    return binds
  }

  /** The account of that name; the first one when none is named. */
  named(systemId?: string): Account | undefined {
    return systemId === undefined ? this.#byId.values().next().value : this.#byId.get(systemId)
  }

  of(session: Session): Account | undefined {
    return session.systemId === null ? undefined : this.#byId.get(session.systemId)
  }

  /** ESME_RINVPASWD for a wrong password, ESME_RBINDFAIL for anything else that is wrong with the account. */
  check(pdu: Pdu): { account: Account } | { status: number } {
    const account = this.#byId.get(String(pdu.system_id))
    if (!account) return { status: STATUS.ESME_RBINDFAIL! }
    if (account.password !== pdu.password) return { status: STATUS.ESME_RINVPASWD! }
    if (account.systemType !== undefined && account.systemType !== pdu.system_type)
      return { status: STATUS.ESME_RBINDFAIL! }
    if (account.sessions.size >= account.maxBinds) return { status: STATUS.ESME_RALYBND! }
    return { account }
  }

  offer(systemId: string, delivery: Delivery, nowMs: number): void {
    this.#byId.get(systemId)?.desk.offer(delivery, nowMs)
  }

  expire(nowMs: number): void {
    for (const { desk } of this.#byId.values()) desk.expire(nowMs)
  }
}
