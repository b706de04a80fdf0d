import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

const PRIVATE: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
}

/** Who asked for what in the buckets and at the distribution. */
export class AccessLogs extends Construct {
  readonly bucket: IBucket

  constructor(scope: Construct, id: string, props: { logDays: number }) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      // CloudFront delivers its logs as an owner of its own.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ expiration: Duration.days(props.logDays) }],
      removalPolicy: RemovalPolicy.RETAIN,
    }) as IBucket
  }
}

/** A bucket that only this account reads, over TLS, with its access logged under `logPrefix`. */
export function privateBucket(
  scope: Construct,
  id: string,
  logs: AccessLogs,
  props: BucketProps & { logPrefix: string },
): Bucket {
  const { logPrefix, ...rest } = props
  return new Bucket(scope, id, {
    ...PRIVATE,
    serverAccessLogsBucket: logs.bucket,
    serverAccessLogsPrefix: `${logPrefix}/`,
    ...rest,
  })
}
