import { latencyBucket, percentileMs } from '../../shared/ledger/latency.ts'

/** How long after their submit_sm final receipts come: of those since the last look. */
export class LagMeter {
  #histogram: Record<number, number> = {}

  record(lagMs: number): void {
    const bucket = latencyBucket(lagMs)
    this.#histogram[bucket] = (this.#histogram[bucket] ?? 0) + 1
  }

  /** The median, within a tenth, and begins anew; null when no final receipt came. */
  takeMedianMs(): number | null {
    const median = percentileMs(this.#histogram, 0.5)
    this.#histogram = {}
    return median
  }
}
