import { once } from 'node:events'
import { connect } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { decodePdu, encodePdu, type Pdu, type PduFields } from '../../shared/smpp/codec.ts'
import { PduFramer } from '../../shared/smpp/framing.ts'

/** The least a program needs to talk SMPP: for trying the simulator, not the bind worker's session. */
export interface Esme {
  send(command: string, fields: PduFields): void
  /** The next PDU that came, in order. */
  next(): Promise<Pdu>
  destroy(): void
}

export async function connectEsme(port: number, tls?: ConnectionOptions): Promise<Esme> {
  const socket = tls ? connectTls({ host: '127.0.0.1', port, ...tls }) : connect(port, '127.0.0.1')
  await once(socket, tls ? 'secureConnect' : 'connect')
  const framer = new PduFramer()
  async function* pdus(): AsyncGenerator<Pdu> {
    for await (const chunk of socket) yield* framer.push(chunk).map(decodePdu)
  }
  const received = pdus()
  return {
    send: (command, fields) => void socket.write(encodePdu(command, fields)),
    async next() {
      const { value, done } = await received.next()
      if (done) throw new Error('the SMSC closed the connection')
      return value
    },
    destroy: () => void socket.destroy(),
  }
}
