import type { InboundMessage } from '../../shared/contracts/jobs.ts'
import type { RouteId } from '../../shared/ids.ts'
import { type Log, maskMsisdn } from '../../shared/log.ts'
import type { Clock, Queue } from '../../shared/ports.ts'
import type { Pdu } from '../../shared/smpp/codec.ts'
import { userData } from '../../shared/smpp/receipt-pdu.ts'
import { decodeGsm7 } from '../../shared/sms/gsm7.ts'
import { decodeUcs2 } from '../../shared/sms/ucs2.ts'

/** Messages on their way to the queue at which further ones are not taken: a storm must not fill memory. */
const MAX_UNDER_WAY = 1_000

/** Hands messages that subscribers sent to the inbound queue. */
export class MobileOriginated {
  readonly #route: RouteId
  readonly #queue: Queue
  readonly #clock: Clock
  readonly #log: Log
  #underWay = 0

  constructor(options: { route: { id: RouteId }; queue: Queue; clock: Clock; log: Log }) {
    this.#route = options.route.id
    this.#queue = options.queue
    this.#clock = options.clock
    this.#log = options.log
  }

  /** Whether the message is in the queue now; false, too, when so many are on their way that it was not tried. */
  async keep(pdu: Pdu): Promise<boolean> {
    if (this.#underWay >= MAX_UNDER_WAY) return false
    const message: InboundMessage = {
      kind: 'inbound',
      route: this.#route,
      from: String(pdu.source_addr),
      to: String(pdu.destination_addr),
      text: mobileOriginatedText(userData(pdu), Number(pdu.data_coding)),
      dataCoding: Number(pdu.data_coding),
      arrivedAt: this.#clock.now(),
    }
    this.#underWay++
    try {
      await this.#queue.send('inbound', [JSON.stringify(message)])
      return true
    } catch (cause) {
      this.#log.warn('inbound message not kept', { from: maskMsisdn(message.from), cause: String(cause) })
      return false
    } finally {
      this.#underWay--
    }
  }
}

/** The text of a message somebody sent, by its data_coding (SMPP 3.4 §5.2.19); alphabets we do not know as latin-1. */
export function mobileOriginatedText(octets: Buffer, dataCoding: number): string {
  switch (dataCoding) {
    case 0:
      return decodeGsm7(octets)
    case 8:
      return decodeUcs2(octets)
    default:
      return octets.toString('latin1')
  }
}
