/** A row per recipient: what the fold of its page says of it, with the segments and receipts that it says it from. */
import { z } from '@hono/zod-openapi'
import type { PlannedMessage } from '../../shared/contracts/dispatch.ts'
import { type BatchKey, messageId } from '../../shared/ids.ts'
import type { RecipientFold, SegmentFold } from '../../shared/ledger/fold.ts'
import { STATUSES, type Status } from '../../shared/ledger/summary.ts'
import { type Explain, ReasonView, reasonView } from './reason-view.ts'
import { Instant, iso, isoOrNull, orNull } from './responses.ts'

export const ReceiptView = z
  .object({
    stat: z.string().meta({ description: 'The word as it came.' }),
    err: z.string(),
    doneAt: Instant.nullable().meta({ description: 'As the gateway dates it; for display.' }),
    arrivedAt: Instant,
  })
  .openapi('Receipt')

const SegmentView = z
  .object({
    part: z.int(),
    parts: z.int(),
    status: z.enum(STATUSES),
    messageId: z.string().nullable().meta({ description: 'Given by the gateway.' }),
    submittedAt: Instant.nullable(),
    resent: z.boolean().meta({ description: 'Submitted more than once: the subscriber may have it twice.' }),
    receipt: orNull(ReceiptView),
  })
  .openapi('Segment')

export const MessageView = z
  .object({
    id: z.string(),
    campaign: z.string(),
    to: z.string(),
    text: z.string(),
    status: z.enum(STATUSES),
    reason: orNull(ReasonView).meta({ description: 'Why it failed; null while it has not.' }),
    segments: z.array(SegmentView),
  })
  .openapi('Message')
export type MessageView = z.infer<typeof MessageView>

/** `untouched` is what a recipient is of whom no fact is known; `explain` knows the codes of the campaign's pool. */
export function messageView(
  key: BatchKey,
  planned: PlannedMessage,
  fold: RecipientFold,
  { untouched, explain }: { untouched: Status; explain: Explain },
): MessageView {
  const known = (status: Status): Status => (status === 'queued' ? untouched : status)
  return {
    id: messageId(key, planned.i),
    campaign: key.campaign,
    to: planned.to,
    text: planned.parts.join(''),
    status: known(fold.status),
    reason: fold.code === null ? null : reasonView(explain(fold.code)),
    segments: fold.segments.map((segment) => ({
      ...segmentView(segment, planned.parts.length),
      status: known(segment.status),
    })),
  }
}

function segmentView({ part, status, outcome, receipt, resent }: SegmentFold, parts: number) {
  const accepted = outcome?.[4] === 'accepted'
  const submitted = accepted || outcome?.[4] === 'unconfirmed' || outcome?.[4] === 'refused'
  return {
    part,
    parts,
    status,
    messageId: accepted ? outcome[5] : (receipt?.[3] ?? null),
    submittedAt: submitted ? isoOrNull(outcome[6] || null) : null,
    resent,
    receipt: receipt && {
      stat: receipt[4],
      err: receipt[5],
      doneAt: isoOrNull(receipt[6]),
      arrivedAt: iso(receipt[7]),
    },
  }
}
