import type { EpochMs } from '../../shared/ids.ts'
import type { Clock, ObjectStore } from '../../shared/ports.ts'

interface Stored {
  bytes: Buffer
  modifiedAt: EpochMs
}

const CHUNK_BYTES = 64 * 1024

/** Objects in memory. Presigned addresses name the object but lead nowhere. */
export class MemoryObjectStore implements ObjectStore {
  readonly #clock: Clock
  readonly #objects = new Map<string, Stored>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    this.#objects.set(key, { bytes: Buffer.from(body as Uint8Array), modifiedAt: this.#clock.now() })
  }

  async putStream(key: string, body: AsyncIterable<Uint8Array | string>): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array))
    await this.put(key, Buffer.concat(chunks))
  }

  async get(key: string): Promise<Buffer | null> {
    const stored = this.#objects.get(key)
    return stored ? Buffer.from(stored.bytes) : null
  }

  async getStream(key: string): Promise<{ bytes: number; body: AsyncIterable<Uint8Array> } | null> {
    const stored = this.#objects.get(key)
    return stored ? { bytes: stored.bytes.length, body: chunksOf(stored.bytes) } : null
  }

  async head(key: string): Promise<{ bytes: number; modifiedAt: EpochMs } | null> {
    const stored = this.#objects.get(key)
    return stored ? { bytes: stored.bytes.length, modifiedAt: stored.modifiedAt } : null
  }

  async presignPost(key: string, options: { maxBytes: number; expiresSeconds: number }) {
    return { url: 'https://objects.invalid/', fields: { key, maxBytes: String(options.maxBytes) } }
  }

  async presignGet(key: string, options: { expiresSeconds: number; fileName: string }): Promise<string> {
    return `https://objects.invalid/${key}?fileName=${encodeURIComponent(options.fileName)}`
  }

  /** For assertions: every key there is, sorted. */
  keys(): string[] {
    return [...this.#objects.keys()].sort()
  }
}

async function* chunksOf(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}
