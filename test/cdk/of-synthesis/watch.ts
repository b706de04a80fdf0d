import { describe, expect, it } from 'vitest'
import { countMeasurements, heldMeasurements } from '../../../bind-worker/measurements.ts'
import { synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')
const alarms = () => dev().resources('AWS::CloudWatch::Alarm')
const names = () => alarms().map(([, { Properties }]) => Properties.AlarmName.replace('dakghar-dev-', ''))

interface MetricOfAlarm {
  Namespace: string
  MetricName: string
  Dimensions?: { Name: string; Value: unknown }[]
}

/** Of an alarm on one metric, and of one on an expression. */
function metricsOf(properties: MetricOfAlarm & { Metrics?: { MetricStat?: { Metric: MetricOfAlarm } }[] }) {
  return properties.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [properties]
}

describe('alarms', () => {
  it('are there for all that wakes somebody', () => {
    expect(names().sort()).toEqual(
      [
        ...['getclickmedia', 'bulk'].flatMap((route) =>
          ['bind-down', 'receipt-lag', 'receipts-missing', 'throttled', 'unconfirmed'].map(
            (what) => `route-${route}-${what}`,
          ),
        ),
        ...['transactional-otp', 'transactional-service', 'promotional-promotional'].flatMap((queue) => [
          `pool-${queue}-old`,
          `queue-dispatch-${queue}-dead-letters`,
        ]),
        ...['jobs', 'feed', 'settle', 'inbound'].map((queue) => `queue-${queue}-dead-letters`),
        ...['api', 'compile', 'feeder', 'settle', 'scheduler', 'inbound'].map(
          (name) => `function-${name}-errors`,
        ),
        ...['api-5xx', 'function-scheduler-silent', 'table-registry-throttled', 'table-ledger-throttled'],
      ].sort(),
    )
  })

  it('all go to one topic, which only TLS and CloudWatch reach, and say when it is over', () => {
    const [[topic]] = dev().resources('AWS::SNS::Topic') as [[string, unknown]]
    for (const [, { Properties }] of alarms()) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]])
    }
    expect(dev().resource('AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } },
    ])
    expect(dev().resource('AWS::KMS::Key').Properties.KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({ Principal: { Service: 'cloudwatch.amazonaws.com' } }),
    )
  })

  it('take silence of a worker for a bind that is down', () => {
    const [, { Properties }] = alarms().find(([, of]) => of.Properties.AlarmName.endsWith('bulk-bind-down'))!
    expect(Properties).toMatchObject({ TreatMissingData: 'breaching', Period: 60, EvaluationPeriods: 5 })
  })

  it('of routes look at numbers that workers put out, with the dimensions they have', () => {
    const none = { accepted: 0, refused: 0, unconfirmed: 0, throttled: 0 }
    const counts = { segments: none, receipts: { placed: 0, keptAside: 0, turnedAway: 0 } }
    const put = new Set<string>([
      'receiptLagP50',
      ...Object.keys(countMeasurements(counts, counts)),
      ...Object.keys(
        heldMeasurements({
          ...{ binds: [], heldBatches: 0, factsNotDurable: 0, rememberedIds: 0 },
          receipts: { unanswered: 0 },
        }),
      ),
    ])
    const own = alarms()
      .flatMap(([, { Properties }]) => metricsOf(Properties))
      .filter(({ Namespace }) => Namespace === 'Dakghar/dev')
    expect(own.length).toBeGreaterThan(10)
    for (const { MetricName, Dimensions } of own) {
      expect(put).toContain(MetricName)
      expect(Dimensions).toEqual([
        { Name: 'route', Value: expect.stringMatching(/^(getclickmedia|bulk)$/) },
        { Name: 'service', Value: 'bind-worker' },
      ])
    }
  })
})

describe('the dashboard', () => {
  it('shows the alarms, every route and every pool', () => {
    const { DashboardName, DashboardBody } = dev().resource('AWS::CloudWatch::Dashboard').Properties
    expect(DashboardName).toBe('dakghar-dev')
    const body = JSON.stringify(DashboardBody)
    for (const shown of [
      'Alarms',
      'Route getclickmedia',
      'Route bulk',
      'Pool transactional',
      'Dead letters',
    ]) {
      expect(body).toContain(shown)
    }
  })
})
