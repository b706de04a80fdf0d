import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { CreateBucketCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { clientsFor } from '../aws/clients.ts'
import { type AwsConfig, configFromEnv } from '../aws/config.ts'
import { tableDefinition } from '../aws/tables.ts'
import type { PoolConfig } from '../shared/contracts/route.ts'
import { deadLetters, FIXED_QUEUES, poolQueues, type QueueSpec, TABLES } from '../shared/contracts/wiring.ts'

/** SQS: the longest it keeps a message. */
const RETENTION_SECONDS = 14 * 86_400
const TABLE_WAIT_SECONDS = 10

/** Tables, bucket and queues of the wiring, made where they are missing; safe to call at every start. */
export async function ensureResources(
  env: Readonly<Record<string, string | undefined>>,
  pools: readonly PoolConfig[],
): Promise<void> {
  const config = configFromEnv(env)
  const clients = clientsFor(config)
  try {
    await Promise.all([
      ensureTables(clients.dynamodb, config),
      ensureBucket(clients.s3, config.bucket),
      ...[...FIXED_QUEUES, ...pools.flatMap(poolQueues)].map((spec) => ensureQueue(clients.sqs, spec)),
    ])
  } finally {
    clients.destroy()
  }
}

async function ensureTables(client: DynamoDBClient, config: AwsConfig): Promise<void> {
  const names = { registry: config.registryTable, ledger: config.ledgerTable }
  for (const spec of TABLES) {
    const definition = tableDefinition(spec, names[spec.name])
    await client.send(new CreateTableCommand(definition)).catch((error: unknown) => {
      if (!(error instanceof ResourceInUseException)) throw error
    })
    await waitUntilTableExists(
      { client, maxWaitTime: TABLE_WAIT_SECONDS, minDelay: 0.05, maxDelay: 0.5 },
      { TableName: names[spec.name] },
    )
  }
}

async function ensureBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }))
  } catch {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  }
}

/** The queue behind its dead-letter queue, which the redrive policy names. */
async function ensureQueue(client: SQSClient, spec: QueueSpec): Promise<void> {
  const retention = { MessageRetentionPeriod: String(RETENTION_SECONDS) }
  const dead = await client.send(
    new CreateQueueCommand({ QueueName: deadLetters(spec.name), Attributes: retention }),
  )
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const redrive =
    spec.maxReceives === null
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: Attributes?.QueueArn,
            maxReceiveCount: String(spec.maxReceives),
          }),
        }
  await client.send(
    new CreateQueueCommand({
      QueueName: spec.name,
      Attributes: { ...retention, VisibilityTimeout: String(spec.visibilitySeconds), ...redrive },
    }),
  )
}
