import { describe, expect, it } from 'vitest'
import { ledgerThroughput } from '../../../cdk/constructs/warm-throughput.ts'
import { synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')
const buckets = () => dev().resources('AWS::S3::Bucket')

describe('tables', () => {
  it('outlive the stack, can be set back to any second, and forget what is due', () => {
    const tables = dev().resources('AWS::DynamoDB::GlobalTable')
    expect(tables).toHaveLength(2)
    for (const [, { DeletionPolicy, UpdateReplacePolicy, Properties }] of tables) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain'])
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      })
    }
  })

  it('are warm for the full rate of all routes', () => {
    expect(dev().resource('AWS::DynamoDB::GlobalTable', 'DataLedger').Properties.WarmThroughput).toEqual({
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 4_000,
    })
    expect(ledgerThroughput([{ tps: 5_000 }, { tps: 2_500 }])).toEqual({
      readUnitsPerSecond: 15_000,
      writeUnitsPerSecond: 15_000,
    })
  })
})

describe('buckets', () => {
  it('are private, encrypted, kept, and spoken to over TLS only', () => {
    expect(buckets()).toHaveLength(3)
    for (const [id, { DeletionPolicy, Properties }] of buckets()) {
      expect(DeletionPolicy).toBe('Retain')
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      })
      const policy = dev()
        .resources('AWS::S3::BucketPolicy')
        .find(([, { Properties: of }]) => of.Bucket.Ref === id)
      expect(policy?.[1].Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      )
    }
  })

  it('forget uploads and plans with the facts, exports after a week, and parts of files at once', () => {
    const { LifecycleConfiguration } = dev().resource('AWS::S3::Bucket', 'DataBucket').Properties
    expect(LifecycleConfiguration.Rules).toEqual([
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
      { Status: 'Enabled', Prefix: 'uploads/', ExpirationInDays: 90 },
      { Status: 'Enabled', Prefix: 'plans/', ExpirationInDays: 120 },
      { Status: 'Enabled', Prefix: 'exports/', ExpirationInDays: 7 },
    ])
  })

  it('take forms that the console posts', () => {
    const { CorsConfiguration } = dev().resource('AWS::S3::Bucket', 'DataBucket').Properties
    expect(CorsConfiguration.CorsRules).toMatchObject([{ AllowedMethods: ['POST'] }])
  })
})

describe('queues', () => {
  it('are polled long, keep what waits for two weeks, and are spoken to over TLS only', () => {
    const queues = dev().resources('AWS::SQS::Queue')
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({
        ReceiveMessageWaitTimeSeconds: 20,
        MessageRetentionPeriod: 14 * 86_400,
        SqsManagedSseEnabled: true,
      })
      const policy = dev()
        .resources('AWS::SQS::QueuePolicy')
        .find(([, { Properties: of }]) => of.Queues[0].Ref === id)
      expect(policy?.[1].Properties.PolicyDocument.Statement).toMatchObject([
        { Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ])
    }
  })
})
