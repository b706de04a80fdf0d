import { z } from 'zod'
import { Ulid } from '../ids.ts'
import { decodeEntries, encodeEntries, type PackedEntries } from './entry-format.ts'
import type { LoadedList } from './list.ts'

/**
 * What a check held the rows of an upload against, as it lies in the plan: a check that was killed and starts again must
 * come to the same plan, whatever was said meanwhile.
 */
const SnapshotText = z.object({
  v: z.literal(2),
  lists: z.array(z.object({ id: Ulid, digest: z.string(), statedAt: z.number().int() })),
  /** As `entry-format.ts` has them, in base64. */
  entries: z.string(),
})

export interface SuppressionSnapshot {
  lists: readonly Pick<LoadedList, 'id' | 'digest' | 'statedAt'>[]
  entries: PackedEntries
}

export function writeSnapshot({ lists, entries }: SuppressionSnapshot): string {
  const text: z.infer<typeof SnapshotText> = {
    v: 2,
    lists: lists.map(({ id, digest, statedAt }) => ({ id, digest, statedAt })),
    entries: Buffer.from(encodeEntries(entries)).toString('base64'),
  }
  return JSON.stringify(text)
}

/** @throws EntriesDamaged */
export function readSnapshot(text: string): SuppressionSnapshot {
  const { lists, entries } = SnapshotText.parse(JSON.parse(text))
  return { lists, entries: decodeEntries(Buffer.from(entries, 'base64')) }
}

/**
 * The numbers that lists and single entries suppress, in no order, some more than once. The same rule as `isSuppressed`,
 * turned round: asked of all numbers at once.
 */
export function suppressedBy(
  lists: readonly { statedAt: number; numbers: Float64Array }[],
  { suppressed: single, allowed, allowedAt }: PackedEntries,
): Float64Array {
  const listed = lists.reduce((sum, { numbers }) => sum + numbers.length, 0)
  const suppressed = new Float64Array(single.length + listed)
  suppressed.set(single)
  let count = single.length
  for (const { statedAt, numbers } of lists) {
    // Both ascend.
    let next = 0
    for (const number of numbers) {
      while (allowed[next]! < number) next++
      if (allowed[next] !== number || allowedAt[next]! <= statedAt) suppressed[count++] = number
    }
  }
  return suppressed.subarray(0, count)
}
