import { createHash } from 'node:crypto'

/** The same chunks, and the SHA-256 of all of them once the last was read. */
export function hashed(source: AsyncIterable<Uint8Array>): {
  chunks: AsyncIterable<Uint8Array>
  /** Hexadecimal; ends the hash. */
  digest: () => string
} {
  const hash = createHash('sha256')
  async function* through() {
    for await (const chunk of source) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { chunks: through(), digest: () => hash.digest('hex') }
}
