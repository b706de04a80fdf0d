import type { MiddlewareHandler } from 'hono'
import { parseApiKey, secretMatches } from '../../shared/contracts/api-key.ts'
import type { ApiKeyRecord } from '../../shared/contracts/records.ts'
import type { Registry } from '../../shared/ports.ts'
import type { ApiEnv } from './context.ts'
import { Unauthorised } from './errors.ts'

/** Compared with when there is no such key, so that an unknown id takes as long as a wrong secret. */
const NOBODY = '0'.repeat(64)

/**
 * Lets nobody pass without a valid key; sets the tenant every later call is scoped to, and whom the audit names.
 * @throws Unauthorised
 */
export function authenticate(registry: Pick<Registry, 'key'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const record = await keyOf(registry, c.req.header('authorization') ?? '')
    c.set('tenant', record.tenant)
    c.set('actor', `key:${record.id}`)
    await next()
  }
}

async function keyOf(registry: Pick<Registry, 'key'>, authorization: string): Promise<ApiKeyRecord> {
  const [scheme = '', text = '', ...rest] = authorization.trim().split(/ +/)
  const key = rest.length === 0 && scheme.toLowerCase() === 'bearer' ? parseApiKey(text) : null
  if (!key) throw new Unauthorised()
  const record = await registry.key(key.id)
  const matches = secretMatches(key.secret, record?.secretHash ?? NOBODY)
  if (!record || !matches || record.revokedAt !== null) throw new Unauthorised()
  return record
}
