import { MetricUnit as CloudWatchUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics'
import type { Metrics, MetricUnit } from '../shared/metrics.ts'

const UNITS: Record<MetricUnit, (typeof CloudWatchUnit)[keyof typeof CloudWatchUnit]> = {
  count: CloudWatchUnit.Count,
  milliseconds: CloudWatchUnit.Milliseconds,
  perSecond: CloudWatchUnit.CountPerSecond,
}

/** One line of CloudWatch's embedded metric format on stdout for each call: no API call, no agent. */
export function powertoolsMetrics(namespace: string, service: string): Metrics {
  const metrics = new PowertoolsMetrics({ namespace, serviceName: service })
  return {
    put(dimensions, values) {
      metrics.addDimensions({ ...dimensions })
      for (const [name, [value, unit]] of Object.entries(values)) metrics.addMetric(name, UNITS[unit], value)
      metrics.publishStoredMetrics()
    },
  }
}
