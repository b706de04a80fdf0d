import type { Socket } from 'node:net'

/** Lets octets in, or not: what is not read fills the buffers of both sides until the peer cannot write any more. */
export class ReadValve {
  readonly #socket: Socket
  #frozen = false
  /** Pause after each read; null reads on, Infinity never again. */
  #pauseMs: number | null = null
  #pause: NodeJS.Timeout | null = null

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get frozen(): boolean {
    return this.#frozen
  }

  /** Closed on purpose, now or between reads: silence says nothing about the peer. */
  get narrowed(): boolean {
    return this.#frozen || this.#pauseMs !== null
  }

  freeze(): void {
    this.#frozen = true
    this.#socket.pause()
  }

  thaw(): void {
    this.#frozen = false
    this.open()
  }

  /** Reads nothing for `pauseMs` after every read, Infinity: nothing at all; null reads at full speed again. */
  slowDown(pauseMs: number | null): void {
    this.#pauseMs = pauseMs
    if (this.#pause) clearTimeout(this.#pause)
    this.#pause = null
    if (pauseMs === Number.POSITIVE_INFINITY) this.#socket.pause()
    else this.open()
  }

  /** Something was read. */
  afterRead(): void {
    if (this.#pauseMs === null) return
    this.#socket.pause()
    if (this.#pauseMs === Number.POSITIVE_INFINITY) return
    this.#pause = setTimeout(() => {
      this.#pause = null
      this.open()
    }, this.#pauseMs).unref()
  }

  /** Reads on, unless something else holds it. */
  open(): void {
    if (this.#frozen || this.#pause || this.#pauseMs === Number.POSITIVE_INFINITY) return
    this.#socket.resume()
  }
}
