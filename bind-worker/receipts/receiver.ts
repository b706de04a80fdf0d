import type { InboundMessage } from '../../shared/contracts/jobs.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { UnplacedClass, UnplacedReceipt } from '../../shared/ledger/facts.ts'
import { numberAgreement } from '../../shared/ledger/number-agreement.ts'
import { type Log, maskMsisdn } from '../../shared/log.ts'
import type { Clock, Queue } from '../../shared/ports.ts'
import { type Pdu, STATUS } from '../../shared/smpp/codec.ts'
import { alternateKeys, idKey } from '../../shared/smpp/message-id.ts'
import type { Receipt } from '../../shared/smpp/receipt.ts'
import { receiptDateMs } from '../../shared/smpp/receipt-date.ts'
import { receiptOf, userData } from '../../shared/smpp/receipt-pdu.ts'
import { classOfStat, isFinalStat } from '../../shared/smpp/states.ts'
import type { Timing } from '../../shared/timing.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import { mobileOriginatedText } from './mobile-originated.ts'
import type { RememberedIds, SegmentRef } from './remembered-ids.ts'

/** Receipts not durable at which further ones are turned away: the SMSC keeps them and sends them again. */
const MAX_BACKLOG_ROWS = 40_000

/** The word recorded for a state change that is not final whatever its text says (esm_class 0x20). */
const INTERIM_WORD = 'ENROUTE'

/**
 * What is kept of a field of a receipt: as much as of the message_id of a response, four times what SMPP 3.4 §5.2.23
 * allows. A text may claim anything; more would not fit into a key of the ledger, and block every fact behind it.
 */
const MAX_FIELD_OCTETS = 256

type Ack = (status: number) => void

interface Waiting {
  ack: Ack
  sinceMs: number
  answered: boolean
}

/**
 * Takes deliver_sm: writes it down, and acknowledges it when it is durable, never before. One that is not durable in
 * `receiptDurableMs` is answered ESME_RX_T_APPN, so the SMSC sends it again later; the fact may then be written
 * twice, which changes nothing.
 */
export class Receiver {
  readonly #route: RouteConfig
  readonly #queue: Queue
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #writer: LedgerWriter
  readonly #ids: RememberedIds
  /** In order of arrival, so the oldest is first. */
  readonly #waiting = new Set<Waiting>()
  readonly #timer: NodeJS.Timeout
  #unidentified = 0

  constructor(options: {
    route: RouteConfig
    queue: Queue
    clock: Clock
    timing: Timing
    log: Log
    writer: LedgerWriter
    ids: RememberedIds
  }) {
    this.#route = options.route
    this.#queue = options.queue
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#writer = options.writer
    this.#ids = options.ids
    this.#timer = setInterval(() => this.#turnAwayLate(), options.timing.receiptDurableMs / 5)
  }

  /** Receipts and messages taken and not answered yet. */
  get unanswered(): number {
    return this.#waiting.size
  }

  onDeliver(pdu: Pdu, ack: Ack): void {
    if (this.#writer.backlog > MAX_BACKLOG_ROWS) return ack(STATUS.ESME_RX_T_APPN!)
    const waiting: Waiting = { ack, sinceMs: this.#clock.monotonicMs(), answered: false }
    this.#waiting.add(waiting)
    const receipt = clipped(receiptOf(pdu))
    if (receipt.isReceipt) this.#onReceipt(pdu, receipt, waiting)
    else void this.#onMessage(pdu, waiting)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #onReceipt(pdu: Pdu, receipt: Receipt, waiting: Waiting): void {
    const arrivedAt = this.#clock.now()
    const from = String(pdu.source_addr).slice(0, MAX_FIELD_OCTETS)
    const to = String(pdu.destination_addr).slice(0, MAX_FIELD_OCTETS)
    if (this.#place(receipt, from, arrivedAt)) return this.#ackWhenDurable(waiting)
    // It may have overtaken the response that names its message, on another bind: look once more a moment later.
    setTimeout(() => {
      if (!this.#place(receipt, from, arrivedAt)) {
        this.#writer.unplaced(this.#unplaced(receipt, from, to, arrivedAt))
      }
      this.#ackWhenDurable(waiting)
    }, this.#timing.lingerMs)
  }

  /** Writes the receipt under the page of its message, when this process knows the message. */
  #place(receipt: Receipt, from: string, arrivedAt: EpochMs): boolean {
    if (receipt.id === null) return false
    const known = this.#find(receipt.id, from)
    if (!known) return false
    const [key, ref] = known
    const stat = wordOf(receipt)
    this.#writer.receipt(ref.page, [
      ref.batch,
      ref.i,
      ref.part,
      receipt.id,
      stat,
      receipt.err ?? '',
      this.#doneAt(receipt),
      arrivedAt,
    ])
    if (isFinalStat(stat)) this.#ids.forget(key)
    return true
  }

  /**
   * By the id as it is, unless the number is another's: some gateways give an id more than once. Then by its other
   * notations, where the number must agree.
   */
  #find(id: string, from: string): [key: string, ref: SegmentRef] | null {
    const key = idKey(id)
    const ref = this.#ids.find(key)
    if (ref && numberAgreement(from, ref.to) !== 'another') return [key, ref]
    for (const other of alternateKeys(id, this.#route.idMode)) {
      const candidate = this.#ids.find(other)
      if (candidate && numberAgreement(from, candidate.to) === 'same') return [other, candidate]
    }
    return null
  }

  #unplaced(receipt: Receipt, from: string, to: string, arrivedAt: EpochMs): UnplacedReceipt {
    const stat = wordOf(receipt)
    return {
      route: this.#route.id,
      // Without an id nothing can ever match it; it is kept all the same, and found by number.
      idKey: receipt.id === null ? `?${arrivedAt}-${this.#unidentified++}` : idKey(receipt.id),
      class: unplacedClass(stat),
      id: receipt.id ?? '',
      stat,
      err: receipt.err ?? '',
      doneAt: this.#doneAt(receipt),
      arrivedAt,
      msisdn: from,
      header: to,
    }
  }

  #doneAt(receipt: Receipt): EpochMs | null {
    return receipt.doneDate === null ? null : receiptDateMs(receipt.doneDate, this.#route.receiptTimeZone)
  }

  async #onMessage(pdu: Pdu, waiting: Waiting): Promise<void> {
    const message: InboundMessage = {
      kind: 'inbound',
      route: this.#route.id,
      from: String(pdu.source_addr),
      to: String(pdu.destination_addr),
      text: mobileOriginatedText(userData(pdu), Number(pdu.data_coding)),
      dataCoding: Number(pdu.data_coding),
      arrivedAt: this.#clock.now(),
    }
    try {
      await this.#queue.send('inbound', [JSON.stringify(message)])
      this.#answer(waiting, STATUS.ESME_ROK!)
    } catch (cause) {
      this.#log.warn('inbound message not kept', { from: maskMsisdn(message.from), cause: String(cause) })
      this.#answer(waiting, STATUS.ESME_RX_T_APPN!)
    }
  }

  #ackWhenDurable(waiting: Waiting): void {
    this.#writer.whenDurable(() => this.#answer(waiting, STATUS.ESME_ROK!))
  }

  #answer(waiting: Waiting, status: number): void {
    if (waiting.answered) return
    waiting.answered = true
    this.#waiting.delete(waiting)
    waiting.ack(status)
  }

  #turnAwayLate(): void {
    const before = this.#clock.monotonicMs() - this.#timing.receiptDurableMs
    for (const waiting of this.#waiting) {
      if (waiting.sinceMs > before) break
      this.#answer(waiting, STATUS.ESME_RX_T_APPN!)
    }
  }
}

function clipped(receipt: Receipt): Receipt {
  const clip = (field: string | null) => field?.slice(0, MAX_FIELD_OCTETS) ?? null
  return { ...receipt, id: clip(receipt.id), stat: clip(receipt.stat), err: clip(receipt.err) }
}

/** The word to record; UNKNOWN when the gateway gave none. */
function wordOf(receipt: Receipt): string {
  const stat = receipt.stat ?? 'UNKNOWN'
  return !receipt.final && isFinalStat(stat) ? INTERIM_WORD : stat
}

function unplacedClass(stat: string): UnplacedClass {
  switch (classOfStat(stat)) {
    case 'delivered':
      return 'd'
    case 'failed':
      return 'f'
    default:
      return 'i'
  }
}
