import type { PduFields } from '../shared/smpp/codec.ts'
import { encodeGsm7, gsmUnits } from '../shared/sms/gsm7.ts'
import { encodeUcs2 } from '../shared/sms/ucs2.ts'

/** A message a subscriber sends to one of our numbers or headers. */
export interface MobileOriginated {
  from: string
  to: string
  text: string
}

/** What short_message holds (SMPP 3.4 §5.2.21); anything longer travels in message_payload. */
const SHORT_MESSAGE_OCTETS = 254

/** Fields of its deliver_sm: GSM 03.38 when that can write the text, UCS-2 otherwise. */
export function moFields({ from, to, text }: MobileOriginated): PduFields {
  const gsm = gsmUnits(text) >= 0
  const octets = gsm ? encodeGsm7(text) : encodeUcs2(text)
  const fits = octets.length <= SHORT_MESSAGE_OCTETS
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: from,
    dest_addr_ton: 0,
    dest_addr_npi: 1,
    destination_addr: to,
    esm_class: 0,
    data_coding: gsm ? 0 : 8,
    short_message: fits ? octets : Buffer.alloc(0),
    ...(!fits && { message_payload: octets }),
  }
}
