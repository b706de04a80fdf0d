export interface Percentiles {
  p50: number
  p99: number
  max: number
}

/** Of at least one value. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

export const median = (values: readonly number[]): number => percentiles(values).p50
