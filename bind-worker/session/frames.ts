/**
 * The PDUs of a session's hot path read and written in place: a header and at most one C-octet string. Everything with
 * a richer body goes through `shared/smpp/codec.ts`; a test holds that the two agree.
 */
import { HEADER_OCTETS } from '../../shared/smpp/framing.ts'

/** command_id values a session meets (SMPP 3.4 §5.1.2.1). */
export const COMMAND = {
  genericNack: 0x8000_0000,
  submitSmResp: 0x8000_0004,
  deliverSm: 0x0000_0005,
  deliverSmResp: 0x8000_0005,
  unbind: 0x0000_0006,
  unbindResp: 0x8000_0006,
  bindReceiverResp: 0x8000_0001,
  bindTransmitterResp: 0x8000_0002,
  bindTransceiverResp: 0x8000_0009,
  enquireLink: 0x0000_0015,
  enquireLinkResp: 0x8000_0015,
  alertNotification: 0x0000_0102,
  dataSm: 0x0000_0103,
  dataSmResp: 0x8000_0103,
} as const

/** Bit 31 of a command_id tells a response from a request (SMPP 3.4 §5.1.2). */
const RESPONSE_BIT = 0x8000_0000

/** message_id is a C-octet string of at most 65 octets, NUL included (SMPP 3.4 §5.2.23); gateways exceed it. */
const MAX_MESSAGE_ID_OCTETS = 256

export const commandIdOf = (frame: Buffer): number => frame.readUInt32BE(4)
export const statusOf = (frame: Buffer): number => frame.readUInt32BE(8)
export const sequenceOf = (frame: Buffer): number => frame.readUInt32BE(12)
export const isResponse = (frame: Buffer): boolean => commandIdOf(frame) >= RESPONSE_BIT

/** Anything but the PDUs that only keep the link alive. */
export function isMessage(frame: Buffer): boolean {
  const commandId = commandIdOf(frame)
  return commandId !== COMMAND.enquireLink && commandId !== COMMAND.enquireLinkResp
}

/** For errors: which PDU it was, nothing of what it carried. */
export function describe(frame: Buffer): string {
  const id = commandIdOf(frame).toString(16).padStart(8, '0')
  return `PDU with command_id 0x${id} of ${frame.length} octets cannot be read`
}

/** Puts a sequence number into a PDU that is encoded already. */
export function setSequence(pdu: Buffer, sequence: number): void {
  pdu.writeUInt32BE(sequence, 12)
}

/** A PDU without a body. */
export function headerPdu(commandId: number, status: number, sequence: number): Buffer {
  return writeHeader(Buffer.allocUnsafe(HEADER_OCTETS), commandId, status, sequence)
}

/** The response to a deliver_sm or data_sm: its message_id is there and empty, whatever the status (SMPP 3.4 §4.6.2). */
export function deliveryResp(commandId: number, status: number, sequence: number): Buffer {
  const pdu = writeHeader(Buffer.allocUnsafe(HEADER_OCTETS + 1), commandId + RESPONSE_BIT, status, sequence)
  pdu[HEADER_OCTETS] = 0
  return pdu
}

/**
 * The message_id of a submit_sm_resp; null when there is none, as with every refusal (SMPP 3.4 §4.4.2) and from
 * gateways that leave it out. A missing NUL is forgiven.
 */
export function messageIdOf(frame: Buffer): string | null {
  const limit = Math.min(frame.length, HEADER_OCTETS + MAX_MESSAGE_ID_OCTETS)
  let end = HEADER_OCTETS
  while (end < limit && frame[end] !== 0) end++
  return end === HEADER_OCTETS ? null : frame.toString('latin1', HEADER_OCTETS, end)
}

function writeHeader(pdu: Buffer, commandId: number, status: number, sequence: number): Buffer {
  pdu.writeUInt32BE(pdu.length, 0)
  pdu.writeUInt32BE(commandId, 4)
  pdu.writeUInt32BE(status, 8)
  pdu.writeUInt32BE(sequence, 12)
  return pdu
}
