/**
 * Finds the message of receipts that were kept aside because the worker that got them did not remember it (a restart,
 * another task's submit, a receipt before its response; design §4 "Receipt → message"). Pure.
 */
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { Awaited } from '../../shared/ledger/awaited.ts'
import type { ReceiptRow, UnplacedReceipt } from '../../shared/ledger/facts.ts'
import { type Agreement, numberAgreement } from '../../shared/ledger/number-agreement.ts'
import { alternateKeys, type IdMode, idKey } from '../../shared/smpp/message-id.ts'

/** Ids get reused: a receipt that arrived this long before its message was submitted is another message's. */
const EARLIEST_MS = 60_000

/** Everything these segments' receipts may be kept under on a route. */
export function keysToFind(awaited: readonly Awaited[], mode: IdMode): string[] {
  return [...new Set(awaited.flatMap(({ id }) => [idKey(id), ...receiptKeys(id, mode)]))]
}

/** `mode` says how receipts are written; from a response to its receipt the conversion runs the other way. */
function receiptKeys(id: string, mode: IdMode): string[] {
  return alternateKeys(id, mode === 'hex' ? 'dec' : mode === 'dec' ? 'hex' : mode)
}

/**
 * The receipts among `found` that belong to these segments, as rows of their page. A raw id decides unless the number
 * is another's (two routes of a pool may give the same id); a converted id only counts when the number agrees, and
 * only where the raw one found nothing.
 */
export function placeReceipts(
  awaited: readonly Awaited[],
  found: readonly UnplacedReceipt[],
  route: Pick<RouteConfig, 'idMode'>,
  numberOf: (batch: number, i: number) => string,
): ReceiptRow[] {
  const byKey = Map.groupBy(found, (receipt) => receipt.idKey)
  return awaited.flatMap((segment) => {
    const candidates = (keys: readonly string[], accept: ReadonlySet<Agreement>) =>
      keys
        .flatMap((key) => byKey.get(key) ?? [])
        .filter((receipt) => receipt.arrivedAt >= segment.submittedAt - EARLIEST_MS)
        .filter((receipt) => accept.has(numberAgreement(receipt.msisdn, numberOf(segment.batch, segment.i))))
    const raw = candidates([idKey(segment.id)], UNLESS_ANOTHERS)
    const own = raw.length > 0 ? raw : candidates(receiptKeys(segment.id, route.idMode), ONLY_SAME)
    return own.map((receipt) => rowOf(segment, receipt))
  })
}

const UNLESS_ANOTHERS: ReadonlySet<Agreement> = new Set(['same', 'unknown'])
const ONLY_SAME: ReadonlySet<Agreement> = new Set(['same'])

const rowOf = (segment: Awaited, receipt: UnplacedReceipt): ReceiptRow => [
  segment.batch,
  segment.i,
  segment.part,
  receipt.id,
  receipt.stat,
  receipt.err,
  receipt.doneAt,
  receipt.arrivedAt,
]
