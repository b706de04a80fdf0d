import type { Socket } from 'node:net'
import type { SimulatorOptions } from './options.ts'
import { Session } from './session.ts'
import type { Smsc } from './smsc.ts'

/** How often is looked for what is due: closely while answers wait, because their latency is measured. */
const TICK_MS = 5
const CLOSE_TICK_MS = 1

/** All connections of a simulator, and the clock they share. */
export class SessionSet {
  readonly #smsc: Smsc
  readonly #options: SimulatorOptions
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<Session>()
  readonly #onTick: () => void
  readonly #sweeper: NodeJS.Timeout
  #ticker: NodeJS.Timeout
  #opened = 0

  constructor(smsc: Smsc, options: SimulatorOptions, onTick: () => void) {
    this.#smsc = smsc
    this.#options = options
    this.#onTick = onTick
    const { receiptTimeoutMs, sessionInitMs, enquireLinkSeconds } = options
    const sweepMs = Math.min(receiptTimeoutMs, sessionInitMs, enquireLinkSeconds * 1_000) / 4
    this.#sweeper = setInterval(() => this.#sweep(Date.now()), Math.min(Math.max(sweepMs, TICK_MS), 1_000))
    this.#ticker = setTimeout(() => this.#tick(), TICK_MS)
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values()
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
    for (const session of this.#sessions) session.destroy()
    for (const socket of this.#sockets) socket.destroy()
  }

  stop(): void {
    clearInterval(this.#sweeper)
    clearTimeout(this.#ticker)
  }

  #tick(): void {
    this.#ticker = setTimeout(() => this.#tick(), this.#smsc.answersWait ? CLOSE_TICK_MS : TICK_MS)
    this.#onTick()
    this.#smsc.tick()
  }

  #sweep(nowMs: number): void {
    const enquireMs = this.#options.enquireLinkSeconds * 1_000
    for (const session of this.#sessions) {
      const silentMs = nowMs - session.lastHeardAtMs
      if (session.deaf) continue
      if (session.kind === null) {
        if (nowMs - session.openedAtMs >= this.#options.sessionInitMs) session.destroy()
      } else if (session.enquiredAtMs === null) {
        if (silentMs >= enquireMs) session.enquire(nowMs)
      } else if (nowMs - session.enquiredAtMs >= enquireMs) session.destroy()
    }
    this.#smsc.expire()
  }
}
