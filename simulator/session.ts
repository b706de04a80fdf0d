/**
 * One connection of an ESME: cuts the stream into PDUs, answers what needs no account, hands the rest to its hub.
 *
 * States (SMPP 3.4 §2.2): open until a bind is accepted, then bound as transmitter, receiver or transceiver, closed in
 * the end. A connection that cannot be read any more gets a generic_nack and is closed; the others do not notice.
 */
import type { Socket } from 'node:net'
import {
  decodePdu,
  encodePdu,
  isResponse,
  MalformedPdu,
  type Pdu,
  type PduFields,
  STATUS,
} from '../shared/smpp/codec.ts'
import { FramingError, PduFramer } from '../shared/smpp/framing.ts'
import type { DeliveryLink } from './delivery-desk.ts'

export type BindKind = 'transmitter' | 'receiver' | 'transceiver'

/** What a session leaves to the SMSC behind it. */
export interface SessionHub {
  /** Answers the command_status of a bind. */
  bind(session: Session, pdu: Pdu): number
  /** The answer to the bind is written: deliver_sm may follow. */
  bound(session: Session): void
  submit(session: Session, pdu: Pdu): void
  delivered(session: Session, pdu: Pdu): void
  /** There is room to write again. */
  drained(session: Session): void
  /** Not bound any more: it unbound, or its connection closed. May be told twice. */
  gone(session: Session): void
}

const BINDS: Readonly<Record<string, BindKind>> = {
  bind_transmitter: 'transmitter',
  bind_receiver: 'receiver',
  bind_transceiver: 'transceiver',
}
/** Written but not read by the peer: beyond this nothing is read from it either. */
const HIGH_WATER_OCTETS = 1 << 20

/** How long a peer may take to close its side after we closed ours. */
const LINGER_MS = 1_000

export class Session implements DeliveryLink {
  readonly bind: number
  readonly #socket: Socket
  readonly #hub: SessionHub
  readonly #framer = new PduFramer()
  #out: Buffer[] = []
  #flushing = false
  #sequence = 0
  /** Set once bound. */
  systemId: string | null = null
  kind: BindKind | null = null
  readonly openedAtMs: number
  lastHeardAtMs: number
  /** When an enquire_link was sent that nothing came after; null otherwise. */
  enquiredAtMs: number | null = null

  constructor(socket: Socket, bind: number, hub: SessionHub, nowMs: () => number) {
    this.bind = bind
    this.#socket = socket
    this.#hub = hub
    this.openedAtMs = nowMs()
    this.lastHeardAtMs = this.openedAtMs
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.lastHeardAtMs = nowMs()
      this.enquiredAtMs = null
      this.#read(chunk)
    })
    socket.on('drain', () => {
      socket.resume()
      hub.drained(this)
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => hub.gone(this))
  }

  get mayReceive(): boolean {
    return this.kind === 'receiver' || this.kind === 'transceiver'
  }

  get writable(): boolean {
    return this.#socket.writable && this.#socket.writableLength < HIGH_WATER_OCTETS
  }

  deliver(fields: PduFields): number {
    return this.#request('deliver_sm', fields)
  }

  enquire(nowMs: number): void {
    this.enquiredAtMs = nowMs
    this.#request('enquire_link')
  }

  unbind(): void {
    this.#request('unbind')
  }

  respond(command: string, sequence: number, status: number, fields: PduFields = {}): void {
    this.#write(encodePdu(command, { ...fields, sequence_number: sequence, command_status: status }))
  }

  /** Flushes what was written and closes; what comes in from now on is not looked at. */
  end(): void {
    this.#hub.gone(this)
    this.#flush()
    this.#socket.end()
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    try {
      this.#handleAll(this.#framer.push(chunk))
    } catch (error) {
      if (!(error instanceof FramingError)) throw error
      this.#handleAll(error.complete)
      this.#giveUp(0)
    }
  }

  #handleAll(frames: readonly Buffer[]): void {
    for (const frame of frames) {
      if (!this.#socket.writable) return
      try {
        this.#handle(decodePdu(frame))
      } catch (error) {
        if (!(error instanceof MalformedPdu)) throw error
        return this.#giveUp(error.sequenceNumber)
      }
    }
  }

  /** The peer sends what cannot be read: nothing after it can be trusted to be in step. */
  #giveUp(sequence: number): void {
    if (!this.#socket.writable) return
    this.respond('generic_nack', sequence, STATUS.ESME_RINVCMDLEN!)
    this.end()
  }

  #handle(pdu: Pdu): void {
    const { command, sequence_number: sequence } = pdu
    const bindKind = BINDS[command]
    if (bindKind) return this.#bind(pdu, bindKind)
    switch (command) {
      case 'submit_sm':
        if (this.kind === 'transmitter' || this.kind === 'transceiver') return this.#hub.submit(this, pdu)
        return this.respond('submit_sm_resp', sequence, STATUS.ESME_RINVBNDSTS!)
      case 'deliver_sm_resp':
        return this.#hub.delivered(this, pdu)
      case 'enquire_link':
        return this.respond('enquire_link_resp', sequence, STATUS.ESME_ROK!)
      case 'unbind':
        this.respond('unbind_resp', sequence, STATUS.ESME_ROK!)
        return this.end()
      case 'unbind_resp':
        return this.end()
      default:
        if (!isResponse(pdu)) this.respond('generic_nack', sequence, STATUS.ESME_RINVCMDID!)
    }
  }

  #bind(pdu: Pdu, kind: BindKind): void {
    const status = this.kind === null ? this.#hub.bind(this, pdu) : STATUS.ESME_RALYBND!
    // A peer before 3.4 must not be sent TLVs (SMPP 3.4 §4.1.2).
    const version = Number(pdu.interface_version) >= 0x34 ? { sc_interface_version: 0x34 } : {}
    this.respond(`${pdu.command}_resp`, pdu.sequence_number, status, { system_id: 'SIMULATOR', ...version })
    if (this.kind !== null) return
    if (status !== STATUS.ESME_ROK) return this.end()
    this.kind = kind
    this.systemId = String(pdu.system_id)
    this.#hub.bound(this)
  }

  #request(command: string, fields: PduFields = {}): number {
    this.#sequence = (this.#sequence % 0x7fff_ffff) + 1
    this.#write(encodePdu(command, { ...fields, sequence_number: this.#sequence }))
    return this.#sequence
  }

  /** PDUs of one turn of the event loop go out in one write: a system call for each costs more than making them. */
  #write(pdu: Buffer): void {
    this.#out.push(pdu)
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#flushing = false
    const out = this.#out
    if (out.length === 0 || !this.#socket.writable) return
    this.#out = []
    this.#socket.write(out.length === 1 ? out[0]! : Buffer.concat(out))
    if (this.#socket.writableLength >= HIGH_WATER_OCTETS) this.#socket.pause()
  }
}
