import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import dynalite from 'dynalite'
import { ENVIRONMENT } from '../shared/contracts/wiring.ts'
import { lockDirectory } from './data-dir-lock.ts'
import { fauxqsApp } from './fauxqs-app.ts'

const HOST = '127.0.0.1'
/** fauxqs knows one account. */
const ACCOUNT = '000000000000'

export interface Emulators {
  /** What `depsFromEnv` and the SDK need to speak to these emulators instead of AWS. */
  env: Record<string, string>
  /** Refuses new calls, ends open ones, writes everything down. */
  close(): Promise<void>
}

/**
 * DynamoDB, SQS and S3 on this machine's loopback interface: for trying and developing, not for production. With a
 * `dataDir` the state survives a restart, a killed process included; with null it lives in memory.
 *
 * @throws Conflict `data_dir_in_use`
 */
export async function startEmulators(options: {
  dataDir: string | null
  /** 0, the default, takes any free port. */
  dynamodbPort?: number
  sqsAndS3Port?: number
}): Promise<Emulators> {
  const { dataDir } = options
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true })
  const lock = dataDir === null ? null : lockDirectory(dataDir)
  const fauxqs = await fauxqsApp(dataDir && join(dataDir, 'fauxqs'))
  const table = dynalite({
    createTableMs: 1,
    ...(dataDir === null ? {} : { path: join(dataDir, 'dynalite') }),
  })
  await listen(table, options.dynamodbPort ?? 0)
  const sqsAndS3 = await fauxqs.listen({ host: HOST, port: options.sqsAndS3Port ?? 0 })
  return {
    env: environment(`http://${HOST}:${(table.address() as AddressInfo).port}`, sqsAndS3),
    async close() {
      await Promise.all([fauxqs.close(), shut(table)])
      lock?.release()
    },
  }
}

function environment(dynamodb: string, sqsAndS3: string): Record<string, string> {
  return {
    [ENVIRONMENT.registryTable]: 'dakghar-registry',
    [ENVIRONMENT.ledgerTable]: 'dakghar-ledger',
    [ENVIRONMENT.bucket]: 'dakghar',
    [ENVIRONMENT.queueUrlPrefix]: `${sqsAndS3}/${ACCOUNT}/`,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SQS: sqsAndS3,
    AWS_ENDPOINT_URL_S3: sqsAndS3,
    AWS_REGION: 'ap-south-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    // SDK clients keep their connections open; the server would wait for them for ever.
    server.closeAllConnections()
  })
}
