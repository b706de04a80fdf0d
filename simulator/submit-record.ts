/** From a submit_sm to what the log keeps of it, and the checks an SMSC makes before it accepts one. */
import { octetsToText, type Pdu, STATUS, tlvOctets } from '../shared/smpp/codec.ts'
import type { MessageIds } from './message-ids.ts'
import type { Outcome } from './outcome.ts'
import type { SubmitRecord } from './truth.ts'
import type { UserData } from './user-data.ts'

/** The vendor TLVs of Indian DLT (facts A5). */
const ENTITY_TAG = 0x1400
const TEMPLATE_TAG = 0x1401
const CHAIN_TAG = 0x1402
/** Bits 1 and 0 of registered_delivery: a receipt always, or on failure only (SMPP 3.4 §5.2.17). */
const RECEIPT_BITS = 3
const RECEIPT_ALWAYS = 1
const RECEIPT_ON_FAILURE = 2

/** The command_status a submit_sm is refused with; null when it is in order. */
export function refusalOf(pdu: Pdu, userData: UserData | null, requireDlt: boolean): number | null {
  if (!userData) return STATUS.ESME_RINVESMCLASS!
  if (!pdu.destination_addr) return STATUS.ESME_RINVDSTADR!
  if (!pdu.source_addr) return STATUS.ESME_RINVSRCADR!
  const dlt = tlvText(pdu, ENTITY_TAG) && tlvText(pdu, TEMPLATE_TAG)
  return requireDlt && !dlt ? STATUS.ESME_RSUBMITFAIL! : null
}

/** Where a submit_sm came from, and what becomes of it. */
export interface Circumstances {
  systemId: string
  bind: number
  at: number
  ids: MessageIds
  outcome: Outcome
  /** Gives the one copy of a text that many records share. */
  intern(text: string): string
}

export function recordOf(pdu: Pdu, userData: UserData, circumstances: Circumstances): SubmitRecord {
  const { systemId, bind, at, ids, outcome, intern } = circumstances
  const tlv = (tag: number) => {
    const text = tlvText(pdu, tag)
    return text === null ? null : intern(text)
  }
  const registeredDelivery = Number(pdu.registered_delivery)
  return {
    messageId: ids.response,
    receiptId: ids.receipt,
    systemId,
    bind,
    at,
    source: intern(String(pdu.source_addr)),
    to: String(pdu.destination_addr),
    dataCoding: Number(pdu.data_coding),
    esmClass: Number(pdu.esm_class),
    ref: userData.ref,
    total: userData.total,
    part: userData.part,
    octets: userData.text.toString('latin1'),
    entityId: tlv(ENTITY_TAG),
    templateId: tlv(TEMPLATE_TAG),
    chain: tlv(CHAIN_TAG),
    validityPeriod: intern(String(pdu.validity_period)),
    registeredDelivery,
    stat: wantsReceipt(registeredDelivery, outcome.stat) ? outcome.stat : null,
    err: outcome.err,
    scrub: null,
    responded: false,
    receiptsSent: 0,
    receiptAckedAt: null,
  }
}

/** Whether registered_delivery asks for a receipt with this word. */
export function wantsReceipt(registeredDelivery: number, stat: string): boolean {
  const asked = registeredDelivery & RECEIPT_BITS
  return asked === RECEIPT_ALWAYS || (asked === RECEIPT_ON_FAILURE && stat !== 'DELIVRD')
}

const tlvText = (pdu: Pdu, tag: number): string | null => octetsToText(tlvOctets(pdu, tag)) || null
