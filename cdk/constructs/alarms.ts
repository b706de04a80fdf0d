import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { Lane } from '../../shared/contracts/route.ts'
import { type RouteMetric, WORKER_SERVICE } from '../../shared/metrics.ts'

/** Of what a worker puts out of its route (`bind-worker/measurements.ts`). */
export function routeMetric(
  namespace: string,
  route: string,
  metricName: RouteMetric,
  statistic: 'Sum' | 'Maximum' = 'Sum',
  period = Duration.minutes(1),
): Metric {
  const dimensionsMap = { service: WORKER_SERVICE, route }
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period })
}

/** How old the oldest message of a lane may be. Ten minutes are fed ahead; an OTP is worth nothing after one. */
export const MAX_AGE_SECONDS: Readonly<Record<Lane, number>> = {
  otp: 60,
  service: 30 * 60,
  promotional: 60 * 60,
}

/** What wakes somebody: a name, what is measured, when it is too much, and for whom reads it, what it means. */
export interface Condition {
  name: string
  metric: IMetric
  atLeast: number
  /** How many periods in a row. */
  periods: number
  /** Whether silence is as bad: only of what is put out every minute. */
  silenceIsBad?: boolean
  means: string
}

export function alarm(
  scope: Construct,
  prefix: string,
  { name, metric, atLeast, periods, ...condition }: Condition,
): Alarm {
  return new Alarm(scope, name, {
    alarmName: `${prefix}-${name}`,
    metric,
    threshold: atLeast,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: condition.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    alarmDescription: condition.means,
  })
}

/** What can go wrong with a route, by what its worker says of it. */
export function routeConditions(namespace: string, route: string): Condition[] {
  const quarter = Duration.minutes(15)
  const sum = (name: RouteMetric) => routeMetric(namespace, route, name, 'Sum', quarter)
  return [
    {
      name: `route-${route}-bind-down`,
      metric: routeMetric(namespace, route, 'bindsDown', 'Maximum'),
      ...{ atLeast: 1, periods: 5, silenceIsBad: true },
      means: `Route ${route}: a bind is down for five minutes, or its worker says nothing.`,
    },
    {
      name: `route-${route}-unconfirmed`,
      metric: sum('segmentsUnconfirmed'),
      ...{ atLeast: 1, periods: 1 },
      means: `Route ${route}: segments were submitted and never answered; they are not sent again under policy hold.`,
    },
    {
      name: `route-${route}-receipt-lag`,
      metric: routeMetric(namespace, route, 'receiptLagP50', 'Maximum', Duration.minutes(5)),
      ...{ atLeast: 15 * 60_000, periods: 3 },
      means: `Route ${route}: half of the final receipts come more than 15 minutes after their submit.`,
    },
    {
      name: `route-${route}-receipts-missing`,
      metric: new MathExpression({
        expression: 'IF(accepted >= 100 AND placed + aside == 0, 1, 0)',
        usingMetrics: {
          accepted: sum('segmentsAccepted'),
          placed: sum('receiptsPlaced'),
          aside: sum('receiptsKeptAside'),
        },
        period: quarter,
        label: 'no receipt at all',
      }),
      ...{ atLeast: 1, periods: 2 },
      means: `Route ${route}: segments are accepted, and for half an hour no receipt came.`,
    },
    {
      name: `route-${route}-throttled`,
      metric: new MathExpression({
        expression: '100 * throttled / (accepted + refused + throttled)',
        usingMetrics: {
          throttled: sum('segmentsThrottled'),
          accepted: sum('segmentsAccepted'),
          refused: sum('segmentsRefused'),
        },
        period: quarter,
        label: 'percent throttled',
      }),
      ...{ atLeast: 5, periods: 1 },
      means: `Route ${route}: the SMSC throttles 5 % of what is sent; its TPS is set too high, or the gateway's is lower.`,
    },
  ]
}
