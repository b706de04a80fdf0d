import { createHash } from 'node:crypto'
import { Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib'
import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import {
  type ContainerDefinition,
  type ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs'
import { Grant } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import { type DeployedRoute, type Deployment, routeConfigOf, secretNameOf } from '../config.ts'
import { workerAccess } from './access.ts'
import { acknowledge } from './acknowledge.ts'
import type { Data } from './data.ts'

/** On the task's loopback interface: nothing listens to the network. */
const HEALTH_PORT = '8080'
/** Fargate: the longest it waits between SIGTERM and SIGKILL. A drain takes up to a minute (`shared/timing.ts`). */
const STOP_TIMEOUT = Duration.seconds(120)
const HTTPS = 443

/** Whether the process answers; whether its binds are up is for alarms, as a restart would not help. */
const IS_ALIVE = `fetch('http://127.0.0.1:${HEALTH_PORT}/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`

export interface BindServiceProps {
  deployed: Deployment
  route: DeployedRoute
  data: Data
  vpc: IVpc
  cluster: ICluster
  image: ContainerImage
  metricsNamespace: string
}

/** The worker of one route, kept running on Fargate, with the secret it binds with. */
export class BindService extends Construct {
  readonly service: FargateService
  readonly secret: ISecret

  constructor(scope: Construct, id: string, props: BindServiceProps) {
    super(scope, id)
    const { route, deployed, data } = props
    const config = routeConfigOf(deployed, route)
    this.secret = this.#secret(deployed, route)
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: route.worker.cpu,
      memoryLimitMiB: route.worker.memoryMb,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    })
    const container = this.#container(task, props, config)
    const consumer = {
      grantPrincipal: task.taskRole,
      addEnvironment: (name: string, value: string) => container.addEnvironment(name, value),
    }
    data.bind(consumer, workerAccess(config))
    Grant.addToPrincipal({
      grantee: task.taskRole,
      actions: ['secretsmanager:GetSecretValue'],
      // A name alone stands for an ARN that ends with six characters nobody knows.
      resourceArns: [this.secret.secretFullArn ?? `${this.secret.secretArn}-??????`],
    })
    this.service = this.#service(task, props, config)
    this.#acknowledge(task)
  }

  /**
   * Empty until an operator fills it: the worker then binds within a minute. The template's text of it never changes, so
   * a later deployment leaves the value as it is.
   */
  #secret(deployed: Deployment, route: DeployedRoute): ISecret {
    const name = secretNameOf(deployed, route)
    if (route.secret !== undefined) return Secret.fromSecretNameV2(this, 'Secret', name)
    const secret = new Secret(this, 'Secret', {
      secretName: name,
      description: `system_id and password of route ${route.id}`,
      secretObjectValue: {
        systemId: SecretValue.unsafePlainText(''),
        password: SecretValue.unsafePlainText(''),
      },
      removalPolicy: RemovalPolicy.RETAIN,
    })
    acknowledge(secret, 'The gateway gives the password: AWS cannot change it.', 'AwsSolutions-SMG4')
    return secret as ISecret
  }

  #container(task: FargateTaskDefinition, props: BindServiceProps, config: RouteConfig): ContainerDefinition {
    const { deployed, route } = props
    const logGroup = new LogGroup(this, 'Logs', {
      retention: deployed.config.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    return task.addContainer('worker', {
      image: props.image,
      user: '10001:10001',
      readonlyRootFilesystem: true,
      stopTimeout: STOP_TIMEOUT,
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: route.id }),
      healthCheck: {
        command: ['CMD', '/usr/local/bin/node', '-e', IS_ALIVE],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      environment: {
        ROUTE_ID: route.id,
        ROUTE_SHARE: `1/${route.worker.tasks}`,
        HEALTH_PORT,
        METRICS_NAMESPACE: props.metricsNamespace,
        AWS_REGION: deployed.config.region,
      },
      // The worker reads its route when it starts: a route that changed must make a new revision.
      dockerLabels: { 'dakghar.route': fingerprint(JSON.stringify(config)) },
    })
  }

  #service(task: FargateTaskDefinition, props: BindServiceProps, config: RouteConfig): FargateService {
    const { tasks } = props.route.worker
    const securityGroup = new SecurityGroup(this, 'Outbound', {
      vpc: props.vpc,
      allowAllOutbound: false,
      description: `Worker of ${config.id}: to its gateway and to AWS, nothing in`,
    })
    for (const port of new Set([config.port, HTTPS])) {
      securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'the gateway, and AWS')
    }
    return new FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: task,
      desiredCount: tasks,
      // One task: the old revision is gone before the new one binds, or the gateway would refuse a bind too many
      // (ESME_RALYBND) and both would have the whole TPS. Several: half of them stay while the others change.
      minHealthyPercent: tasks === 1 ? 0 : 50,
      maxHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      securityGroups: [securityGroup],
      assignPublicIp: false,
    })
  }

  #acknowledge(task: FargateTaskDefinition): void {
    acknowledge(task, 'Its environment holds names and no secret.', 'AwsSolutions-ECS2')
    acknowledge(
      task,
      'ecr:GetAuthorizationToken knows no resource: it is about the registry as a whole.',
      'AwsSolutions-IAM5[Resource::*]',
    )
  }
}

/** Changes when the text does. */
const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
