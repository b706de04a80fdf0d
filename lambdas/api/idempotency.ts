/**
 * Idempotency-Key: a caller who got no answer repeats the request with the same key and gets the first one's result.
 * What is remembered is the id of what was made, not the answer's text: a repeat shows the thing as it is now, with
 * a fresh upload form.
 */
import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiDeps, ApiEnv } from './context.ts'

export const IdempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters')
    .optional()
    .meta({
      description: 'A repeat of the same request with the same key within a day has no second effect.',
    }),
})

/**
 * Runs `work`, which answers the id of what it made, at most once per key.
 * @throws Conflict `idempotency_key_reused` when the key came with another request before.
 */
export async function onceOnly(
  deps: Pick<ApiDeps, 'registry'>,
  c: Context<ApiEnv>,
  key: string | undefined,
  work: () => Promise<string>,
): Promise<string> {
  if (key === undefined) return work()
  const tenant = c.get('tenant')
  const requestHash = await hashOf(c)
  const before = await deps.registry.remembered(tenant, key, requestHash)
  if (before !== null) return before
  try {
    return await deps.registry.once(tenant, key, requestHash, await work())
  } catch (error) {
    // The first request may have finished meanwhile, and be the reason why this one is refused.
    const meanwhile = await deps.registry.remembered(tenant, key, requestHash)
    if (meanwhile !== null) return meanwhile
    throw error
  }
}

async function hashOf(c: Context<ApiEnv>): Promise<string> {
  const hash = createHash('sha256').update(`${c.req.method} ${c.req.path}\n`)
  return hash.update(new Uint8Array(await c.req.arrayBuffer())).digest('hex')
}
