import type { DispatchBatch, PlanLine, PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { Claim, OutcomeRow, PageFacts } from '../../shared/ledger/facts.ts'

export interface Recovery {
  /** Indexes of messages to send: nothing of them was ever reserved, or they are in `maySecond`. */
  toSend: Set<number>
  /** Those of them that may have been sent before: policy resend. */
  maySecond: Set<number>
  /** Facts to append for what an owner before may have sent without learning the answer. */
  outcomes: OutcomeRow[]
}

/**
 * What a new owner may send of a batch somebody held before (design: claim, lease, reservation). Bit clear → send;
 * bit set with an outcome or a receipt for a part → that part is done; bit set with neither → the part may have been
 * sent: under policy hold it is `unconfirmed`, never sent again. Under policy resend the message goes again when none
 * of its parts is known; one that is known in part is not begun anew, because all parts go over one bind.
 */
export function recover(
  { line, launch: { policy } }: Pick<DispatchBatch, 'line' | 'launch'>,
  before: Claim,
  facts: PageFacts,
  now: EpochMs,
): Recovery {
  const known = knownParts(line.batch, facts)
  const recovery: Recovery = { toSend: new Set(), maySecond: new Set(), outcomes: [] }
  for (const message of line.messages) {
    const parts = known.get(message.i)
    const reserved = before.reserved[message.i] === '1'
    if (parts === undefined && (!reserved || policy === 'resend')) {
      recovery.toSend.add(message.i)
      if (reserved) recovery.maySecond.add(message.i)
    } else recovery.outcomes.push(...unconfirmedParts(line, message, parts ?? new Set(), now))
  }
  return recovery
}

/** Parts of each message of the batch that have an outcome or a receipt; 0 stands for all of them. */
function knownParts(batch: number, facts: PageFacts): Map<number, Set<number>> {
  const known = new Map<number, Set<number>>()
  for (const slice of facts.slices) {
    for (const row of slice.rows) {
      if (row[0] !== batch || row[4] === 'resent') continue
      const parts = known.get(row[1]) ?? new Set()
      parts.add(row[2])
      known.set(row[1], parts)
    }
  }
  return known
}

function unconfirmedParts(
  line: PlanLine,
  message: PlannedMessage,
  known: ReadonlySet<number>,
  now: EpochMs,
): OutcomeRow[] {
  if (known.has(0)) return []
  const rows: OutcomeRow[] = []
  for (let part = 1; part <= message.parts.length; part++) {
    if (known.has(part)) continue
    rows.push([line.batch, message.i, part, message.parts.length, 'unconfirmed', '', now, now])
  }
  return rows
}
