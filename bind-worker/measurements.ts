import type { BindMetric, MetricValue, RouteMetric } from '../shared/metrics.ts'
import type { ReceiverCounts } from './receipts/receiver.ts'
import type { OutcomeCounts } from './send/outcome-recorder.ts'
import type { BindStats } from './session/bind.ts'

type Values<Name extends string> = Readonly<Partial<Record<Name, MetricValue>>>

/** What a bind tells of itself every minute; latencies only when something was answered lately. */
export function bindMeasurements(stats: BindStats): Values<BindMetric> {
  const { latencyP50Ms, latencyP95Ms, perSecond } = stats
  return {
    bound: [stats.state === 'bound' ? 1 : 0, 'count'],
    window: [stats.window, 'count'],
    inFlight: [stats.inFlight, 'count'],
    ...(perSecond !== null && { segmentsPerSecond: [perSecond, 'perSecond'] as const }),
    ...(latencyP50Ms !== null && { responseLatencyP50: [latencyP50Ms, 'milliseconds'] as const }),
    ...(latencyP95Ms !== null && { responseLatencyP95: [latencyP95Ms, 'milliseconds'] as const }),
  }
}

/** What a worker holds now. */
export interface Holds {
  binds: readonly Pick<BindStats, 'state'>[]
  heldBatches: number
  factsNotDurable: number
  rememberedIds: number
  /** Of receipts and messages taken, those not answered yet. */
  receipts: { unanswered: number }
}

/** What a worker holds stays small while its route is well. */
export function heldMeasurements(holds: Holds): Values<RouteMetric> {
  return {
    bindsDown: [holds.binds.filter(({ state }) => state !== 'bound').length, 'count'],
    heldBatches: [holds.heldBatches, 'count'],
    factsNotDurable: [holds.factsNotDurable, 'count'],
    rememberedIds: [holds.rememberedIds, 'count'],
    receiptsUnanswered: [holds.receipts.unanswered, 'count'],
  }
}

/** What became of segments and receipts since the process began. */
export interface Counts {
  segments: OutcomeCounts & { throttled: number }
  receipts: ReceiverCounts
}

/** What was added to the counts since `before`. */
export function countMeasurements({ segments, receipts }: Counts, before: Counts): Values<RouteMetric> {
  return {
    segmentsAccepted: [segments.accepted - before.segments.accepted, 'count'],
    segmentsRefused: [segments.refused - before.segments.refused, 'count'],
    segmentsUnconfirmed: [segments.unconfirmed - before.segments.unconfirmed, 'count'],
    segmentsThrottled: [segments.throttled - before.segments.throttled, 'count'],
    receiptsPlaced: [receipts.placed - before.receipts.placed, 'count'],
    receiptsKeptAside: [receipts.keptAside - before.receipts.keptAside, 'count'],
    receiptsTurnedAway: [receipts.turnedAway - before.receipts.turnedAway, 'count'],
  }
}
