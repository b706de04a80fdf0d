import { readFile } from 'node:fs/promises'
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import type { SecretSource } from '../shared/ports.ts'
import { secretsManagerFor } from './clients.ts'
import { configFromEnv } from './config.ts'
import { SecretUnreadable } from './errors.ts'

/** system_id ≤ 15 and password ≤ 8 characters (SMPP 3.4 §4.1.1); gateways of India give longer passwords, so 64. */
const Credentials = z.object({ systemId: z.string().min(1).max(15), password: z.string().max(64) })

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the JSON text `{"systemId","password"}` of `env:NAME` (a variable), `file:PATH` and `secretsmanager:NAME`
 * (AWS Secrets Manager, by name or ARN), afresh each time. Error messages name the reference, never what stood there.
 * @throws SecretUnreadable
 */
export function secretSource(env: Environment): SecretSource {
  let client: SecretsManagerClient | undefined
  const textOf = async (reference: string): Promise<string> => {
    const colon = reference.indexOf(':')
    const place = reference.slice(colon + 1)
    switch (reference.slice(0, colon)) {
      case 'env':
        return fromVariable(place, env)
      case 'file':
        return readFile(place, 'utf8').catch((cause: NodeJS.ErrnoException) => {
          throw new SecretUnreadable(`The secret ${reference} cannot be read: ${cause.code}.`, { cause })
        })
      case 'secretsmanager':
        client ??= secretsManagerFor(configFromEnv(env))
        return fromSecretsManager(place, client)
      default:
        throw new SecretUnreadable(
          `The secret ${reference} must be env:NAME, file:PATH or secretsmanager:NAME.`,
        )
    }
  }
  return {
    async read(reference) {
      const text = await textOf(reference)
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

function fromVariable(name: string, env: Environment): string {
  const value = env[name]
  if (value === undefined) throw new SecretUnreadable(`The secret env:${name}: no such variable is set.`)
  return value
}

async function fromSecretsManager(name: string, client: SecretsManagerClient): Promise<string> {
  const { SecretString } = await client
    .send(new GetSecretValueCommand({ SecretId: name }))
    .catch((cause: Error) => {
      throw new SecretUnreadable(`The secret secretsmanager:${name} cannot be read: ${cause.name}.`, {
        cause,
      })
    })
  return SecretString ?? ''
}
