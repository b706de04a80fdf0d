import { z } from 'zod'
import { Ulid } from '../ids.ts'
import { SuppressionEntry } from './entry.ts'
import type { LoadedList } from './list.ts'

/**
 * What a check held the rows of an upload against, as it lies in the plan: a check that was killed and starts again must
 * come to the same plan, whatever was said meanwhile.
 */
export const SuppressionSnapshot = z.object({
  v: z.literal(1),
  lists: z.array(z.object({ id: Ulid, digest: z.string(), statedAt: z.number().int() })),
  entries: z.array(SuppressionEntry.pick({ msisdn: true, state: true, at: true })),
})
export type SuppressionSnapshot = z.infer<typeof SuppressionSnapshot>

export const snapshotOf = (
  lists: readonly LoadedList[],
  entries: readonly SuppressionEntry[],
): SuppressionSnapshot => ({
  v: 1,
  lists: lists.map(({ id, digest, statedAt }) => ({ id, digest, statedAt })),
  entries: entries.map(({ msisdn, state, at }) => ({ msisdn, state, at })),
})

/**
 * The numbers a snapshot suppresses, in no order, some more than once. `numbers` are those of its lists, in their order.
 * The same rule as `isSuppressed`, turned round: asked of all numbers at once.
 */
export function suppressedBy(
  { lists, entries }: SuppressionSnapshot,
  numbers: readonly Float64Array[],
): Float64Array {
  const single = entries.filter(({ state }) => state === 'suppressed').map(({ msisdn }) => Number(msisdn))
  const allowedAt = new Map<number, number>()
  for (const { msisdn, state, at } of entries) if (state === 'allowed') allowedAt.set(Number(msisdn), at)
  const suppressed = new Float64Array(numbers.reduce((sum, { length }) => sum + length, single.length))
  suppressed.set(single)
  let count = single.length
  for (const [n, { statedAt }] of lists.entries()) {
    for (const number of numbers[n]!) {
      const at = allowedAt.get(number)
      if (at === undefined || at <= statedAt) suppressed[count++] = number
    }
  }
  return suppressed.subarray(0, count)
}
