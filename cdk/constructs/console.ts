import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { type AccessLogs, privateBucket } from './bucket.ts'

/** Nothing but the console's own; files go to the data bucket by presigned forms, and come from it by presigned links. */
const contentSecurityPolicy = (bucketHost: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' https://${bucketHost}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Statuses that CloudFront keeps whatever the cache policy says. */
const CACHED_ERRORS = [404, 414, 500, 501, 502, 503, 504]

export interface ConsoleProps {
  name: string
  /** Of the API, which answers under the same origin. */
  apiHost: string
  /** Where presigned forms of uploads point to. */
  uploadHost: string
  logs: AccessLogs
}

/** The console's files and the API under one origin: no CORS, one certificate, nothing in S3 readable but through it. */
export class Console extends Construct {
  readonly bucket: IBucket
  readonly origin: string

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id)
    this.bucket = privateBucket(this, 'Bucket', props.logs, {
      logPrefix: 'console',
      removalPolicy: RemovalPolicy.RETAIN,
    }) as IBucket
    const headers = this.#securityHeaders(props)
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${props.name}: console and API`,
      defaultRootObject: 'index.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: new CachePolicy(this, 'AMinute', {
          comment: 'A deployment is seen after a minute',
          defaultTtl: Duration.minutes(1),
          maxTtl: Duration.minutes(1),
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
        }),
        responseHeadersPolicy: headers,
      },
      additionalBehaviors: {
        '/v1/*': {
          origin: new HttpOrigin(props.apiHost, {
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
            originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          }),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: headers,
        },
      },
      // Else it would keep the API's errors for ten seconds, and answer one caller with another's.
      errorResponses: CACHED_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      logBucket: props.logs.bucket,
      logFilePrefix: 'cloudfront/',
    })
    this.origin = `https://${distribution.distributionDomainName}`
    acknowledge(
      distribution,
      'Subscribers and operators are in India, but an installation may be run from anywhere.',
      'AwsSolutions-CFR1',
    )
    acknowledge(
      distribution,
      'API Gateway throttles and the function checks keys; a web application firewall is for the operator to choose.',
      'AwsSolutions-CFR2',
    )
    acknowledge(
      distribution,
      'It has the certificate of cloudfront.net, for which CloudFront sets the protocol; a domain of one’s own comes with its own.',
      'AwsSolutions-CFR4',
    )
  }

  #securityHeaders({ name, uploadHost }: ConsoleProps): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'SecurityHeaders', {
      comment: name,
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          contentSecurityPolicy: contentSecurityPolicy(uploadHost),
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: true,
          override: true,
        },
      },
    })
  }
}
