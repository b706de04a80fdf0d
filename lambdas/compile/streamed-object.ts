import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { ObjectStore } from '../../shared/ports.ts'

/** Text that may wait for the store: a check that refuses a million rows must not hold them in memory. */
const HIGH_WATER_BYTES = 1024 * 1024

/** An object written piece by piece; it exists once {@link end} has resolved, and not at all after {@link abort}. */
export class StreamedObject {
  readonly #body = new PassThrough({ highWaterMark: HIGH_WATER_BYTES })
  readonly #stored: Promise<void>

  constructor(objects: Pick<ObjectStore, 'putStream'>, key: string, contentType: string) {
    this.#body.on('error', () => {})
    this.#stored = objects.putStream(key, this.#body, { contentType })
    // Whoever writes next, or ends, is told; until then nobody listens.
    this.#stored.catch(() => {})
  }

  /** Resolves when the store has room for more. @throws what the store threw. */
  async write(text: string): Promise<void> {
    if (this.#body.write(text)) return
    await Promise.race([this.#stored, once(this.#body, 'drain')])
  }

  async end(): Promise<void> {
    this.#body.end()
    await this.#stored
  }

  /** Nothing comes into being under the key. Resolves when the store has let go. */
  async abort(reason: Error): Promise<void> {
    this.#body.destroy(reason)
    await this.#stored.catch(() => {})
  }
}
