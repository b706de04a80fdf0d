import { join } from 'node:path'
import { CustomResource, Duration, Stack } from 'aws-cdk-lib'
import { Grant } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { FileSystem } from 'aws-cdk-lib/core'
import { Construct, type IDependable } from 'constructs'
import { type Deployment, routeConfigOf } from '../config.ts'
import { DEPLOYMENT_ACCESS } from './access.ts'
import { acknowledge } from './acknowledge.ts'
import type { Data } from './data.ts'
import { PlatformFunction } from './function.ts'

/** CloudFormation would wait an hour for an answer that does not come. */
const ANSWER_WITHIN = Duration.minutes(5)

/** What a deployment puts in place beside resources, by `lambdas/deployment/`. */
export class DeploymentSteps extends Construct {
  /** Pools and routes are in the registry: what a worker needs to start. */
  readonly routes: IDependable
  readonly #lambda: LambdaFunction
  readonly #bundle: string

  constructor(scope: Construct, id: string, props: { deployed: Deployment; data: Data; bundles: string }) {
    super(scope, id)
    const { deployed, data } = props
    const { pools, routes, logDays } = deployed.config
    this.#bundle = join(props.bundles, 'deployment')
    const { lambda } = new PlatformFunction(this, 'Function', {
      bundle: this.#bundle,
      timeoutSeconds: 60,
      memoryMb: 256,
      description: `Dakghar ${deployed.stage}: puts pools, routes and the console's files in place`,
      logDays,
    })
    data.bind(lambda, DEPLOYMENT_ACCESS)
    this.#lambda = lambda
    this.routes = new CustomResource(this, 'Routes', {
      serviceToken: lambda.functionArn,
      serviceTimeout: ANSWER_WITHIN,
      resourceType: 'Custom::DakgharRoutes',
      properties: {
        Configuration: JSON.stringify({
          pools,
          routes: routes.map((route) => routeConfigOf(deployed, route)),
        }),
      },
    })
    acknowledge(
      this,
      'CloudFormation calls it, sees whether it answered, and rolls back if not.',
      'Serverless-LambdaDLQ',
    )
  }

  /** Puts the console's files into the bucket, again whenever one of them has changed. */
  putConsoleInto(bucket: IBucket): void {
    Grant.addToPrincipal({
      grantee: this.#lambda,
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resourceArns: [bucket.arnForObjects('*')],
    })
    const name = Stack.of(this).getLogicalId(bucket.node.defaultChild as never)
    const finding = `AwsSolutions-IAM5[Resource::<${name}.Arn>/*]`
    acknowledge(this, 'It fills the whole bucket, which holds nothing else.', finding)
    new CustomResource(this, 'Console', {
      serviceToken: this.#lambda.functionArn,
      serviceTimeout: ANSWER_WITHIN,
      resourceType: 'Custom::DakgharConsole',
      properties: {
        Bucket: bucket.bucketName,
        Fingerprint: FileSystem.fingerprint(join(this.#bundle, 'console')),
      },
    })
  }
}
