/**
 * The PDU codec of the `smpp` package behind a wall. Its tables are adjusted once, here, so that octets go in and
 * come out untouched: no detection of alphabets, no conversion of dates, no silent truncation. Its Session is not used.
 */
import smpp, { type RawPdu } from 'smpp'
import { DakgharError } from '../errors.ts'
import { HEADER_OCTETS, MAX_PDU_OCTETS } from './framing.ts'

/** Thrown when a PDU's body contradicts itself; the header was readable, so it can be answered. */
export class MalformedPdu extends DakgharError {
  readonly commandId: number
  readonly sequenceNumber: number

  constructor(message: string, frame: Buffer) {
    super('smpp_malformed_pdu', message)
    this.commandId = frame.length >= HEADER_OCTETS ? frame.readUInt32BE(4) : 0
    this.sequenceNumber = frame.length >= HEADER_OCTETS ? frame.readUInt32BE(12) : 0
  }
}

/** A decoded PDU: the header's fields and the body's, by their names in SMPP 3.4; unknown commands have `command: 'unknown'`. */
export type Pdu = RawPdu
export type PduFields = Record<string, unknown>

/** command_status values by name (SMPP 3.4 §5.1.3). */
export const STATUS: Readonly<Record<string, number>> = smpp.errors

const { types, commands, tlvs } = smpp

/** `short_message` whose sm_length must fit the PDU, as raw octets. */
const strictShortMessage = {
  ...types.buffer!,
  read(buffer: Buffer, offset: number): Buffer {
    const length = buffer.readUInt8(offset)
    if (offset + 1 + length > buffer.length) throw new RangeError(`sm_length ${length} exceeds the PDU`)
    return buffer.subarray(offset + 1, offset + 1 + length)
  },
}

function adjustTables(): void {
  smpp.PDU.maxLength = MAX_PDU_OCTETS
  for (const name of ['submit_sm', 'deliver_sm', 'data_sm', 'replace_sm', 'submit_multi']) {
    for (const [field, param] of Object.entries(commands[name]?.params ?? {})) {
      delete param.filter
      if (field === 'short_message') param.type = strictShortMessage
    }
  }
  delete tlvs.message_payload!.filter
  // Its C-octet reader ignores the TLV's length and runs on into the next TLV when the NUL is missing.
  tlvs.receipted_message_id!.type = types.tlv.buffer!
  tlvs.network_error_code!.type = types.tlv.buffer!
}
adjustTables()

const VENDOR_PREFIX = 'vendor_tlv_'

/**
 * The field name under which a vendor's TLV is encoded and decoded, registering the tag on first use. Indian gateways
 * disagree on tags (facts A5), so they are configuration; the value is an octet string.
 */
export function vendorTlv(tag: number): string {
  const name = `${VENDOR_PREFIX}${tag}`
  if (!tlvs[name]) smpp.addTLV(name, { id: tag, type: types.tlv.buffer! })
  return name
}

/** The octets of a TLV by tag, whether or not the tag was registered; null when absent. */
export function tlvOctets(pdu: Pdu, tag: number): Buffer | null {
  const value = pdu[`${VENDOR_PREFIX}${tag}`] ?? pdu[String(tag)]
  return Buffer.isBuffer(value) ? value : null
}

/** ASCII of a C-octet or octet string TLV, without the NULs some gateways append. */
export function octetsToText(value: unknown): string | null {
  if (!Buffer.isBuffer(value)) return typeof value === 'string' ? value : null
  const end = value.indexOf(0)
  return value.toString('latin1', 0, end === -1 ? value.length : end)
}

/** @throws MalformedPdu when `frame` (one whole PDU, see `PduFramer`) cannot be read. */
export function decodePdu(frame: Buffer): Pdu {
  if (frame.length < HEADER_OCTETS || frame.readUInt32BE(0) !== frame.length) {
    throw new MalformedPdu(
      `command_length says ${frame.length >= 4 ? frame.readUInt32BE(0) : 0}, got ${frame.length} octets`,
      frame,
    )
  }
  try {
    return new smpp.PDU(frame)
  } catch (cause) {
    throw new MalformedPdu(cause instanceof Error ? cause.message : String(cause), frame)
  }
}

/**
 * One whole PDU as octets. Texts must be Buffers already (pass `data_coding` with them); a non-zero
 * `command_status` gives a header without body, as SMPP 3.4 §4.4.2 allows for responses.
 */
export function encodePdu(command: string, fields: PduFields = {}): Buffer {
  return new smpp.PDU(command, fields).toBuffer()
}

/** `command` is a response when its id has bit 31 set (SMPP 3.4 §5.1.2). */
export const isResponse = (pdu: Pdu): boolean => (pdu.command_id & 0x8000_0000) !== 0
