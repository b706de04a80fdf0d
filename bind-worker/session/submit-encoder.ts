import type { PlanLine, PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import { ConfigError } from '../../shared/errors.ts'
import type { EpochMs } from '../../shared/ids.ts'
import { concatUdh, encodeText, referenceNumber } from '../../shared/sms/udh.ts'
import { dltTlvs } from './dlt-tlvs.ts'
import { validityPeriod } from './validity-period.ts'

const SUBMIT_SM = 0x0000_0004
/** short_message holds at most 254 octets (SMPP 3.4 §5.2.22), whatever one octet of length would allow. */
const MAX_SHORT_MESSAGE_OCTETS = 254
/** A user data header stands before the text (SMPP 3.4 §5.2.12). */
const ESM_UDHI = 0x40
/** A receipt for success and failure (SMPP 3.4 §5.2.17). */
const REGISTERED_DELIVERY = 0x01
/** SMPP 3.4 §5.3.2.17. */
const USER_MESSAGE_REFERENCE = 0x0204

const NO_UDH = Buffer.alloc(0)

/**
 * Writes the segments of one batch as submit_sm (SMPP 3.4 §4.4.1), sequence_number 0 for the session to fill in.
 *
 * All segments of a batch differ in five places only: number, esm_class, data_coding, short_message and
 * user_message_reference. What lies between is laid out once per batch; a segment is then a few copies, a tenth of what
 * the general codec takes. A test holds both to the same octets.
 */
export class SubmitEncoder {
  readonly #campaign: string
  readonly #referenceBits: PoolConfig['referenceBits']
  readonly #userMessageReference: boolean
  /** From the header up to destination_addr. */
  readonly #head: Buffer
  /** From protocol_id up to replace_if_present_flag. */
  readonly #middle: Buffer
  /** The TLVs, user_message_reference excepted. */
  readonly #tail: Buffer

  /**
   * @param validUntil end of validity_period; whole seconds count.
   * @throws ConfigError when the route wants long messages in a form this encoder does not write.
   */
  constructor(
    route: RouteConfig,
    line: Pick<PlanLine, 'campaign' | 'header' | 'entity' | 'template'>,
    options: { referenceBits: PoolConfig['referenceBits']; validUntil: EpochMs },
  ) {
    if (route.longMessage !== 'udh') {
      throw new ConfigError(
        'long_message_form',
        `route ${route.id}: longMessage must be "udh", "${route.longMessage}" cannot be sent`,
      )
    }
    this.#campaign = line.campaign
    this.#referenceBits = options.referenceBits
    this.#userMessageReference = route.dlt.userMessageReference
    this.#head = Buffer.concat([
      header(),
      cString(''), // service_type
      Buffer.of(route.sourceTon, route.sourceNpi),
      cString(line.header),
      Buffer.of(route.destTon, route.destNpi),
    ])
    this.#middle = Buffer.concat([
      Buffer.of(0, 0), // protocol_id, priority_flag
      cString(''), // schedule_delivery_time
      cString(validityPeriod(options.validUntil)),
      Buffer.of(REGISTERED_DELIVERY, 0), // and replace_if_present_flag
    ])
    this.#tail = Buffer.concat(dltTlvs(route, line).map(([tag, octets]) => tlv(tag, octets)))
  }

  /**
   * @param part 0-based index into `message.parts`.
   * @throws RangeError when the part does not exist or is too long: a defect of the plan, not of the message.
   */
  encode(message: PlannedMessage, part: number): Buffer {
    const total = message.parts.length
    const partText = message.parts[part]
    if (partText === undefined) throw new RangeError(`part ${part} of ${total}`)
    const text = encodeText(partText, message.dc)
    const udh = total === 1 ? NO_UDH : this.#udh(message, part)
    const shortMessageOctets = udh.length + text.length
    if (shortMessageOctets > MAX_SHORT_MESSAGE_OCTETS) {
      throw new RangeError(
        `short_message of ${shortMessageOctets} octets exceeds ${MAX_SHORT_MESSAGE_OCTETS}`,
      )
    }
    const { to } = message
    // Besides the three blocks: destination_addr and its NUL, esm_class, data_coding, sm_default_msg_id, sm_length.
    const octets = this.#head.length + to.length + 1 + 1 + this.#middle.length + 3 + shortMessageOctets
    const pdu = Buffer.allocUnsafe(octets + this.#tail.length + (this.#userMessageReference ? 6 : 0))

    pdu.set(this.#head, 0)
    pdu.writeUInt32BE(pdu.length, 0)
    let at = this.#head.length
    for (let i = 0; i < to.length; i++) pdu[at++] = to.charCodeAt(i)
    pdu[at++] = 0
    pdu[at++] = total === 1 ? 0 : ESM_UDHI
    pdu.set(this.#middle, at)
    at += this.#middle.length
    pdu[at++] = message.dc
    pdu[at++] = 0
    pdu[at++] = shortMessageOctets
    pdu.set(udh, at)
    pdu.set(text, at + udh.length)
    at += shortMessageOctets
    pdu.set(this.#tail, at)
    if (this.#userMessageReference) {
      pdu.writeUInt32BE(USER_MESSAGE_REFERENCE * 0x1_0000 + 2, pdu.length - 6)
      pdu.writeUInt16BE(referenceNumber(this.#campaign, to, 16), pdu.length - 2)
    }
    return pdu
  }

  #udh(message: PlannedMessage, part: number): Buffer {
    const bits = this.#referenceBits
    const reference = referenceNumber(this.#campaign, message.to, bits)
    return concatUdh(reference, message.parts.length, part + 1, bits)
  }
}

/** command_length is written per segment, sequence_number by the session. */
function header(): Buffer {
  const octets = Buffer.alloc(16)
  octets.writeUInt32BE(SUBMIT_SM, 4)
  return octets
}

const cString = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1')

function tlv(tag: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(tag, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value])
}
