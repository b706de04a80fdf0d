import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { type Bucket, type CorsRule, HttpMethods } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import {
  DUE_INDEX,
  ENVIRONMENT,
  FIXED_QUEUES,
  poolQueues,
  TABLES,
  type TableSpec,
} from '../../shared/contracts/wiring.ts'
import type { Deployment } from '../config.ts'
import { type Access, FOLDERS, type Folder } from './access.ts'
import { acknowledge } from './acknowledge.ts'
import { type AccessLogs, privateBucket } from './bucket.ts'
import { Queues } from './queues.ts'
import { ledgerThroughput, REGISTRY_THROUGHPUT } from './warm-throughput.ts'

/** Attribute by which DynamoDB removes items, as `aws/tables.ts` has it. */
const TTL_ATTRIBUTE = 'ttl'
/** A plan is older than the facts that refer to it: by how long it waited for its launch and was sent. */
const PLAN_DAYS_MORE = 30

/**
 * The console posts files with presigned forms. Its own name is known only after this bucket's, which its content
 * security policy tells: so any of CloudFront may, if it has a form that this platform signed.
 */
const UPLOADS_FROM_CONSOLE: CorsRule = {
  allowedMethods: [HttpMethods.POST],
  allowedOrigins: ['https://*.cloudfront.net'],
  allowedHeaders: ['*'],
  maxAge: 3_600,
}

const TABLE_ACTIONS = {
  read: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
} as const

/** A function, or a task with its container. */
export interface Consumer extends IGrantable {
  addEnvironment(name: string, value: string): unknown
}

/** What is kept: tables, the bucket, and what waits in queues. The first two outlive the stack. */
export class Data extends Construct {
  readonly tables: Readonly<Record<TableSpec['name'], TableV2>>
  readonly bucket: Bucket
  readonly queues: Queues
  readonly #deployed: Deployment

  constructor(scope: Construct, id: string, props: { deployed: Deployment; logs: AccessLogs }) {
    super(scope, id)
    this.#deployed = props.deployed
    const { config, prefix } = props.deployed
    this.tables = Object.fromEntries(
      TABLES.map((spec) => [spec.name, this.#table(spec)]),
    ) as typeof this.tables
    this.bucket = privateBucket(this, 'Bucket', props.logs, {
      logPrefix: 'data',
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { prefix: 'uploads/', expiration: Duration.days(config.ledgerDays) },
        { prefix: 'plans/', expiration: Duration.days(config.ledgerDays + PLAN_DAYS_MORE) },
        { prefix: 'exports/', expiration: Duration.days(config.exportDays) },
      ],
      cors: [UPLOADS_FROM_CONSOLE],
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.queues = new Queues(this, 'Queues', {
      prefix,
      specs: [...FIXED_QUEUES, ...config.pools.flatMap(poolQueues)],
    })
    for (const folder of FOLDERS) {
      const finding = `AwsSolutions-IAM5[Resource::<${this.#logicalId(this.bucket)}.Arn>/${folder}/*]`
      acknowledge(
        Stack.of(this),
        'Keys of objects are made as campaigns are: grants end at the folder.',
        finding,
      )
    }
  }

  /** The environment a consumer reads (`aws/config.ts`) and all it may do, in one call. */
  bind(consumer: Consumer, access: Access): void {
    consumer.addEnvironment(ENVIRONMENT.registryTable, this.tables.registry.tableName)
    consumer.addEnvironment(ENVIRONMENT.ledgerTable, this.tables.ledger.tableName)
    consumer.addEnvironment(ENVIRONMENT.bucket, this.bucket.bucketName)
    consumer.addEnvironment(ENVIRONMENT.queueUrlPrefix, this.queueUrlPrefix)
    consumer.addEnvironment('LEDGER_TTL_DAYS', String(this.#deployed.config.ledgerDays))
    this.#grantTables(consumer, access)
    this.#grantBucket(consumer, access)
    this.#grantQueues(consumer, access)
  }

  #table(spec: TableSpec): TableV2 {
    const { routes } = this.#deployed.config
    return new TableV2(this, spec.name === 'ledger' ? 'Ledger' : 'Registry', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      warmThroughput: spec.name === 'ledger' ? ledgerThroughput(routes) : REGISTRY_THROUGHPUT,
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TTL_ATTRIBUTE,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: spec.dueIndex
        ? [
            {
              indexName: DUE_INDEX.name,
              partitionKey: { name: DUE_INDEX.hash, type: AttributeType.STRING },
              sortKey: { name: DUE_INDEX.range, type: AttributeType.NUMBER },
              projectionType: ProjectionType.KEYS_ONLY,
            },
          ]
        : [],
    })
  }

  #grantTables(consumer: Consumer, access: Access): void {
    for (const name of ['registry', 'ledger'] as const) {
      const arn = this.tables[name].tableArn
      for (const verb of access[name]) {
        if (verb === 'due') grant(consumer, ['dynamodb:Query'], [`${arn}/index/${DUE_INDEX.name}`])
        else grant(consumer, TABLE_ACTIONS[verb], [arn])
      }
    }
  }

  #grantBucket(consumer: Consumer, { reads, writes }: Access): void {
    const arnOf = (folder: Folder) => this.bucket.arnForObjects(`${folder}/*`)
    grant(consumer, ['s3:GetObject'], reads.map(arnOf))
    grant(consumer, ['s3:PutObject', 's3:AbortMultipartUpload'], writes.map(arnOf))
    // Without it S3 answers 403 for an object that is not there, which may mean anything; with it, 404.
    if (reads.length > 0) grant(consumer, ['s3:ListBucket'], [this.bucket.bucketArn])
  }

  #grantQueues(consumer: Consumer, { sendsTo, watches, pullsFrom }: Access): void {
    const arnOf = (name: Access['sendsTo'][number]) => this.queues.get(name).queueArn
    grant(consumer, ['sqs:SendMessage'], sendsTo.map(arnOf))
    grant(consumer, ['sqs:GetQueueAttributes'], watches.map(arnOf))
    const pull = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']
    grant(consumer, pull, pullsFrom.map(arnOf))
  }

  /** A queue's URL is this followed by its name. */
  get queueUrlPrefix(): string {
    const { prefix, config } = this.#deployed
    return `https://sqs.${config.region}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${prefix}-`
  }

  #logicalId(construct: Construct): string {
    return Stack.of(this).getLogicalId(construct.node.defaultChild as never)
  }
}

function grant(grantee: IGrantable, actions: readonly string[], resourceArns: string[]): void {
  if (resourceArns.length > 0) Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns })
}
