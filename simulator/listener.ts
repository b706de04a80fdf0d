/** The listening socket, which can be away for a while as it is when an SMSC restarts. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { SimulatorOptions } from './options.ts'

/** While it was away somebody else may have taken the port for a connection of theirs. */
const RETRY_MS = 50

export interface Connections {
  /** Every TCP connection, before TLS. */
  track(socket: Socket): void
  open(socket: Socket): void
}

export class Listener {
  readonly #server: Server
  readonly #host: string
  #port: number
  #back: NodeJS.Timeout | null = null
  #closed = false

  constructor({ tls, host, port }: SimulatorOptions, connections: Connections) {
    this.#server = tls ? createTlsServer({ ...tls, minVersion: 'TLSv1.2' }) : createServer()
    this.#host = host
    this.#port = port
    this.#server.on('connection', (socket: Socket) => connections.track(socket))
    this.#server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => connections.open(socket))
  }

  get port(): number {
    return this.#port
  }

  async open(): Promise<void> {
    this.#server.listen(this.#port, this.#host)
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    this.#server.on('error', () => this.#returnIn(RETRY_MS)) // from now on only a return can fail
  }

  /** Refuses connections for a while. Those open stay open. */
  down(ms: number): void {
    if (this.#closed) return
    this.#server.close()
    this.#returnIn(ms)
  }

  /** Takes no more connections; resolves when the last is gone. */
  close(): Promise<void> {
    this.#closed = true
    if (this.#back) clearTimeout(this.#back)
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #returnIn(ms: number): void {
    if (this.#closed) return
    if (this.#back) clearTimeout(this.#back)
    this.#back = setTimeout(() => {
      this.#back = null
      this.#server.listen(this.#port, this.#host)
    }, ms)
  }
}
