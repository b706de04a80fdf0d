/**
 * Nearly every PDU with a body worth reading is a submit_sm or a deliver_sm, and their mandatory fields are the same in
 * the same order (SMPP 3.4 §4.4.1, §4.6.1). Written out, they are read in a quarter of the time the tables take.
 */
import { HEADER_OCTETS } from './framing.ts'

/** Goes through the fields of a PDU's body in order. Every method throws a RangeError that names the field. */
export class FieldReader {
  readonly #frame: Buffer
  /** Where the next field begins. */
  at = HEADER_OCTETS

  constructor(frame: Buffer) {
    this.#frame = frame
  }

  octet(name: string): number {
    this.#mustBeThere(name)
    return this.#frame[this.at++]!
  }

  /** C-octet string (SMPP 3.4 §3.1): latin-1, because ids are octets that must come out as they went in. */
  cString(name: string): string {
    this.#mustBeThere(name)
    const frame = this.#frame
    const start = this.at
    let end = start
    while (frame[end] !== 0) {
      if (++end >= frame.length) throw new RangeError(`${name} at octet ${start} has no NUL`)
    }
    this.at = end + 1
    return end === start ? '' : frame.toString('latin1', start, end)
  }

  /** Octets after one that says how many (SMPP 3.4 §5.2.21). */
  octets(name: string): Buffer {
    const length = this.octet(name)
    const start = this.at
    if (start + length > this.#frame.length) throw new RangeError(`sm_length ${length} exceeds the PDU`)
    this.at = start + length
    return this.#frame.subarray(start, this.at)
  }

  #mustBeThere(name: string): void {
    if (this.at >= this.#frame.length) throw new RangeError(`${name} is missing`)
  }
}

/** The whole PDU up to its TLVs, which begin where `reader` stops. Its `short_message` is a view on the frame. */
export function readMessage(command: string, frame: Buffer, reader: FieldReader) {
  return {
    command,
    command_length: frame.length,
    command_id: frame.readUInt32BE(4),
    command_status: frame.readUInt32BE(8),
    sequence_number: frame.readUInt32BE(12),
    service_type: reader.cString('service_type'),
    source_addr_ton: reader.octet('source_addr_ton'),
    source_addr_npi: reader.octet('source_addr_npi'),
    source_addr: reader.cString('source_addr'),
    dest_addr_ton: reader.octet('dest_addr_ton'),
    dest_addr_npi: reader.octet('dest_addr_npi'),
    destination_addr: reader.cString('destination_addr'),
    esm_class: reader.octet('esm_class'),
    protocol_id: reader.octet('protocol_id'),
    priority_flag: reader.octet('priority_flag'),
    schedule_delivery_time: reader.cString('schedule_delivery_time'),
    validity_period: reader.cString('validity_period'),
    registered_delivery: reader.octet('registered_delivery'),
    replace_if_present_flag: reader.octet('replace_if_present_flag'),
    data_coding: reader.octet('data_coding'),
    sm_default_msg_id: reader.octet('sm_default_msg_id'),
    short_message: reader.octets('short_message'),
  }
}
