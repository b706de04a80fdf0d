import { DakgharError } from '../errors.ts'

/** Thrown when the stream cannot be cut into PDUs any more; the connection must be closed. */
export class FramingError extends DakgharError {
  /** The PDUs of the same chunk before the place it broke: they are good, and answers among them count. */
  readonly complete: readonly Buffer[]

  constructor(message: string, complete: readonly Buffer[] = []) {
    super('smpp_framing', message)
    this.complete = complete
  }
}

/** A PDU header: command_length, command_id, command_status, sequence_number (SMPP 3.4 §3.2). */
export const HEADER_OCTETS = 16

/**
 * Largest PDU accepted. The biggest legal one is a deliver_sm or data_sm with a message_payload of 64 KiB
 * (SMPP 3.4 §5.3.2.32); anything longer is garbage or an attack, and is refused before a byte is allocated for it.
 */
export const MAX_PDU_OCTETS = 68 * 1024

/**
 * Cuts a byte stream into PDUs. Whole PDUs inside a chunk are views on it, without a copy; only a PDU that spans
 * chunks is joined.
 */
export class PduFramer {
  #pending: Buffer[] = []
  #pendingOctets = 0
  /** Octets the PDU under way still needs before it can be cut; 0 when its length is not known yet. */
  #wanted = 0

  /**
   * @returns the PDUs completed by this chunk, in order.
   * @throws FramingError on a command_length below 16 or above {@link MAX_PDU_OCTETS}.
   */
  push(chunk: Buffer): Buffer[] {
    let data = chunk
    if (this.#pendingOctets > 0) {
      this.#pending.push(chunk)
      this.#pendingOctets += chunk.length
      if (this.#pendingOctets < Math.max(this.#wanted, 4)) return []
      data = Buffer.concat(this.#pending, this.#pendingOctets)
      this.#pending = []
      this.#pendingOctets = 0
      this.#wanted = 0
    }
    const pdus: Buffer[] = []
    let offset = 0
    while (data.length - offset >= 4) {
      const length = data.readUInt32BE(offset)
      if (length < HEADER_OCTETS || length > MAX_PDU_OCTETS) {
        throw new FramingError(
          `command_length ${length} is outside ${HEADER_OCTETS} to ${MAX_PDU_OCTETS}`,
          pdus,
        )
      }
      if (data.length - offset < length) {
        this.#wanted = length
        break
      }
      pdus.push(data.subarray(offset, offset + length))
      offset += length
    }
    if (offset < data.length) {
      this.#pending.push(data.subarray(offset))
      this.#pendingOctets = data.length - offset
    }
    return pdus
  }

  /** Octets of an unfinished PDU held at the moment. */
  get pendingOctets(): number {
    return this.#pendingOctets
  }
}
