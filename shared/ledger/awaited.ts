import type { EpochMs } from '../ids.ts'
import type { RecipientFold } from './fold.ts'
import { PENDING } from './summary.ts'

/** A segment that was accepted and whose final receipt has not come. */
export interface Awaited {
  batch: number
  i: number
  /** 1-based. */
  part: number
  /** As submit_sm_resp gave it; empty when only an interim receipt proves that it was accepted. */
  id: string
  submittedAt: EpochMs
}

/** What recipients still wait for. Segments of recipients whose status is already decided are not waited for. */
export function awaitedReceipts(recipients: Iterable<RecipientFold>): Awaited[] {
  const awaited: Awaited[] = []
  for (const { batch, i, status, segments } of recipients) {
    if (!PENDING.has(status)) continue
    for (const { part, status: segment, outcome, receipt, otherCopies } of segments) {
      if (segment !== 'sent') continue
      const accepted = outcome?.[4] === 'accepted' ? outcome : null
      const at = { batch, i, part }
      awaited.push({ ...at, id: accepted?.[5] ?? '', submittedAt: accepted?.[6] ?? receipt?.[7] ?? 0 })
      for (const [, , , , , id, submittedAt] of otherCopies) awaited.push({ ...at, id, submittedAt })
    }
  }
  return awaited
}
