/** The target without a session: framing, codec, receipt. Throws when something happens that must not. */
import { decodePdu, MalformedPdu } from '../../shared/smpp/codec.ts'
import { FramingError, HEADER_OCTETS, MAX_PDU_OCTETS, PduFramer } from '../../shared/smpp/framing.ts'
import { receiptDateMs } from '../../shared/smpp/receipt-date.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'
import type { Case } from './cases.ts'

export interface Read {
  pdus: number
  malformed: number
  receipts: number
  /** The stream could not be cut into PDUs to its end. */
  broken: boolean
}

export function read(chunks: Case): Read {
  const framer = new PduFramer()
  const seen: Read = { pdus: 0, malformed: 0, receipts: 0, broken: false }
  let octetsIn = 0
  for (const chunk of chunks) {
    octetsIn += chunk.length
    let frames: readonly Buffer[]
    try {
      frames = framer.push(chunk)
    } catch (error) {
      if (!(error instanceof FramingError)) throw error
      frames = error.complete
      seen.broken = true
    }
    for (const frame of frames) readFrame(frame, seen)
    // What counts as a hang here is work out of proportion: more PDUs than octets allow, or octets kept for ever.
    if (seen.pdus * HEADER_OCTETS > octetsIn) throw new Error('more PDUs than octets')
    if (framer.pendingOctets > MAX_PDU_OCTETS) throw new Error('more octets kept than a PDU can have')
    if (seen.broken) return seen
  }
  return seen
}

function readFrame(frame: Buffer, seen: Read): void {
  seen.pdus++
  try {
    const pdu = decodePdu(frame)
    if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm') return
    const receipt = receiptOf(pdu)
    if (!receipt.isReceipt) return
    seen.receipts++
    const known = (receipt.id ?? '') + (receipt.stat ?? '') + (receipt.text ?? '')
    if (known.length > 3 * frame.length) throw new Error('a receipt longer than its PDU')
    for (const date of [receipt.submitDate, receipt.doneDate]) if (date) receiptDateMs(date, 'Asia/Kolkata')
  } catch (error) {
    if (!(error instanceof MalformedPdu)) throw error
    seen.malformed++
  }
}
