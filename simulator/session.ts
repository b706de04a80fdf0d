/**
 * One connection of an ESME: cuts the stream into PDUs, answers what needs no account, hands the rest to its hub.
 *
 * States (SMPP 3.4 §2.2): open until a bind is accepted, then bound as transmitter, receiver or transceiver, closed in
 * the end. A connection that cannot be read any more gets a generic_nack and is closed; the others do not notice.
 *
 * `freeze`, `slowDown`, `cutMidPdu` and `raw` are what faults do to it.
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { BindAs } from '../shared/contracts/records.ts'
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
import { ReadValve } from './read-valve.ts'

export type BindKind = BindAs

/** What a session leaves to the SMSC behind it. */
export interface SessionHub {
  /** Answers the command_status of a bind; null keeps silent. */
  bind(session: Session, pdu: Pdu, kind: BindKind): number | null
  /** The answer to the bind is written: deliver_sm may follow. */
  bound(session: Session): void
  submit(session: Session, pdu: Pdu): void
  delivered(session: Session, pdu: Pdu): void
  /** Whether an enquire_link is answered. */
  answersEnquiry(session: Session): boolean
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
  readonly #valve: ReadValve
  /** Read but not looked at yet, because the connection froze in between. */
  #unread: Buffer[] = []
  #cutNext = false
  #cut = false
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
    this.#valve = new ReadValve(socket)
    this.#hub = hub
    this.openedAtMs = nowMs()
    this.lastHeardAtMs = this.openedAtMs
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.lastHeardAtMs = nowMs()
      this.enquiredAtMs = null
      this.#read(chunk)
      this.#valve.afterRead()
    })
    socket.on('drain', () => {
      this.#valve.open()
      hub.drained(this)
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => hub.gone(this))
  }

  get mayReceive(): boolean {
    return this.kind === 'receiver' || this.kind === 'transceiver'
  }

  get writable(): boolean {
    return this.#open && this.#socket.writableLength < HIGH_WATER_OCTETS
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

  /** Answers whether it was written: a connection that is closed or frozen takes nothing. */
  respond(command: string, sequence: number, status: number, fields: PduFields = {}): boolean {
    return this.#write(encodePdu(command, { ...fields, sequence_number: sequence, command_status: status }))
  }

  /** Writes octets as they are. */
  raw(octets: Buffer): void {
    this.#write(octets)
  }

  /** Neither reads nor writes from now on; the connection stays open. */
  freeze(): void {
    this.#flush()
    this.#valve.freeze()
  }

  thaw(): void {
    this.#valve.thaw()
    this.#handleAll(this.#unread.splice(0))
    this.#hub.drained(this)
  }

  /** See `ReadValve`. */
  slowDown(pauseMs: number | null): void {
    this.#valve.slowDown(pauseMs)
  }

  /** Of the next PDU only the first half is written; then the connection closes. */
  cutMidPdu(): void {
    this.#cutNext = true
  }

  /** Not listening on purpose: its silence says nothing about the peer. */
  get deaf(): boolean {
    return this.#valve.narrowed
  }

  /** Flushes what was written and closes; what comes in from now on is not looked at. */
  end(): void {
    this.#hub.gone(this)
    this.#flush()
    this.#socket.end()
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref()
  }

  /** Closes at once. What was answered is on its way: the log says it was. */
  destroy(): void {
    this.#flush()
    this.#socket.destroy()
  }

  /** Closes with a TCP reset, as a rebooted firewall does; TLS knows no such thing and just closes. */
  reset(): void {
    this.#flush()
    if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  get #open(): boolean {
    return this.#socket.writable && !this.#valve.frozen && !this.#cut
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
    let handled = 0
    for (const frame of frames) {
      if (this.#valve.frozen) {
        this.#unread.push(...frames.slice(handled))
        return
      }
      handled++
      if (!this.#open) return
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
    if (!this.#open) return
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
        this.respond('submit_sm_resp', sequence, STATUS.ESME_RINVBNDSTS!)
        return
      case 'deliver_sm_resp':
        return this.#hub.delivered(this, pdu)
      case 'enquire_link':
        if (this.#hub.answersEnquiry(this)) this.respond('enquire_link_resp', sequence, STATUS.ESME_ROK!)
        return
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
    const status = this.kind === null ? this.#hub.bind(this, pdu, kind) : STATUS.ESME_RALYBND!
    if (status === null) return
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
  #write(pdu: Buffer): boolean {
    if (!this.#open) return false
    if (this.#cutNext) {
      this.#cut = true
      this.#out.push(pdu.subarray(0, pdu.length >> 1))
      setImmediate(() => this.end()) // not now: whoever writes does not expect the connection to go meanwhile
      return false
    }
    this.#out.push(pdu)
    if (this.#flushing) return true
    this.#flushing = true
    setImmediate(() => this.#flush())
    return true
  }

  #flush(): void {
    this.#flushing = false
    const out = this.#out
    if (out.length === 0 || this.#valve.frozen || !this.#socket.writable) return
    this.#out = []
    this.#socket.write(out.length === 1 ? out[0]! : Buffer.concat(out))
    if (this.#socket.writableLength >= HIGH_WATER_OCTETS) this.#socket.pause()
  }
}
