import { fileURLToPath } from 'node:url'
import { clientsFor } from '../../aws/clients.ts'
import { configFromEnv } from '../../aws/config.ts'
import { depsFromConfig } from '../../aws/deps.ts'
import { S3ObjectStore } from '../../aws/s3-object-store.ts'
import { type CustomResourceHandler, customResource } from './custom-resource.ts'
import { type DeploymentDeps, putInPlace } from './service.ts'

/** Where the bundle has the console's files. */
const CONSOLE_FILES = fileURLToPath(new URL('console', import.meta.url))

export const handler: CustomResourceHandler = (event) => {
  const config = configFromEnv(process.env)
  const clients = clientsFor(config)
  const { registry, log } = depsFromConfig(config, clients)
  const storeOf = (bucket: string) => new S3ObjectStore({ client: clients.s3, bucket })
  const deps: DeploymentDeps = { registry, storeOf, consoleFiles: CONSOLE_FILES }
  return customResource({ log }, (type, properties) => putInPlace(deps, type, properties))(event)
}
