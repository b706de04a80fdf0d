import type { PlanLine, PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { Claim, OutcomeRow, PageFacts } from '../../shared/ledger/facts.ts'

export interface Recovery {
  /** Indexes of messages that may be sent: nothing of them was ever reserved. */
  toSend: Set<number>
  /** Facts to append for what an owner before may have sent without learning the answer. */
  outcomes: OutcomeRow[]
}

/**
 * What a new owner may send of a batch somebody held before (design: claim, lease, reservation). Bit clear → send;
 * bit set with an outcome or a receipt for a part → that part is done; bit set with neither → the part may have been
 * sent, and under policy hold it is `unconfirmed`, never sent again.
 */
export function recover(line: PlanLine, before: Claim, facts: PageFacts, now: EpochMs): Recovery {
  const known = knownParts(line.batch, facts)
  const recovery: Recovery = { toSend: new Set(), outcomes: [] }
  for (const message of line.messages) {
    const parts = known.get(message.i)
    const reserved = before.reserved[message.i] === '1'
    if (!reserved && parts === undefined) recovery.toSend.add(message.i)
    else recovery.outcomes.push(...unconfirmedParts(line, message, parts ?? new Set(), now))
  }
  return recovery
}

/** Parts of each message of the batch that have an outcome or a receipt; 0 stands for all of them. */
function knownParts(batch: number, facts: PageFacts): Map<number, Set<number>> {
  const known = new Map<number, Set<number>>()
  for (const slice of facts.slices) {
    for (const row of slice.rows) {
      if (row[0] !== batch) continue
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
