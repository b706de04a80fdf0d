import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { UnplacedClass, UnplacedReceipt } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Queue } from '../../shared/ports.ts'
import { type Pdu, STATUS } from '../../shared/smpp/codec.ts'
import { type IdForm, idKey } from '../../shared/smpp/message-id.ts'
import type { Receipt } from '../../shared/smpp/receipt.ts'
import { receiptDateMs } from '../../shared/smpp/receipt-date.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'
import { classOfStat, isFinalStat } from '../../shared/smpp/states.ts'
import type { Timing } from '../../shared/timing.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import { LagMeter } from './lag-meter.ts'
import { type Match, Matcher } from './matcher.ts'
import { MobileOriginated } from './mobile-originated.ts'
import type { RememberedIds, SegmentRef } from './remembered-ids.ts'

/**
 * Receipts not durable at which further ones are turned away: the SMSC keeps them and sends them again. Outcomes are
 * not counted: neither direction may stop the other by what it has waiting.
 */
const MAX_BACKLOG_ROWS = 40_000

/**
 * How long a message is known after its final receipt. An SMSC that missed an acknowledgement, or was turned away, sends
 * the receipt again within minutes; a gateway that gives ids again takes hours to.
 */
const KNOWN_AFTER_FINAL_MS = 10 * 60_000

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

/** A receipt with what its deliver_sm says beside it. */
interface Arrival {
  receipt: Receipt
  from: string
  to: string
  arrivedAt: EpochMs
  waiting: Waiting
}

/** Since the process began. */
export interface ReceiverCounts {
  /** Receipts written under their message. */
  placed: number
  /** Receipts whose message this process does not know: kept under route and id for the settler, listed by number. */
  keptAside: number
  /** deliver_sm answered ESME_RX_T_APPN: the SMSC sends them again. */
  turnedAway: number
}

/**
 * Takes deliver_sm: writes it down, and acknowledges it when it is durable, never before. One that is not durable in
 * `receiptDurableMs` is answered ESME_RX_T_APPN, so the SMSC sends it again later; the fact may then be written
 * twice, which changes nothing.
 */
export class Receiver {
  readonly #route: RouteConfig
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #writer: LedgerWriter
  readonly #ids: RememberedIds
  readonly #matcher: Matcher
  readonly #mobileOriginated: MobileOriginated
  /** In order of arrival, so the oldest is first. */
  readonly #waiting = new Set<Waiting>()
  readonly #timer: NodeJS.Timeout
  /** Of receipts whose message is looked for once more. */
  readonly #secondLooks = new Set<NodeJS.Timeout>()
  readonly lag = new LagMeter()
  readonly #counts: ReceiverCounts = { placed: 0, keptAside: 0, turnedAway: 0 }
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
    this.#clock = options.clock
    this.#timing = options.timing
    this.#writer = options.writer
    this.#ids = options.ids
    this.#matcher = new Matcher(options.ids, options.route.idMode)
    this.#mobileOriginated = new MobileOriginated(options)
    this.#timer = setInterval(() => {
      this.#turnAwayLate()
      this.#ids.forgetFinal(this.#clock.now() - KNOWN_AFTER_FINAL_MS)
    }, options.timing.receiptDurableMs / 5)
  }

  /** Receipts and messages taken and not answered yet. */
  get unanswered(): number {
    return this.#waiting.size
  }

  get counts(): Readonly<ReceiverCounts> {
    return this.#counts
  }

  /** How the route writes the ids of its receipts; null while it is not known. */
  get idForm(): IdForm | null {
    return this.#matcher.idForm
  }

  onDeliver(pdu: Pdu, ack: Ack): void {
    const waiting: Waiting = { ack, sinceMs: this.#clock.monotonicMs(), answered: false }
    this.#waiting.add(waiting)
    const receipt = clipped(receiptOf(pdu))
    if (!receipt.isReceipt) void this.#onMessage(pdu, waiting)
    else if (this.#writer.receiptBacklog >= MAX_BACKLOG_ROWS) this.#turnAway(waiting)
    else this.#onReceipt(pdu, receipt, waiting)
  }

  /** Leaves no timer behind. */
  close(): void {
    clearInterval(this.#timer)
    for (const timer of this.#secondLooks) clearTimeout(timer)
  }

  #onReceipt(pdu: Pdu, receipt: Receipt, waiting: Waiting): void {
    const from = String(pdu.source_addr).slice(0, MAX_FIELD_OCTETS)
    const to = String(pdu.destination_addr).slice(0, MAX_FIELD_OCTETS)
    const arrival: Arrival = { receipt, from, to, arrivedAt: this.#clock.now(), waiting }
    const match = this.#match(arrival)
    if (match.message) return this.#write(arrival, match)
    // It may have overtaken the response that names its message, on another bind: look once more a moment later. Not in
    // the timer's own turn: after a stall timers run before sockets are read, and the response is in one of them.
    const timer = setTimeout(() => {
      this.#secondLooks.delete(timer)
      setImmediate(() => this.#write(arrival, this.#match(arrival)))
    }, this.#timing.lingerMs)
    this.#secondLooks.add(timer)
  }

  #match({ receipt, from }: Arrival): Match {
    return receipt.id === null ? { message: null, proves: null } : this.#matcher.find(receipt.id, from)
  }

  /** Under the page of its message; aside, when this process does not know the message. */
  #write(arrival: Arrival, match: Match): void {
    this.#matcher.learn(match)
    if (match.message) this.#place(arrival, match.message)
    else {
      this.#counts.keptAside++
      this.#writer.unplaced(this.#unplaced(arrival))
    }
    this.#ackWhenDurable(arrival.waiting)
  }

  #place({ receipt, arrivedAt }: Arrival, { key, ref }: { key: string; ref: SegmentRef }): void {
    this.#counts.placed++
    const stat = wordOf(receipt)
    this.#writer.receipt(ref.page, [
      ref.batch,
      ref.i,
      ref.part,
      receipt.id ?? '',
      stat,
      receipt.err ?? '',
      this.#doneAt(receipt),
      arrivedAt,
    ])
    if (!isFinalStat(stat)) return
    const lagMs = this.#ids.markFinal(key, arrivedAt)
    if (lagMs !== null) this.lag.record(lagMs)
  }

  #unplaced({ receipt, from, to, arrivedAt }: Arrival): UnplacedReceipt {
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
    if (await this.#mobileOriginated.keep(pdu)) this.#answer(waiting, STATUS.ESME_ROK!)
    else this.#turnAway(waiting)
  }

  #ackWhenDurable(waiting: Waiting): void {
    this.#writer.whenDurable(() => this.#answer(waiting, STATUS.ESME_ROK!))
  }

  #turnAway(waiting: Waiting): void {
    if (waiting.answered) return
    this.#counts.turnedAway++
    this.#answer(waiting, STATUS.ESME_RX_T_APPN!)
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
      this.#turnAway(waiting)
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
