import type { WarmThroughput } from 'aws-cdk-lib/aws-dynamodb'

/** What DynamoDB gives an on-demand table from the start, and the least it takes for this setting. */
const FROM_THE_START = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 }

/**
 * Units a segment takes in the worst second: after a restart every receipt is kept aside, an item each, while claims
 * and slices take less than one unit together. Settling reads what was written.
 */
const WRITES_PER_SEGMENT = 2
const READS_PER_SEGMENT = 2

/** What the ledger must take without warming up first, when all routes send at their full rate. */
export function ledgerThroughput(routes: readonly { tps: number }[]): WarmThroughput {
  const segmentsPerSecond = routes.reduce((sum, { tps }) => sum + tps, 0)
  const { readUnitsPerSecond, writeUnitsPerSecond } = FROM_THE_START
  return {
    readUnitsPerSecond: Math.max(readUnitsPerSecond, Math.ceil(segmentsPerSecond * READS_PER_SEGMENT)),
    writeUnitsPerSecond: Math.max(writeUnitsPerSecond, Math.ceil(segmentsPerSecond * WRITES_PER_SEGMENT)),
  }
}

/** The registry is written to per campaign and read per batch. */
export const REGISTRY_THROUGHPUT: WarmThroughput = FROM_THE_START
