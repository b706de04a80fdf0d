/** From a deliver_sm or data_sm to its receipt: which octets hold the text, and in which alphabet. */
import { decodeUcs2 } from '../sms/ucs2.ts'
import { octetsToText, type Pdu } from './codec.ts'
import { parseReceipt, type Receipt } from './receipt.ts'

/** User data starts with a header (SMPP 3.4 §5.2.12). */
const ESM_UDHI = 0x40
const DATA_CODING_UCS2 = 8

/** A receipt names at least one of these, whatever the alphabet. */
const LOOKS_LIKE_A_RECEIPT = /(?:id|stat|submit ?date|done ?date):/i

/**
 * The text of a receipt. Gateways send 8-bit ASCII labelled UCS-2 and the other way round, so the octets decide and
 * data_coding only breaks the tie. 8-bit is read as latin-1: what of a receipt matters is ASCII in every alphabet.
 */
export function receiptText(octets: Buffer, dataCoding: number): string {
  const narrow = octets.toString('latin1')
  if (LOOKS_LIKE_A_RECEIPT.test(narrow)) return narrow
  const wide = decodeUcs2(octets)
  return LOOKS_LIKE_A_RECEIPT.test(wide) || dataCoding === DATA_CODING_UCS2 ? wide : narrow
}

/** What a submit_sm, deliver_sm or data_sm carries: short_message, or else message_payload (SMPP 3.4 §5.3.2.32). */
export function messageOctets({ short_message: short, message_payload: payload }: Pdu): Buffer {
  if (Buffer.isBuffer(short) && short.length > 0) return short
  return Buffer.isBuffer(payload) ? payload : Buffer.alloc(0)
}

/** {@link messageOctets} without the user data header; with it when the header claims more than there is. */
export function userData(pdu: Pdu): Buffer {
  const octets = messageOctets(pdu)
  const headed = (Number(pdu.esm_class) & ESM_UDHI) !== 0 && octets.length > 0
  const headerOctets = headed ? 1 + octets[0]! : 0
  return headerOctets <= octets.length ? octets.subarray(headerOctets) : octets
}

/** The receipt in a deliver_sm or data_sm; `isReceipt` is false for a message somebody sent (MO). */
export function receiptOf(pdu: Pdu): Receipt {
  const state = pdu.message_state
  const error = pdu.network_error_code
  return parseReceipt({
    text: receiptText(userData(pdu), Number(pdu.data_coding)),
    tlvs: {
      receipted_message_id: octetsToText(pdu.receipted_message_id),
      message_state: typeof state === 'number' ? state : null,
      network_error_code_hex: Buffer.isBuffer(error) ? error.toString('hex') : null,
    },
    esmClass: Number(pdu.esm_class),
  })
}
