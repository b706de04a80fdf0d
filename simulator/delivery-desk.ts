/**
 * Gets deliver_sm to one account. A delivery waits in line until a bind of the account has room, is on its way until
 * it is acknowledged, and goes back in line when it is refused, when nothing comes back in time, or when its bind
 * closes. So nothing is lost while nobody is bound, and nothing piles up at an ESME that stops answering.
 *
 * The desk knows no sockets and no clock: binds are `DeliveryLink`s, the time is passed in.
 */
import type { PduFields } from '../shared/smpp/codec.ts'

/** One deliver_sm to be: a receipt or a message from a subscriber. */
export interface Delivery {
  /** Number of the bind to prefer: the one the message was submitted over. */
  preferredBind: number | null
  /** Number of a bind not to use while there is another. */
  avoidedBind: number | null
  attempts: number
  fields(nowMs: number): PduFields
  sent(): void
  /** `acknowledged` is false when it was given up. */
  ended(acknowledged: boolean, nowMs: number): void
}

/** A bound connection that may receive. */
export interface DeliveryLink {
  readonly bind: number
  /** False while the peer does not read. */
  readonly writable: boolean
  /** Writes a deliver_sm; answers its sequence number. */
  deliver(fields: PduFields): number
}

export interface DeskOptions {
  window: number
  timeoutMs: number
  maxAttempts: number
  /** Puts a refused delivery back (through `DeliveryDesk.offer`) after a while. */
  retryLater(delivery: Delivery): void
}

interface OnTheWay {
  delivery: Delivery
  sentAtMs: number
}

export class DeliveryDesk {
  readonly #options: DeskOptions
  readonly #links = new Map<DeliveryLink, Map<number, OnTheWay>>()
  readonly #byBind = new Map<number, DeliveryLink>()
  #line: Delivery[] = []
  #head = 0

  constructor(options: DeskOptions) {
    this.#options = options
  }

  /** Deliveries in line. */
  get waiting(): number {
    return this.#line.length - this.#head
  }

  offer(delivery: Delivery, nowMs: number): void {
    this.#line.push(delivery)
    this.pump(nowMs)
  }

  linkUp(link: DeliveryLink, nowMs: number): void {
    this.#links.set(link, new Map())
    this.#byBind.set(link.bind, link)
    this.pump(nowMs)
  }

  linkDown(link: DeliveryLink, nowMs: number): void {
    const onTheWay = this.#links.get(link)
    if (!onTheWay) return
    this.#links.delete(link)
    this.#byBind.delete(link.bind)
    for (const { delivery } of onTheWay.values()) this.#putBack(delivery, nowMs)
    this.pump(nowMs)
  }

  /** A deliver_sm_resp came. One for a delivery that is not on its way over this link any more means nothing. */
  answered(link: DeliveryLink, sequence: number, ok: boolean, nowMs: number): void {
    const onTheWay = this.#links.get(link)
    const entry = onTheWay?.get(sequence)
    if (!entry) return
    onTheWay?.delete(sequence)
    if (ok) entry.delivery.ended(true, nowMs)
    else if (!this.#givenUp(entry.delivery, nowMs)) this.#options.retryLater(entry.delivery)
    this.pump(nowMs)
  }

  /** Sends again what was not answered in time. */
  expire(nowMs: number): void {
    for (const onTheWay of this.#links.values()) {
      for (const [sequence, { delivery, sentAtMs }] of onTheWay) {
        if (nowMs - sentAtMs < this.#options.timeoutMs) break // insertion order is order of sending
        onTheWay.delete(sequence)
        this.#putBack(delivery, nowMs)
      }
    }
    this.pump(nowMs)
  }

  /** Sends what waits, as far as binds have room. */
  pump(nowMs: number): void {
    while (this.waiting > 0) {
      const delivery = this.#line[this.#head]!
      const link = this.#linkFor(delivery)
      if (!link) break
      this.#head++
      delivery.attempts++
      delivery.sent()
      this.#links.get(link)?.set(link.deliver(delivery.fields(nowMs)), { delivery, sentAtMs: nowMs })
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#line.length) {
      this.#line = this.#line.slice(this.#head)
      this.#head = 0
    }
  }

  #linkFor(delivery: Delivery): DeliveryLink | null {
    const preferred = delivery.preferredBind === null ? null : this.#byBind.get(delivery.preferredBind)
    if (preferred && this.#hasRoom(preferred)) return preferred
    for (const link of this.#links.keys()) {
      if (link.bind === delivery.avoidedBind && this.#links.size > 1) continue
      if (this.#hasRoom(link)) return link
    }
    return null
  }

  #hasRoom(link: DeliveryLink): boolean {
    return link.writable && (this.#links.get(link)?.size ?? 0) < this.#options.window
  }

  #putBack(delivery: Delivery, nowMs: number): void {
    if (!this.#givenUp(delivery, nowMs)) this.#line.push(delivery)
  }

  #givenUp(delivery: Delivery, nowMs: number): boolean {
    if (delivery.attempts < this.#options.maxAttempts) return false
    delivery.ended(false, nowMs)
    return true
  }
}
