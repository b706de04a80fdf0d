import { afterAll, beforeAll } from 'vitest'
import { type Clients, clientsFor } from '../../aws/clients.ts'
import { type AwsConfig, configFromEnv } from '../../aws/config.ts'
import { type AwsDeps, depsFromConfig } from '../../aws/deps.ts'
import { type Emulators, startEmulators } from '../../local/emulators.ts'
import { ensureResources } from '../../local/resources.ts'
import { PoolConfig } from '../../shared/contracts/route.ts'
import { otherDynamoDb } from './other-dynamodb.ts'

export const testPool = PoolConfig.parse({ id: 'main' })

export interface EmulatorFixture {
  /** The environment by which `depsFromEnv` reaches the emulators. */
  readonly env: Record<string, string>
  readonly config: AwsConfig
  readonly clients: Clients
  readonly deps: AwsDeps
  /** SDK clients of the test's own, to be made hostile; closed with the rest. */
  ownClients(): Clients
}

/**
 * AWS in memory for the tests of one file: started before the first, gone after the last. Tables, bucket and the
 * queues of `pools` are there; tests share them and keep apart by their ids.
 */
export function withEmulators(pools: readonly PoolConfig[] = [testPool]): EmulatorFixture {
  let running: Emulators | undefined
  let env: Record<string, string> | undefined
  let parts: Pick<EmulatorFixture, 'config' | 'clients' | 'deps'> | undefined

  const own: Clients[] = []

  beforeAll(async () => {
    running = await startEmulators({ dataDir: null })
    env = { ...running.env, ...otherDynamoDb() }
    await ensureResources(env, pools)
    const config = configFromEnv({ ...env, LOG_LEVEL: 'SILENT' })
    const clients = clientsFor(config)
    parts = { config, clients, deps: depsFromConfig(config, clients) }
  })
  afterAll(async () => {
    for (const clients of own) clients.destroy()
    parts?.deps.close()
    await running?.close()
  })

  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The emulators run only inside tests: read them there.')
    return part
  }
  return {
    get env() {
      return started(env)
    },
    get config() {
      return started(parts).config
    },
    get clients() {
      return started(parts).clients
    },
    get deps() {
      return started(parts).deps
    },
    ownClients() {
      const clients = clientsFor(started(parts).config)
      own.push(clients)
      return clients
    },
  }
}
