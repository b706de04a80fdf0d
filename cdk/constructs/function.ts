import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'

export interface PlatformFunctionProps {
  /** Folder of its bundle. */
  bundle: string
  timeoutSeconds: number
  memoryMb: number
  /** What NODE_OPTIONS must say beside source maps. */
  nodeOptions?: string
  description: string
  logDays: RetentionDays
}

/** A function of this repository: Node.js 24 on arm64, a log group that forgets, and a role that may write to it only. */
export class PlatformFunction extends Construct {
  readonly lambda: LambdaFunction

  constructor(scope: Construct, id: string, props: PlatformFunctionProps) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    this.lambda = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.bundle),
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      environment: {
        NODE_OPTIONS: ['--enable-source-maps', props.nodeOptions].filter(Boolean).join(' '),
      },
      description: props.description,
      logGroup,
      role,
    })
    const reason =
      'Logs and metrics tell how long a call took and why it failed; a trace of one function adds nothing.'
    acknowledge(this, reason, 'Serverless-LambdaTracing')
  }
}
