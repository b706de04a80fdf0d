import type { EpochMs } from '../../shared/ids.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'

/** How often a page's pending ids were looked up among unplaced receipts, and when they are next. */
export type LookupState = Pick<PageSummary, 'lookups' | 'nextLookupAt'>

export const NO_LOOKUPS: LookupState = { lookups: 0, nextLookupAt: null }

export function lookupDue(state: LookupState, now: EpochMs): boolean {
  return state.nextLookupAt !== null && state.nextLookupAt <= now
}

/**
 * The state after a fold. The first lookup comes `firstMs` after a page was first seen waiting, the following at
 * twice the wait each: most receipts come in seconds, the rest within hours, and a lookup reads every pending id.
 */
export function afterFold(
  state: LookupState,
  fold: { awaiting: boolean; lookedUp: boolean; now: EpochMs; firstMs: number },
): LookupState {
  const lookups = state.lookups + (fold.lookedUp ? 1 : 0)
  if (!fold.awaiting) return { lookups, nextLookupAt: null }
  if (state.nextLookupAt !== null && !fold.lookedUp) return { lookups, nextLookupAt: state.nextLookupAt }
  return { lookups, nextLookupAt: fold.now + fold.firstMs * 2 ** lookups }
}
