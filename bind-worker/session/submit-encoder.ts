import type { PlanLine, PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
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
/** Which part of which message a segment is, where the gateway writes the UDH (SMPP 3.4 §5.3.2.22 to 24). */
const SAR_MSG_REF_NUM = 0x020c
const SAR_TOTAL_SEGMENTS = 0x020e
const SAR_SEGMENT_SEQNUM = 0x020f
/** The text of a message that goes out whole (SMPP 3.4 §5.3.2.32). */
const MESSAGE_PAYLOAD = 0x0424

const NO_TEXT = Buffer.alloc(0)
const NO_TLVS = Buffer.alloc(0)

/**
 * Writes the segments of one batch as submit_sm (SMPP 3.4 §4.4.1), sequence_number 0 for the session to fill in.
 *
 * All segments of a batch differ in few places only: number, esm_class, data_coding, short_message and the TLVs that say
 * which message and part they are. What lies between is laid out once per batch; a segment is then a few copies, a tenth
 * of what the general codec takes. A test holds both to the same octets.
 *
 * Long messages go out in the form the route's gateway takes: parts with a UDH before the text, parts with SAR TLVs, or
 * whole in message_payload.
 */
export class SubmitEncoder {
  readonly #campaign: string
  readonly #referenceBits: PoolConfig['referenceBits']
  readonly #longMessage: RouteConfig['longMessage']
  readonly #userMessageReference: boolean
  /** From the header up to destination_addr. */
  readonly #head: Buffer
  /** From protocol_id up to replace_if_present_flag. */
  readonly #middle: Buffer
  /** The TLVs all segments have in common. */
  readonly #tail: Buffer

  /**
   * @param validUntil end of validity_period; whole seconds count.
   */
  constructor(
    route: RouteConfig,
    line: Pick<PlanLine, 'campaign' | 'header' | 'entity' | 'template'>,
    options: { referenceBits: PoolConfig['referenceBits']; validUntil: EpochMs },
  ) {
    this.#longMessage = route.longMessage
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
   * @param part 0-based index into `message.parts`; a message that goes out whole has no other than 0.
   * @throws RangeError when the part does not exist or is too long: a defect of the plan, not of the message.
   */
  encode(message: PlannedMessage, part: number): Buffer {
    const total = message.parts.length
    const partText = message.parts[part]
    if (partText === undefined) throw new RangeError(`part ${part} of ${total}`)
    if (total === 1) return this.#lay(message, 0, encodeText(partText, message.dc), NO_TLVS)
    switch (this.#longMessage) {
      case 'udh': {
        const text = Buffer.concat([this.#udh(message, part), encodeText(partText, message.dc)])
        return this.#lay(message, ESM_UDHI, text, NO_TLVS)
      }
      case 'sar':
        return this.#lay(message, 0, encodeText(partText, message.dc), this.#sar(message, part))
      case 'payload': {
        const text = encodeText(message.parts.join(''), message.dc)
        return this.#lay(message, 0, NO_TEXT, tlv(MESSAGE_PAYLOAD, text))
      }
    }
  }

  #lay({ to, dc }: PlannedMessage, esmClass: number, shortMessage: Buffer, tlvs: Buffer): Buffer {
    if (shortMessage.length > MAX_SHORT_MESSAGE_OCTETS) {
      throw new RangeError(
        `short_message of ${shortMessage.length} octets exceeds ${MAX_SHORT_MESSAGE_OCTETS}`,
      )
    }
    // Besides the blocks: destination_addr and its NUL, esm_class, data_coding, sm_default_msg_id, sm_length.
    const octets = this.#head.length + to.length + 1 + 1 + this.#middle.length + 3 + shortMessage.length
    const ownTlvs = tlvs.length + (this.#userMessageReference ? 6 : 0)
    const pdu = Buffer.allocUnsafe(octets + this.#tail.length + ownTlvs)

    pdu.set(this.#head, 0)
    pdu.writeUInt32BE(pdu.length, 0)
    let at = this.#head.length
    for (let i = 0; i < to.length; i++) pdu[at++] = to.charCodeAt(i)
    pdu[at++] = 0
    pdu[at++] = esmClass
    pdu.set(this.#middle, at)
    at += this.#middle.length
    pdu[at++] = dc
    pdu[at++] = 0
    pdu[at++] = shortMessage.length
    pdu.set(shortMessage, at)
    pdu.set(this.#tail, octets)
    pdu.set(tlvs, octets + this.#tail.length)
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

  #sar(message: PlannedMessage, part: number): Buffer {
    const reference = Buffer.alloc(2)
    reference.writeUInt16BE(referenceNumber(this.#campaign, message.to, this.#referenceBits))
    return Buffer.concat([
      tlv(SAR_MSG_REF_NUM, reference),
      tlv(SAR_TOTAL_SEGMENTS, Buffer.of(message.parts.length)),
      tlv(SAR_SEGMENT_SEQNUM, Buffer.of(part + 1)),
    ])
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
