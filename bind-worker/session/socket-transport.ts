import { type Socket, connect as tcpConnect } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { DakgharError } from '../../shared/errors.ts'
import { ConnectAborted, ConnectFailed, ConnectTimeout } from './errors.ts'
import { connectError, connectionError } from './socket-errors.ts'
import type { Transport, TransportEvents } from './transport.ts'
import { WriteBatch } from './write-batch.ts'

export type SocketTarget = Pick<RouteConfig, 'host' | 'port' | 'tls'> & {
  tlsCa?: string | undefined
  tlsServerName?: string | undefined
}

/** Above this many octets waiting for the peer, `writable` is false: some 5,000 submit_sm, far more than a window. */
const HIGH_WATER_OCTETS = 1024 * 1024
/** TCP keepalive notices a peer that vanished while a session is being closed; enquire_link does the rest. */
const KEEPALIVE_MS = 30_000
/** A peer that does not read must not hold up a close. */
const CLOSE_GRACE_MS = 1_000

/**
 * Connects to an SMSC over TLS, verifying its certificate, or in the clear for routes that allow it.
 *
 * @throws ConnectRefused, ConnectTimeout, ConnectFailed, HostNotFound, TlsUntrusted, TlsFailed, ConnectAborted.
 */
export function connectSocket(
  target: SocketTarget,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Transport> {
  const where = `${target.host}:${target.port}`
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) {
      reject(new ConnectAborted(where))
      return
    }
    const socket = open(target)
    const settle = (error: DakgharError | null): void => {
      clearTimeout(deadline)
      options.signal.removeEventListener('abort', onAbort)
      socket.removeListener('error', onError)
      socket.removeListener('close', onClose)
      if (error === null) {
        resolve(new SocketTransport(socket, where))
      } else {
        socket.on('error', ignore)
        socket.destroy()
        reject(error)
      }
    }
    const onAbort = (): void => settle(new ConnectAborted(where))
    const onError = (error: Error): void => settle(connectError(error, where, target.tls))
    const onClose = (): void => settle(new ConnectFailed(where, 'closed by the peer at once'))
    const deadline = setTimeout(() => settle(new ConnectTimeout(where, options.timeoutMs)), options.timeoutMs)
    options.signal.addEventListener('abort', onAbort)
    socket.on('error', onError)
    socket.on('close', onClose)
    socket.once(target.tls ? 'secureConnect' : 'connect', () => settle(null))
  })
}

function open(target: SocketTarget): Socket {
  const { host, port } = target
  if (!target.tls) return tcpConnect({ host, port, noDelay: true, keepAlive: true })
  return tlsConnect({
    host,
    port,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(target.tlsCa === undefined ? {} : { ca: target.tlsCa }),
    ...(target.tlsServerName === undefined ? {} : { servername: target.tlsServerName }),
  })
}

const ignore = (): void => {}

class SocketTransport implements Transport {
  readonly #socket: Socket
  readonly #where: string
  readonly #batch = new WriteBatch()
  #flushing: NodeJS.Immediate | null = null
  #congested = false
  #error: Error | null = null
  #closeGrace: NodeJS.Timeout | null = null
  #ended = false

  constructor(socket: Socket, where: string) {
    this.#socket = socket
    this.#where = where
    // A TLS socket has no such options before it is connected.
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEPALIVE_MS)
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('close', () => {
      if (this.#closeGrace) clearTimeout(this.#closeGrace)
      if (this.#flushing) clearImmediate(this.#flushing)
    })
  }

  attach(events: TransportEvents): void {
    const onClose = (): void => events.onClose(this.#ended ? null : connectionError(this.#error, this.#where))
    if (this.#socket.closed) {
      queueMicrotask(onClose)
      return
    }
    this.#socket.on('data', (chunk: Buffer) => events.onData(chunk))
    this.#socket.on('drain', () => {
      this.#congested = false
      events.onDrain()
    })
    this.#socket.on('close', onClose)
  }

  write(octets: Buffer): void {
    this.#batch.push(octets)
    this.#flushing ??= setImmediate(() => this.#flush())
  }

  get writable(): boolean {
    return !this.#congested
  }

  get bufferedOctets(): number {
    return this.#batch.octets + this.#socket.writableLength
  }

  close(): void {
    this.#ended = true
    if (this.#socket.destroyed) return
    this.#flush()
    this.#closeGrace ??= setTimeout(() => this.#socket.destroy(), CLOSE_GRACE_MS)
    this.#socket.destroySoon()
  }

  destroy(): void {
    this.#ended = true
    this.#socket.destroy()
  }

  #flush(): void {
    if (this.#flushing) clearImmediate(this.#flushing)
    this.#flushing = null
    if (!this.#socket.writable) return
    for (const octets of this.#batch.take()) this.#socket.write(octets)
    // Node's own mark is 64 KiB, less than one turn of a busy bind: `drain` is emitted for it, the limit is ours.
    if (this.#socket.writableLength > HIGH_WATER_OCTETS) this.#congested = true
  }
}
