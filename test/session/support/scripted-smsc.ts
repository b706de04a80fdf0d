import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { decodePdu, encodePdu, type Pdu, type PduFields } from '../../../shared/smpp/codec.ts'
import { PduFramer } from '../../../shared/smpp/framing.ts'

/** What the SMSC does with a PDU of one command; the default answers it as a healthy SMSC would. */
export type Reaction = (pdu: Pdu, peer: Peer) => void
export type Script = Record<string, Reaction>

export const ignore: Reaction = () => {}
export const answer =
  (command: string, fields: PduFields = {}): Reaction =>
  (pdu, peer) =>
    peer.send(command, { ...fields, sequence_number: pdu.sequence_number })

let lastMessageId = 0
const HEALTHY: Script = {
  bind_transceiver: answer('bind_transceiver_resp', { system_id: 'SMSC' }),
  bind_transmitter: answer('bind_transmitter_resp', { system_id: 'SMSC' }),
  bind_receiver: answer('bind_receiver_resp', { system_id: 'SMSC' }),
  submit_sm: (pdu, peer) =>
    peer.send('submit_sm_resp', {
      message_id: `id-${++lastMessageId}`,
      sequence_number: pdu.sequence_number,
    }),
  enquire_link: answer('enquire_link_resp'),
  unbind: (pdu, peer) => {
    peer.send('unbind_resp', { sequence_number: pdu.sequence_number })
    peer.socket.end()
  },
}

/** One connection as the SMSC sees it. */
export class Peer {
  readonly socket: Socket
  readonly received: Pdu[] = []
  closed = false
  #sequence = 0

  constructor(socket: Socket, script: Script) {
    this.socket = socket
    const framer = new PduFramer()
    socket.on('data', (chunk) => {
      for (const frame of framer.push(chunk)) {
        const pdu = decodePdu(Buffer.from(frame))
        this.received.push(pdu)
        const reaction = script[pdu.command] ?? HEALTHY[pdu.command]
        reaction?.(pdu, this)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
    })
  }

  /** Requests get a sequence number of this side unless one is given. */
  send(command: string, fields: PduFields = {}): number {
    const sequence = Number(fields.sequence_number ?? ++this.#sequence)
    this.socket.write(encodePdu(command, { ...fields, sequence_number: sequence }))
    return sequence
  }

  raw(octets: Buffer): void {
    this.socket.write(octets)
  }

  of(command: string): Pdu[] {
    return this.received.filter((pdu) => pdu.command === command)
  }
}

/** A small SMSC on a free loopback port that does what its script says. Scripts may be changed while it runs. */
export class ScriptedSmsc implements AsyncDisposable {
  readonly script: Script
  readonly peers: Peer[] = []
  readonly #server: Server

  private constructor(server: Server, script: Script) {
    this.#server = server
    this.script = script
  }

  static async listen(script: Script = {}, tls?: { key: string; cert: string }): Promise<ScriptedSmsc> {
    const server: Server = tls ? createTlsServer(tls) : createTcpServer()
    const smsc = new ScriptedSmsc(server, script)
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      smsc.peers.push(new Peer(socket, smsc.script))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return smsc
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The latest connection. */
  get peer(): Peer {
    const peer = this.peers.at(-1)
    if (!peer) throw new Error('nobody connected')
    return peer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const peer of this.peers) peer.socket.destroy()
    await closed
  }
}
