import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { SecretSource } from '../shared/ports.ts'
import { SecretUnreadable } from './errors.ts'

/** system_id ≤ 15 and password ≤ 8 characters (SMPP 3.4 §4.1.1); gateways of India give longer passwords, so 64. */
const Credentials = z.object({ systemId: z.string().min(1).max(15), password: z.string().max(64) })

/**
 * Reads `env:NAME` (a variable holding `{"systemId","password"}`; how ECS hands over Secrets Manager) and
 * `file:PATH` (the same JSON), afresh each time. Error messages name the reference, never what stood there.
 * @throws SecretUnreadable
 */
export function secretSource(env: Readonly<Record<string, string | undefined>>): SecretSource {
  return {
    async read(reference) {
      const text = await textOf(reference, env)
      try {
        return Credentials.parse(JSON.parse(text))
      } catch {
        throw new SecretUnreadable(
          `The secret ${reference} is not JSON of the form {"systemId": "…", "password": "…"}.`,
        )
      }
    },
  }
}

async function textOf(reference: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const colon = reference.indexOf(':')
  const kind = reference.slice(0, colon)
  const place = reference.slice(colon + 1)
  if (kind === 'env') {
    const value = env[place]
    if (value === undefined) throw new SecretUnreadable(`The secret ${reference}: no such variable is set.`)
    return value
  }
  if (kind === 'file') {
    return readFile(place, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new SecretUnreadable(`The secret ${reference} cannot be read: ${cause.code}.`, { cause })
    })
  }
  throw new SecretUnreadable(`The secret ${reference} must be env:NAME or file:PATH.`)
}
