import { z } from 'zod'
import { type EpochMs, Msisdn } from '../ids.ts'

/** What was last said of one number: it gets nothing of this tenant any more, or it does again. */
export const SuppressionEntry = z.object({
  msisdn: Msisdn,
  state: z.enum(['suppressed', 'allowed']),
  /** `stop` and `start`: the subscriber sent that word; `api`: the tenant said so. */
  reason: z.enum(['stop', 'start', 'api']),
  /** When it was said, not when it was written down. */
  at: z.number().int(),
  note: z.string().max(200).nullable(),
})
export type SuppressionEntry = z.infer<typeof SuppressionEntry>

/**
 * So long a statement is in the log at least. Campaigns wait for weeks, not for months; whoever asks about more must read
 * the entries themselves.
 */
export const STATEMENT_LOG_DAYS = 90

/**
 * Grows with the time of a statement: of two on the same number the greater one stands, in whatever order they arrive.
 * Of two of the same millisecond the one that suppresses is greater.
 */
export const statementOrder = ({ at, state }: Pick<SuppressionEntry, 'at' | 'state'>): number =>
  at * 2 + (state === 'suppressed' ? 1 : 0)

/**
 * Whether a number is suppressed by what was said of it last: on its own, or by a list. `listedAt` is when the latest
 * of the lists that hold it was stated, null when none does.
 */
export function isSuppressed(entry: SuppressionEntry | null, listedAt: EpochMs | null): boolean {
  if (entry === null) return listedAt !== null
  return entry.state === 'suppressed' || (listedAt !== null && listedAt >= entry.at)
}
