/**
 * A histogram that fits an item and adds up: eight buckets to each doubling, so a percentile read from it is at most
 * 9 % above the true value.
 */
const PER_DOUBLING = 8

/** Bucket of a duration in milliseconds; negative durations (clocks that disagree) count as 0. */
export function latencyBucket(ms: number): number {
  return Math.floor(Math.log2(Math.max(0, ms) + 1) * PER_DOUBLING)
}

/** The longest duration (ms) that falls into the bucket. */
function bucketUpperMs(bucket: number): number {
  return Math.round(2 ** ((bucket + 1) / PER_DOUBLING) - 1)
}

/** The duration (ms) that `share` (0 to 1) of the counted ones do not exceed; null when nothing was counted. */
export function percentileMs(histogram: Readonly<Record<string, number>>, share: number): number | null {
  const buckets = Object.keys(histogram)
    .map(Number)
    .sort((a, b) => a - b)
  const total = buckets.reduce((sum, bucket) => sum + histogram[bucket]!, 0)
  if (total === 0) return null
  let seen = 0
  for (const bucket of buckets) {
    seen += histogram[bucket]!
    if (seen >= share * total) return bucketUpperMs(bucket)
  }
  return bucketUpperMs(buckets.at(-1)!)
}
