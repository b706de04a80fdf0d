/** Reads a submit_sm's user data as a handset would: which part of which message, and the octets of the text. */
import type { Pdu } from '../shared/smpp/codec.ts'
import { messageOctets } from '../shared/smpp/receipt-pdu.ts'

export interface UserData {
  /** Reference of the concatenation, null for a message of one part. */
  ref: number | null
  total: number
  /** From 1. */
  part: number
  text: Buffer
}

const ESM_UDHI = 0x40
const CONCAT_8 = 0x00
const CONCAT_16 = 0x08

/** Null when the header contradicts itself: its length, an element's length, or a part that is none of the total. */
export function userDataOf(pdu: Pdu): UserData | null {
  const octets = messageOctets(pdu)
  if (Number(pdu.esm_class) & ESM_UDHI) return withHeader(octets)
  const { sar_msg_ref_num: ref, sar_total_segments: total, sar_segment_seqnum: part } = pdu
  if (typeof ref === 'number' && typeof total === 'number' && typeof part === 'number')
    return checked({ ref, total, part, text: octets })
  return { ref: null, total: 1, part: 1, text: octets }
}

/** 3GPP TS 23.040 §9.2.3.24: a length, then elements of identifier, length and data. */
function withHeader(octets: Buffer): UserData | null {
  const headerOctets = 1 + (octets[0] ?? 0xff)
  if (headerOctets > octets.length) return null
  const text = octets.subarray(headerOctets)
  let data: UserData = { ref: null, total: 1, part: 1, text }
  for (let at = 1; at < headerOctets; ) {
    const id = octets[at]!
    const length = octets[at + 1] ?? 0xff
    const value = octets.subarray(at + 2, at + 2 + length)
    at += 2 + length
    if (at > headerOctets) return null
    if (id === CONCAT_8 && length === 3) data = { ref: value[0]!, total: value[1]!, part: value[2]!, text }
    if (id === CONCAT_16 && length === 4)
      data = { ref: value.readUInt16BE(0), total: value[2]!, part: value[3]!, text }
  }
  return checked(data)
}

const checked = (data: UserData): UserData | null => (data.part >= 1 && data.part <= data.total ? data : null)
