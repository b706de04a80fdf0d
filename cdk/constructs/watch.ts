import { Aws, Duration } from 'aws-cdk-lib'
import { Dashboard, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { LANES } from '../../shared/contracts/route.ts'
import { deadLetters, dispatchQueue } from '../../shared/contracts/wiring.ts'
import type { Deployment } from '../config.ts'
import { acknowledge } from './acknowledge.ts'
import { alarm, type Condition, MAX_AGE_SECONDS, routeConditions } from './alarms.ts'
import type { Api } from './api.ts'
import { dashboardRows } from './dashboard.ts'
import type { Data } from './data.ts'
import type { Functions } from './functions.ts'

export interface WatchProps {
  deployed: Deployment
  data: Data
  functions: Functions
  api: Api
  metricsNamespace: string
}

/** What tells an operator: alarms to one topic, and a dashboard. */
export class Watch extends Construct {
  readonly topic: Topic

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id)
    this.topic = this.#topic(props.deployed)
    const tell = new SnsAction(this.topic)
    const { metricsNamespace, deployed } = props
    const conditions = [
      ...deployed.config.routes.flatMap((route) => routeConditions(metricsNamespace, route.id)),
      ...laneConditions(props),
      ...deadLetterConditions(props),
      ...platformConditions(props),
    ]
    const alarms = conditions.map((condition) => alarm(this, deployed.prefix, condition))
    for (const one of alarms) {
      one.addAlarmAction(tell)
      one.addOkAction(tell)
    }
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: deployed.prefix,
      defaultInterval: Duration.hours(6),
    })
    dashboard.addWidgets(...dashboardRows(props, alarms))
  }

  /**
   * Encrypted with a key of its own: alarms may not use the one that SNS has by itself. A policy, as TLS needs one,
   * takes the place of that by which alarms of the account may publish, so it says so again.
   */
  #topic({ prefix, config }: Deployment): Topic {
    const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')]
    const key = new Key(this, 'Key', { enableKeyRotation: true, description: `Alarms of ${prefix}` })
    key.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }),
    )
    const topic = new Topic(this, 'Alarms', {
      topicName: `${prefix}-alarms`,
      masterKey: key,
      enforceSSL: true,
    })
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
    if (config.alarmEmail) {
      topic.addSubscription(new EmailSubscription(config.alarmEmail))
      const reason =
        'A mail that cannot be delivered is seen in SNS; the alarm stands in CloudWatch all the same.'
      acknowledge(topic, reason, 'Serverless-SNSRedrivePolicy')
    }
    return topic
  }
}

function laneConditions({ deployed, data }: WatchProps): Condition[] {
  return deployed.config.pools.flatMap(({ id, lanes }) =>
    LANES.filter((lane) => lanes.includes(lane)).map((lane) => ({
      name: `pool-${id}-${lane}-old`,
      metric: data.queues
        .get(dispatchQueue(id, lane))
        .metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      ...{ atLeast: MAX_AGE_SECONDS[lane], periods: 3 },
      means: `Pool ${id}: the oldest ${lane} batch waits for more than ${MAX_AGE_SECONDS[lane]} seconds.`,
    })),
  )
}

function deadLetterConditions({ data }: WatchProps): Condition[] {
  return data.queues.specs.map(({ name, purpose }) => ({
    name: `queue-${name}-dead-letters`,
    metric: data.queues
      .get(deadLetters(name))
      .metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
    ...{ atLeast: 1, periods: 1 },
    means: `There are dead letters of ${name} (${purpose}).`,
  }))
}

function platformConditions({ api, functions, data }: WatchProps): Condition[] {
  return [
    {
      name: 'api-5xx',
      metric: api.http.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      ...{ atLeast: 5, periods: 1 },
      means: 'The API answered five requests with 5xx within five minutes.',
    },
    {
      name: 'function-scheduler-silent',
      metric: idle(functions.byName.scheduler.metricInvocations({ period: Duration.minutes(5) })),
      ...{ atLeast: 1, periods: 1, silenceIsBad: true },
      means: 'The scheduler did not run for five minutes: nothing is started, fed again or given up.',
    },
    ...Object.entries(functions.byName).map(([name, lambda]) => ({
      name: `function-${name}-errors`,
      metric: lambda.metricErrors({ period: Duration.minutes(5) }),
      ...{ atLeast: 3, periods: 1 },
      means: `The function ${name} failed three times within five minutes.`,
    })),
    ...Object.entries(data.tables).map(([name, table]) => ({
      name: `table-${name}-throttled`,
      metric: throttles(table),
      ...{ atLeast: 100, periods: 3 },
      means: `DynamoDB throttles the ${name}: it was asked for more than it has warmed up to.`,
    })),
  ]
}

const idle = (invocations: IMetric): IMetric =>
  new MathExpression({
    expression: 'IF(invocations >= 1, 0, 1)',
    usingMetrics: { invocations },
    period: Duration.minutes(5),
    label: 'did not run',
  })

/** Requests of any kind that were throttled; absent while none was. */
function throttles({ tableName }: TableV2): IMetric {
  const of = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: tableName },
      statistic: 'Sum',
      period: Duration.minutes(1),
    })
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { reads: of('ReadThrottleEvents'), writes: of('WriteThrottleEvents') },
    period: Duration.minutes(1),
    label: 'throttled',
  })
}
