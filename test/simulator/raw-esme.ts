import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { DakgharError } from '../../shared/errors.ts'
import { decodePdu, encodePdu, type Pdu, type PduFields, vendorTlv } from '../../shared/smpp/codec.ts'
import { PduFramer } from '../../shared/smpp/framing.ts'

const DEADLINE_MS = 10_000

/** What every submit_sm of these tests carries unless it says otherwise. */
export const SUBMIT: PduFields = {
  source_addr_ton: 5,
  source_addr: 'DAKGHR',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '919876543210',
  registered_delivery: 1,
  data_coding: 0,
  short_message: Buffer.from('hello'),
  [vendorTlv(0x1400)]: Buffer.from('1701158019811140068'),
  [vendorTlv(0x1401)]: Buffer.from('1107161191448698079'),
}

export interface EsmeOptions {
  port: number
  /** PEM of the certificate to trust; speaks plain TCP without. */
  ca?: string
  /** Answers to deliver_sm: a status, or null for none. */
  onDeliver?: (pdu: Pdu) => number | null
  answerEnquireLink?: boolean
}

/** A client as small as can be: whatever comes is kept, `next` waits for it. */
export class RawEsme {
  readonly received: Pdu[] = []
  readonly socket: Socket
  readonly #framer = new PduFramer()
  readonly #wakers = new Set<() => void>()
  #sequence = 0
  closed = false
  /** `code` of the socket's error. */
  errorCode: string | null = null
  /** Why nothing after it could be read. */
  broken: DakgharError | null = null

  constructor(socket: Socket, { onDeliver = () => 0, answerEnquireLink = true }: EsmeOptions) {
    this.socket = socket
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.errorCode = error.code ?? null
    })
    socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.#framesOf(chunk)) {
        const pdu = decodePdu(Buffer.from(frame))
        this.received.push(pdu)
        if (pdu.command === 'deliver_sm') {
          const status = onDeliver(pdu)
          if (status !== null) this.answer(pdu, status)
        } else if (pdu.command === 'unbind' || (pdu.command === 'enquire_link' && answerEnquireLink))
          this.answer(pdu, 0)
      }
      this.#wake()
    })
  }

  static async connect(options: EsmeOptions): Promise<RawEsme> {
    const { port, ca } = options
    const socket = ca
      ? connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' })
      : connect({ port, host: '127.0.0.1' })
    const esme = new RawEsme(socket, options)
    await once(socket, ca ? 'secureConnect' : 'connect')
    return esme
  }

  /** Octets of a PDU that has not come whole. */
  get unfinishedOctets(): number {
    return this.#framer.pendingOctets
  }

  /** Sends a request, answers its sequence number. */
  send(command: string, fields: PduFields = {}): number {
    const sequence = ++this.#sequence
    this.socket.write(encodePdu(command, { ...fields, sequence_number: sequence }))
    return sequence
  }

  /** Writes all that `send` sends as one. */
  atOnce<T>(send: () => T): T {
    this.socket.cork()
    const sent = send()
    this.socket.uncork()
    return sent
  }

  answer(pdu: Pdu, status: number): void {
    const fields = { sequence_number: pdu.sequence_number, command_status: status }
    this.socket.write(encodePdu(`${pdu.command}_resp`, fields))
  }

  /** Sends a request and waits for the PDU with its sequence number. */
  async request(command: string, fields: PduFields = {}): Promise<Pdu> {
    const sequence = this.send(command, fields)
    return this.next((pdu) => pdu.sequence_number === sequence && pdu.command_id >= 0x8000_0000)
  }

  async bind(command = 'bind_transceiver', fields: PduFields = {}): Promise<Pdu> {
    return this.request(command, {
      system_id: 'demo',
      password: 'secret',
      interface_version: 0x34,
      ...fields,
    })
  }

  submit(fields: PduFields = {}): Promise<Pdu> {
    return this.request('submit_sm', { ...SUBMIT, ...fields })
  }

  /** The first PDU received, earlier or later, that the predicate accepts. */
  async next(accepts: (pdu: Pdu) => boolean): Promise<Pdu> {
    let found: Pdu | undefined
    await this.until(() => {
      found = this.received.find(accepts)
      return found !== undefined
    })
    return found!
  }

  deliveries(): Pdu[] {
    return this.received.filter((pdu) => pdu.command === 'deliver_sm')
  }

  /** Looks at `condition` whenever something happens on the connection. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE_MS)
    while (!condition()) {
      if (deadline.aborted) throw new Error('nothing of the kind came in time')
      await new Promise<void>((resolve) => {
        this.#wakers.add(resolve)
        deadline.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  destroy(): void {
    this.socket.destroy()
  }

  #framesOf(chunk: Buffer): Buffer[] {
    if (this.broken) return []
    try {
      const frames = this.#framer.push(chunk)
      for (const frame of frames) decodePdu(frame)
      return frames
    } catch (error) {
      this.broken = error as DakgharError
      return []
    }
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
    this.#wakers.clear()
  }
}
