import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { AwsConfig } from './config.ts'

/** One attempt of the SDK plus retries with its own exponential backoff and jitter. */
const MAX_ATTEMPTS = 5
const CONNECT_TIMEOUT_MS = 2_000
/** DynamoDB answers in single milliseconds; after this the answer is lost and the call is made again. */
const TABLE_TIMEOUT_MS = 5_000
/** A long poll waits 20 s at most (SQS: WaitTimeSeconds). */
const QUEUE_TIMEOUT_MS = 30_000
const SECRET_TIMEOUT_MS = 5_000
/** Silence on the line; the transfer itself may take as long as it needs. */
const OBJECT_IDLE_MS = 30_000

export interface Clients {
  dynamodb: DynamoDBClient
  sqs: SQSClient
  s3: S3Client
  destroy(): void
}

/**
 * The SDK's own default logger has methods that do nothing, and for `info` and `error` it renders every request and
 * answer: a tenth of a call. Without these two nothing is rendered; its providers of credentials call the others.
 */
const silent = { trace() {}, debug() {}, warn() {} } as unknown as NonNullable<DynamoDBClientConfig['logger']>

/** Tells AWS, anew for every call, which versions of what are calling: a tenth of a call, and nothing needs it. */
const USER_AGENT_MIDDLEWARE = 'getUserAgentMiddleware'

/** The SDK clients: connections kept alive and bounded, standard retries, an end to every wait. */
export function clientsFor(config: AwsConfig): Clients {
  const common = commonTo(config)
  const dynamodb = new DynamoDBClient({
    ...common,
    ...at(config.endpoints.dynamodb),
    requestHandler: handler({
      maxSockets: 64,
      requestTimeout: TABLE_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
  })
  const sqs = new SQSClient({
    ...common,
    ...at(config.endpoints.sqs),
    // TLS guards bodies on their way, and a claim knows its line by SHA-256: MD5 of every body would be a third opinion.
    md5: false,
    requestHandler: handler({
      maxSockets: 64,
      requestTimeout: QUEUE_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
  })
  const s3 = new S3Client({
    ...common,
    ...at(config.endpoints.s3),
    // Buckets of an emulator are folders of one host: a bucket in the host name would need DNS.
    forcePathStyle: config.endpoints.s3 !== undefined,
    requestHandler: handler({ maxSockets: 32, socketTimeout: OBJECT_IDLE_MS }),
  })
  for (const { middlewareStack } of [dynamodb, sqs]) middlewareStack.remove(USER_AGENT_MIDDLEWARE)
  return {
    dynamodb,
    sqs,
    s3,
    destroy() {
      for (const client of [dynamodb, sqs, s3]) client.destroy()
    },
  }
}

/** The client that reads the secrets of routes: only workers need one. */
export function secretsManagerFor(config: AwsConfig): SecretsManagerClient {
  return new SecretsManagerClient({
    ...commonTo(config),
    ...at(config.endpoints.secretsManager),
    requestHandler: handler({
      maxSockets: 2,
      requestTimeout: SECRET_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
  })
}

const commonTo = (config: AwsConfig) => ({
  maxAttempts: MAX_ATTEMPTS,
  retryMode: 'standard',
  logger: silent,
  // Composes the middleware once per kind of command instead of once per call.
  cacheMiddleware: true,
  ...(config.region ? { region: config.region } : {}),
  ...(config.credentials ? { credentials: config.credentials } : {}),
})

const at = (endpoint: string | undefined) => (endpoint ? { endpoint } : {})

function handler(options: {
  maxSockets: number
  requestTimeout?: number
  throwOnRequestTimeout?: boolean
  socketTimeout?: number
}): NodeHttpHandler {
  const { maxSockets, ...timeouts } = options
  const agent = { keepAlive: true, maxSockets }
  return new NodeHttpHandler({
    ...timeouts,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  })
}
