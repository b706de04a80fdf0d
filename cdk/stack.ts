import { join } from 'node:path'
import { CfnOutput, Stack } from 'aws-cdk-lib'
import { Cluster, ContainerInsights, type ICluster } from 'aws-cdk-lib/aws-ecs'
import type { Construct } from 'constructs'
import { type Deployment, secretNameOf } from './config.ts'
import { Api } from './constructs/api.ts'
import { BindService } from './constructs/bind-service.ts'
import { AccessLogs } from './constructs/bucket.ts'
import { Console } from './constructs/console.ts'
import { Data } from './constructs/data.ts'
import { DeploymentSteps } from './constructs/deployment.ts'
import { Functions } from './constructs/functions.ts'
import { Network } from './constructs/network.ts'
import { Watch } from './constructs/watch.ts'
import { workerImage } from './constructs/worker-image.ts'
import { assembleWorkerImage } from './worker-image.ts'

export interface PlatformStackProps {
  deployed: Deployment
  /** What `bundleAll` made; the worker's image is put together beside it. */
  bundles: string
  /** An image in ECR instead of one to be built. */
  workerImage: string | undefined
}

/** The whole platform: `Dakghar-<stage>`. */
export class PlatformStack extends Stack {
  constructor(scope: Construct, props: PlatformStackProps) {
    const { deployed, bundles } = props
    const { config, prefix, stage } = deployed
    super(scope, `Dakghar-${stage}`, {
      // Of no account, so that nothing is looked up: the stack is the same for all, and is made without one.
      env: { region: config.region },
      description: `Dakghar ${stage}: bulk SMS campaigns`,
    })
    const logs = new AccessLogs(this, 'AccessLogs', { logDays: config.logDays })
    const network = new Network(this, 'Network', config)
    const data = new Data(this, 'Data', { deployed, logs })
    const functions = new Functions(this, 'Functions', { deployed, data, bundles })
    const api = new Api(this, 'Api', { config, lambda: functions.byName.api, name: prefix })
    const console = new Console(this, 'Console', {
      name: prefix,
      apiHost: api.host,
      uploadHost: data.bucket.bucketRegionalDomainName,
      logs,
    })
    const steps = new DeploymentSteps(this, 'Deployment', { deployed, data, bundles })
    steps.putConsoleInto(console.bucket)

    const metricsNamespace = `Dakghar/${stage}`
    this.#workers({ ...props, metricsNamespace }, { network, data, steps })
    const watch = new Watch(this, 'Watch', { deployed, data, functions, api, metricsNamespace })

    this.#output('Url', console.origin, 'Console and API')
    this.#output('ApiUrl', api.url, 'The API alone')
    this.#output('RegistryTable', data.tables.registry.tableName, 'REGISTRY_TABLE of the environment')
    this.#output('LedgerTable', data.tables.ledger.tableName, 'LEDGER_TABLE of the environment')
    this.#output('DataBucket', data.bucket.bucketName, 'BUCKET of the environment')
    this.#output('QueueUrlPrefix', data.queueUrlPrefix, 'QUEUE_URL_PREFIX of the environment')
    this.#output('AlarmTopic', watch.topic.topicArn, 'Where alarms go: subscribe whoever is on call')
  }

  #workers(
    props: PlatformStackProps & { metricsNamespace: string },
    { network, data, steps }: { network: Network; data: Data; steps: DeploymentSteps },
  ): void {
    const { deployed, metricsNamespace } = props
    const folder = join(props.bundles, 'worker-image')
    assembleWorkerImage(join(props.bundles, 'worker'), folder)
    const image = workerImage(this, folder, props.workerImage)
    const cluster = new Cluster(this, 'Workers', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    }) as ICluster
    for (const route of deployed.config.routes) {
      const { service } = new BindService(this, `Route-${route.id}`, {
        ...{ deployed, route, data, cluster, image, metricsNamespace },
        vpc: network.vpc,
      })
      // A worker without its route in the registry does not start; without a way out it cannot bind.
      service.node.addDependency(steps.routes, network.vpc)
      this.#output(
        `Secret${pascal(route.id)}`,
        secretNameOf(deployed, route),
        `Holds {"systemId", "password"} of route ${route.id}`,
      )
    }
  }

  #output(key: string, value: string, description: string): void {
    new CfnOutput(this, `Output${key}`, { key, value, description })
  }
}

const pascal = (id: string): string =>
  id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
