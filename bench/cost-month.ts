/** What a month costs: what is there with or without messages, and what messages cause and leave behind. Pure. */
import { DUE_BUCKETS } from '../aws/campaign-items.ts'
import { FUNCTIONS } from '../shared/contracts/wiring.ts'
import { TIMING } from '../shared/timing.ts'
import { plus, times, type Usage } from './cost-prices.ts'
import type { CostRun } from './cost-run.ts'

export interface Installation {
  millions: number
  /** Tasks of bind workers, one for each route. */
  tasks: number
  bindsPerTask: number
  natGateways: number
}

export const INSTALLATIONS: readonly Installation[] = [
  { millions: 1, tasks: 1, bindsPerTask: 4, natGateways: 1 },
  { millions: 100, tasks: 2, bindsPerTask: 4, natGateways: 2 },
]

const HOURS = 730
const MINUTES = HOURS * 60
const SECONDS = MINUTES * 60

/** A task of Fargate: half a core does more than 10,000 messages a second, a million ids take less than half a GB. */
const TASK_VCPUS = 0.5
const TASK_GB = 1
const ALARMS = 15
const DASHBOARDS = 1
/** Lambda keeps five pollers on a queue, each of which waits 20 s for a message. */
const POLLERS = 5
const POLLER_SECONDS = 20
/** The worker waits 10 s for a message in each lane. */
const LANES = 3
const LANE_POLL_SECONDS = 10
/** What a run of the scheduler takes that finds nothing due, and what is logged of it. */
const IDLE_SCHEDULER_GB_SECONDS = 0.1 * 0.5
const IDLE_SCHEDULER_BYTES = 450
/** A line of the embedded metric format. */
const METRIC_LINE_BYTES = 700
/** DynamoDB, SQS and S3 ask for a data key about every five minutes for each function and worker. */
const KEY_REQUESTS_PER_HOUR = 12 * 3
/** A month of ledger and plans is kept for three. */
const MONTHS_KEPT = 3
const API_REQUESTS_PER_MILLION = 2_000
/** TLS, TCP and IP around what SMPP says. */
const WIRE_OVERHEAD = 1.2

/** Custom metrics of a bind and of a task (`bind-worker/measurements.ts`). */
const METRICS_OF_BIND = 6
const METRICS_OF_TASK = 7

/** Usage of a month in which nothing is sent. */
export function standing({ tasks, bindsPerTask, natGateways }: Installation): Usage {
  const binds = tasks * bindsPerTask
  const queues = FUNCTIONS.filter(({ source }) => source.kind === 'queue').length
  return {
    dynamodbWriteUnit: (binds * SECONDS * 1_000) / TIMING.heartbeatMs,
    dynamodbReadUnit: DUE_BUCKETS.length * 0.5 * MINUTES,
    sqsRequest: SECONDS * ((queues * POLLERS) / POLLER_SECONDS + (tasks * LANES) / LANE_POLL_SECONDS),
    lambdaRequest: MINUTES,
    lambdaGbSecond: MINUTES * IDLE_SCHEDULER_GB_SECONDS,
    logsGb: (MINUTES * (IDLE_SCHEDULER_BYTES + (tasks + binds) * METRIC_LINE_BYTES)) / 1e9,
    metricMonth: tasks * METRICS_OF_TASK + binds * METRICS_OF_BIND,
    alarmMonth: ALARMS,
    dashboardMonth: DASHBOARDS,
    fargateVcpuHour: tasks * TASK_VCPUS * HOURS,
    fargateGbHour: tasks * TASK_GB * HOURS,
    natHour: natGateways * HOURS,
    publicAddressHour: natGateways * HOURS,
    kmsKeyMonth: 1,
    kmsRequest: (FUNCTIONS.length + tasks) * KEY_REQUESTS_PER_HOUR * HOURS,
    secretMonth: tasks,
  }
}

/** What a million messages leave behind and move, beside the calls they cause. */
export function keptAndMoved(run: CostRun, messages: number): Usage {
  const gbPerMillion = (bytes: number) => (bytes * 1e6) / messages / 1e9
  const ledgerGb = gbPerMillion(run.ledgerBytes) * MONTHS_KEPT
  const outGb = gbPerMillion(run.smpp.outBytes) * WIRE_OVERHEAD
  return {
    dynamodbGbMonth: ledgerGb,
    dynamodbBackupGbMonth: ledgerGb,
    s3GbMonth: gbPerMillion(run.objectBytes) * MONTHS_KEPT,
    // Batches come to the worker through the NAT as well: what S3 keeps of a plan is about what SQS hands over.
    natGb: outGb + gbPerMillion(run.smpp.inBytes) * WIRE_OVERHEAD + gbPerMillion(run.objectBytes),
    dataOutGb: outGb,
    apiRequest: API_REQUESTS_PER_MILLION,
  }
}

/** A month once it has gone on for {@link MONTHS_KEPT}. */
export const monthOf = (installation: Installation, perMillion: Usage): Usage =>
  plus(standing(installation), times(perMillion, installation.millions))
