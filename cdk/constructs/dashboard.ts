import { Duration } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  GraphWidget,
  type IMetric,
  type IWidget,
  Row,
} from 'aws-cdk-lib/aws-cloudwatch'
import { deadLetters, dispatchQueue } from '../../shared/contracts/wiring.ts'
import { routeMetric } from './alarms.ts'
import type { WatchProps } from './watch.ts'

/** What a dashboard shows, from what is wrong now to what each part does. */
export function dashboardRows(props: WatchProps, alarms: readonly Alarm[]): IWidget[] {
  const { routes, pools } = props.deployed.config
  return [
    new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 6 }),
    ...routes.map(({ id }) => routeRow(props.metricsNamespace, id)),
    new Row(
      ...pools.map(({ id, lanes }) =>
        graph(
          `Pool ${id}: age of the oldest batch (s)`,
          lanes.map((lane) => queueOf(props, dispatchQueue(id, lane)).metricApproximateAgeOfOldestMessage()),
        ),
      ),
    ),
    new Row(
      graph(
        'Dead letters',
        props.data.queues.specs.map(({ name }) =>
          queueOf(props, deadLetters(name)).metricApproximateNumberOfMessagesVisible(),
        ),
      ),
      graph('API: requests and faults', [
        props.api.http.metricCount(),
        props.api.http.metricClientError(),
        props.api.http.metricServerError(),
      ]),
      graph(
        'Functions: errors',
        Object.values(props.functions.byName).map((lambda) => lambda.metricErrors()),
      ),
    ),
  ]
}

const queueOf = ({ data }: WatchProps, name: Parameters<WatchProps['data']['queues']['get']>[0]) =>
  data.queues.get(name)

function routeRow(namespace: string, route: string): IWidget {
  const sum = (name: Parameters<typeof routeMetric>[2]) => routeMetric(namespace, route, name)
  const most = (name: Parameters<typeof routeMetric>[2]) => routeMetric(namespace, route, name, 'Maximum')
  return new Row(
    graph(`Route ${route}: segments a minute`, [
      sum('segmentsAccepted'),
      sum('segmentsRefused'),
      sum('segmentsThrottled'),
      sum('segmentsUnconfirmed'),
    ]),
    graph(`Route ${route}: receipts a minute`, [
      sum('receiptsPlaced'),
      sum('receiptsKeptAside'),
      sum('receiptsTurnedAway'),
    ]),
    graph(`Route ${route}: binds down, batches held, facts not durable`, [
      most('bindsDown'),
      most('heldBatches'),
      most('factsNotDurable'),
    ]),
    graph(`Route ${route}: receipt lag (ms)`, [most('receiptLagP50')]),
  )
}

const graph = (title: string, left: IMetric[]): IWidget =>
  new GraphWidget({ title, left, width: 6, height: 6, period: Duration.minutes(1) })
