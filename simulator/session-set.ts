import type { Socket } from 'node:net'
import type { SimulatorOptions } from './options.ts'
import { Session } from './session.ts'
import type { Smsc } from './smsc.ts'

/** How often due answers and receipts are looked for. */
const TICK_MS = 5

/** All connections of a simulator, and the clock they share. */
export class SessionSet {
  readonly #smsc: Smsc
  readonly #options: SimulatorOptions
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<Session>()
  readonly #timers: NodeJS.Timeout[]
  #opened = 0

  constructor(smsc: Smsc, options: SimulatorOptions) {
    this.#smsc = smsc
    this.#options = options
    const { receiptTimeoutMs, sessionInitMs, enquireLinkSeconds } = options
    const sweepMs = Math.min(receiptTimeoutMs, sessionInitMs, enquireLinkSeconds * 1_000) / 4
    this.#timers = [
      setInterval(() => smsc.tick(), TICK_MS),
      setInterval(() => this.#sweep(Date.now()), Math.min(Math.max(sweepMs, TICK_MS), 1_000)),
    ]
  }

  /** Every TCP connection, before TLS: so that one stuck in its handshake can be closed too. */
  track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }

  open(socket: Socket): void {
    const session = new Session(socket, ++this.#opened, this.#smsc, Date.now)
    this.#sessions.add(session)
    socket.once('close', () => this.#sessions.delete(session))
  }

  unbindAll(): void {
    for (const session of this.#sessions) {
      if (session.kind === null) session.end()
      else session.unbind()
    }
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #sweep(nowMs: number): void {
    const enquireMs = this.#options.enquireLinkSeconds * 1_000
    for (const session of this.#sessions) {
      const silentMs = nowMs - session.lastHeardAtMs
      if (session.kind === null) {
        if (nowMs - session.openedAtMs >= this.#options.sessionInitMs) session.destroy()
      } else if (session.enquiredAtMs === null) {
        if (silentMs >= enquireMs) session.enquire(nowMs)
      } else if (nowMs - session.enquiredAtMs >= enquireMs) session.destroy()
    }
    this.#smsc.expire()
  }
}
