/** What a bind worker puts out of its route every minute, with dimensions `service` and `route`; counts are of that minute. */
export type RouteMetric =
  | 'bindsDown'
  | 'heldBatches'
  | 'factsNotDurable'
  | 'rememberedIds'
  | 'segmentsAccepted'
  | 'segmentsRefused'
  /** Submitted, and no response came. */
  | 'segmentsUnconfirmed'
  /** Answered ESME_RTHROTTLED (SMPP 3.4 §5.1.3); each try of a segment counts. */
  | 'segmentsThrottled'
  | 'receiptsPlaced'
  | 'receiptsKeptAside'
  | 'receiptsTurnedAway'
  | 'receiptsUnanswered'
  /** Median time from submit to final receipt; absent in a minute without one. */
  | 'receiptLagP50'

/** What it puts out of each bind; dimensions `service`, `route` and `bind`. */
export type BindMetric =
  | 'bound'
  | 'window'
  | 'inFlight'
  | 'segmentsPerSecond'
  | 'responseLatencyP50'
  | 'responseLatencyP95'

/** What the `service` dimension of a worker's numbers says. */
export const WORKER_SERVICE = 'bind-worker'

export type MetricUnit = 'count' | 'milliseconds' | 'perSecond'
export type MetricValue = readonly [value: number, unit: MetricUnit]
export type MetricValues = Readonly<Record<string, MetricValue>>

/** Where numbers for dashboards and alarms go. Dimensions name routes and binds, never a number or a text. */
export interface Metrics {
  put(dimensions: Readonly<Record<string, string>>, values: MetricValues): void
}

export const silentMetrics: Metrics = { put() {} }
