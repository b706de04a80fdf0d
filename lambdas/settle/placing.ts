/**
 * Finds the message of receipts that were kept aside because the worker that got them did not remember it (a restart,
 * another task's submit, a receipt before its response; design §4 "Receipt → message"). Pure.
 */
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { Awaited } from '../../shared/ledger/awaited.ts'
import type { ReceiptRow, UnplacedReceipt } from '../../shared/ledger/facts.ts'
import { numberAgreement } from '../../shared/ledger/number-agreement.ts'
import { type Hit, IdForms } from '../../shared/smpp/id-form.ts'
import {
  type IdForm,
  type IdMode,
  idKey,
  type Reading,
  readings,
  receiptKeys,
} from '../../shared/smpp/message-id.ts'

/** Ids get reused: a receipt that arrived this long before its message was submitted is another message's. */
const EARLIEST_MS = 60_000

/** Everything these segments' receipts may be kept under on a route. */
export function keysToFind(awaited: readonly Awaited[], mode: IdMode): string[] {
  return [...new Set(awaited.flatMap(({ id }) => receiptKeys(id, mode)))]
}

/** Whether a receipt that arrived then, or any before it, may be for one of these segments. */
export const mayHaveArrived = (awaited: readonly Awaited[], lastArrivedAt: EpochMs): boolean =>
  awaited.some(({ submittedAt }) => isInTime(lastArrivedAt, submittedAt))

const isInTime = (arrivedAt: EpochMs, submittedAt: EpochMs) => arrivedAt >= submittedAt - EARLIEST_MS

/** A receipt with the segments each reading of its id names; more than one where a gateway gave an id to all parts. */
interface Question {
  receipt: UnplacedReceipt
  readings: readonly Reading[]
  hits: readonly (Hit & { segments: readonly Awaited[] })[]
}

/**
 * The receipts among `found` that belong to these segments, as rows of their page. They are judged as a worker judges
 * them (`id-form.ts`), by the form that those of them teach which leave no doubt. Nobody after this knows more, so where
 * a worker would leave it open, the id as it is decides: between several messages of one subscriber, and between two
 * receipts in different forms for one segment.
 */
export function placeReceipts(
  awaited: readonly Awaited[],
  found: readonly UnplacedReceipt[],
  route: Pick<RouteConfig, 'idMode'>,
  numberOf: (batch: number, i: number) => string,
): ReceiptRow[] {
  const byKey = Map.groupBy(awaited, ({ id }) => idKey(id))
  const questions = found.toSorted(byArrival).map((receipt): Question => {
    const all = readings(receipt.id, route.idMode)
    const hits = all.flatMap(({ form, key }) => {
      const named = (byKey.get(key) ?? []).filter((segment) => mayBe(receipt, segment, numberOf))
      const [first] = named
      if (!first) return []
      const agreement = numberAgreement(receipt.msisdn, numberOf(first.batch, first.i)) as Hit['agreement']
      return [{ form, agreement, segments: named }]
    })
    return { receipt, readings: all, hits }
  })
  const forms = learned(questions, route.idMode)
  const placed = questions.flatMap((question) => place(question, forms))
  const asItIs = new Set(placed.filter(({ form }) => form === 'raw').map(({ segment }) => segment))
  return placed
    .filter(({ form, segment }) => form === 'raw' || forms.known === form || !asItIs.has(segment))
    .map(({ segment, receipt }) => rowOf(segment, receipt))
}

/** Whatever order the ledger answered in: two settlers that found the same write the same slice. */
const byArrival = (a: UnplacedReceipt, b: UnplacedReceipt): number =>
  a.arrivedAt - b.arrivedAt || (a.idKey < b.idKey ? -1 : a.idKey > b.idKey ? 1 : 0)

function mayBe(
  receipt: UnplacedReceipt,
  segment: Awaited,
  numberOf: (batch: number, i: number) => string,
): boolean {
  if (!isInTime(receipt.arrivedAt, segment.submittedAt)) return false
  return numberAgreement(receipt.msisdn, numberOf(segment.batch, segment.i)) !== 'another'
}

function learned(questions: readonly Question[], mode: IdMode): IdForms {
  const forms = new IdForms(mode)
  forms.learnTogether(questions.flatMap(({ readings, hits }) => forms.judge(readings, hits).proves ?? []))
  return forms
}

function place(
  { receipt, readings, hits }: Question,
  forms: IdForms,
): { form: IdForm; segment: Awaited; receipt: UnplacedReceipt }[] {
  const { take } = forms.judge(readings, hits)
  const form = take === 'several' ? 'raw' : take
  const hit = hits.find((one) => one.form === form)
  return hit ? hit.segments.map((segment) => ({ form: hit.form, segment, receipt })) : []
}

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
