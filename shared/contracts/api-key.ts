/** API keys: `dk_<id>_<secret>`. The id finds the record, the secret proves the key; only its SHA-256 is kept. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { EpochMs, TenantId } from '../ids.ts'
import type { Ids } from '../ports.ts'
import type { ApiKeyRecord } from './records.ts'

const SECRET_BYTES = 32
const KEY = /^dk_([0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})$/

/** Makes a key. `text` is shown once and cannot be had again. `randomBytes` is that of node:crypto. */
export function newApiKey(
  ids: Ids,
  randomBytes: (count: number) => Uint8Array,
  key: { tenant: TenantId; name: string; createdAt: EpochMs },
): { text: string; record: ApiKeyRecord } {
  const id = ids.ulid()
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')
  return {
    text: `dk_${id}_${secret}`,
    record: { ...key, id, secretHash: sha256(secret).toString('hex'), revokedAt: null },
  }
}

/** Id and secret of a key; null when the text is none. */
export function parseApiKey(text: string): { id: string; secret: string } | null {
  const match = KEY.exec(text)
  return match ? { id: match[1]!, secret: match[2]! } : null
}

/** Whether the secret is the record's, in a time that tells nothing of where they differ. */
export function secretMatches(secret: string, secretHash: string): boolean {
  return timingSafeEqual(sha256(secret), Buffer.from(secretHash, 'hex'))
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
