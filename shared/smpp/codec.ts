/**
 * The PDU codec of the `smpp` package behind a wall. Its tables are adjusted once, here, so that octets go in and
 * come out untouched: no detection of alphabets, no conversion of dates. Bodies are read by its tables but strictly:
 * its own reader takes a truncated PDU for a shorter one, and lets a TLV read on into the next. Its Session is not used.
 */
import smpp, { type FieldType } from 'smpp'
import { DakgharError } from '../errors.ts'
import { HEADER_OCTETS, MAX_PDU_OCTETS } from './framing.ts'
import { FieldReader, readMessage } from './message-body.ts'

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
export interface Pdu {
  command: string
  command_length: number
  command_id: number
  command_status: number
  sequence_number: number
  [field: string]: unknown
}
export type PduFields = Record<string, unknown>

/** command_status values by name (SMPP 3.4 §5.1.3). */
export const STATUS: Readonly<Record<string, number>> = smpp.errors

const { types, commands, tlvs, tlvsById } = smpp
const INTEGERS: ReadonlySet<FieldType> = new Set([types.int8!, types.int16!, types.int32!])

function adjustTables(): void {
  smpp.PDU.maxLength = MAX_PDU_OCTETS
  for (const { params = {} } of Object.values(commands)) {
    for (const param of Object.values(params)) delete param.filter
  }
  for (const tlv of Object.values(tlvs)) delete tlv.filter
  types.cstring!.read = readCString
  types.buffer!.read = readShortMessage
  // A C-octet string for the specification, with or without its NUL for gateways; see `octetsToText`.
  tlvs.receipted_message_id!.type = types.tlv.buffer!
  tlvs.network_error_code!.type = types.tlv.buffer!
}
adjustTables()

/** C-octet string (SMPP 3.4 §3.1): latin-1, because ids are octets that must come out as they went in. */
function readCString(buffer: Buffer, offset: number): string {
  const end = buffer.indexOf(0, offset)
  if (end === -1) throw new RangeError(`the C-octet string at octet ${offset} has no NUL`)
  return buffer.toString('latin1', offset, end)
}

/** `short_message` after its sm_length (SMPP 3.4 §5.2.21). */
function readShortMessage(buffer: Buffer, offset: number): Buffer {
  const length = buffer.readUInt8(offset)
  if (offset + 1 + length > buffer.length) throw new RangeError(`sm_length ${length} exceeds the PDU`)
  return buffer.subarray(offset + 1, offset + 1 + length)
}

/** What the body of a command is read by: its mandatory fields in order. */
interface BodyPlan {
  command: string
  fields: readonly (readonly [name: string, type: FieldType])[]
}

const BODIES: ReadonlyMap<number, BodyPlan> = new Map(
  Object.entries(commands).map(([command, { id, params = {} }]) => [
    id,
    { command, fields: Object.entries(params).map(([name, { type }]) => [name, type] as const) },
  ]),
)

const UNKNOWN: BodyPlan = { command: 'unknown', fields: [] }
const MESSAGES: ReadonlySet<number> = new Set([commands.submit_sm!.id, commands.deliver_sm!.id])

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

/**
 * Buffers in the PDU are views on `frame`: copy what outlives it.
 *
 * @throws MalformedPdu when `frame` (one whole PDU, see `PduFramer`) cannot be read.
 */
export function decodePdu(frame: Buffer): Pdu {
  if (frame.length < HEADER_OCTETS || frame.readUInt32BE(0) !== frame.length) {
    throw new MalformedPdu(
      `command_length says ${frame.length >= 4 ? frame.readUInt32BE(0) : 0}, got ${frame.length} octets`,
      frame,
    )
  }
  const commandId = frame.readUInt32BE(4)
  const plan = BODIES.get(commandId) ?? UNKNOWN
  try {
    return MESSAGES.has(commandId) ? readMessagePdu(frame, plan) : readPdu(frame, plan)
  } catch (cause) {
    throw new MalformedPdu(
      `${plan.command}: ${cause instanceof Error ? cause.message : String(cause)}`,
      frame,
    )
  }
}

function readMessagePdu(frame: Buffer, { command }: BodyPlan): Pdu {
  const reader = new FieldReader(frame)
  const pdu: Pdu = readMessage(command, frame, reader)
  readTlvs(pdu, frame, reader.at)
  return pdu
}

function readPdu(frame: Buffer, plan: BodyPlan): Pdu {
  const pdu: Pdu = {
    command: plan.command,
    command_length: frame.length,
    command_id: frame.readUInt32BE(4),
    command_status: frame.readUInt32BE(8),
    sequence_number: frame.readUInt32BE(12),
  }
  // Many gateways leave the body out of any response, not only where the status is an error (SMPP 3.4 §4.4.2).
  const isBare = frame.length === HEADER_OCTETS && isResponse(pdu)
  if (plan !== UNKNOWN && !isBare) readTlvs(pdu, frame, readFields(frame, plan, pdu))
  return pdu
}

/** Where the mandatory fields end. */
function readFields(frame: Buffer, { fields }: BodyPlan, pdu: Pdu): number {
  let offset = HEADER_OCTETS
  for (const [name, type] of fields) {
    if (offset >= frame.length) throw new RangeError(`${name} is missing`)
    const value = type.read(frame, offset)
    pdu[name] = value
    offset += type.size(value)
  }
  return offset
}

function readTlvs(pdu: Pdu, frame: Buffer, from: number): void {
  let offset = from
  while (offset + 4 <= frame.length) {
    const tag = frame.readUInt16BE(offset)
    const start = offset + 4
    offset = start + frame.readUInt16BE(offset + 2)
    if (offset > frame.length) throw new RangeError(`TLV 0x${tag.toString(16)} exceeds the PDU`)
    readTlv(pdu, tag, frame.subarray(start, offset))
  }
}

/** Takes integers of any width, and C-octet strings without their NUL: gateways get both wrong. */
function readTlv(pdu: Pdu, tag: number, octets: Buffer): void {
  const tlv = tlvsById[tag]
  if (!tlv?.tag) {
    pdu[tag] = octets
    return
  }
  let value: unknown
  if (INTEGERS.has(tlv.type)) {
    if (octets.length === 0 || octets.length > 6) return
    value = octets.readUIntBE(0, octets.length)
  } else {
    value = tlv.type === types.cstring ? octetsToText(octets) : tlv.type.read(octets, 0, octets.length)
  }
  if (!tlv.multiple) pdu[tlv.tag] = value
  else if (Array.isArray(pdu[tlv.tag])) (pdu[tlv.tag] as unknown[]).push(value)
  else pdu[tlv.tag] = [value]
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
