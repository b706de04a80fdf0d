export type MetricUnit = 'count' | 'milliseconds' | 'perSecond'
export type MetricValues = Readonly<Record<string, readonly [value: number, unit: MetricUnit]>>

/** Where numbers for dashboards and alarms go. Dimensions name routes and binds, never a number or a text. */
export interface Metrics {
  put(dimensions: Readonly<Record<string, string>>, values: MetricValues): void
}

export const silentMetrics: Metrics = { put() {} }
