import type { MetricValues } from '../shared/metrics.ts'
import type { BindStats } from './session/bind.ts'

/** What a bind tells of itself every minute; latencies only when something was answered lately. */
export function bindMeasurements(stats: BindStats): MetricValues {
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

/** What a worker holds, and what became of receipts since it began. */
export interface Holds {
  heldBatches: number
  factsNotDurable: number
  rememberedIds: number
  receipts: Readonly<Record<'placed' | 'keptAside' | 'turnedAway' | 'unanswered', number>>
}

/** What is held stays small while the route is well. */
export function workerMeasurements(holds: Holds): MetricValues {
  const { placed, keptAside, turnedAway, unanswered } = holds.receipts
  return {
    heldBatches: [holds.heldBatches, 'count'],
    factsNotDurable: [holds.factsNotDurable, 'count'],
    rememberedIds: [holds.rememberedIds, 'count'],
    receiptsUnanswered: [unanswered, 'count'],
    receiptsPlaced: [placed, 'count'],
    receiptsKeptAside: [keptAside, 'count'],
    receiptsTurnedAway: [turnedAway, 'count'],
  }
}
