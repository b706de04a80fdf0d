import type { OutcomeKind } from '../../shared/ledger/facts.ts'
import type { Clock } from '../../shared/ports.ts'
import { idKey } from '../../shared/smpp/message-id.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import type { RememberedIds } from '../receipts/remembered-ids.ts'
import type { SegmentTask } from './tasks.ts'

/** Since the process began; what was sent again for want of a response counts with each copy. */
export interface OutcomeCounts {
  accepted: number
  refused: number
  unconfirmed: number
}

/** Writes down what became of a segment, and remembers its message id so that its receipt finds it. */
export class OutcomeRecorder {
  readonly #clock: Clock
  readonly #writer: LedgerWriter
  readonly #ids: RememberedIds
  readonly counts: OutcomeCounts = { accepted: 0, refused: 0, unconfirmed: 0 }

  constructor(options: { clock: Clock; writer: LedgerWriter; ids: RememberedIds }) {
    this.#clock = options.clock
    this.#writer = options.writer
    this.#ids = options.ids
  }

  accepted(segment: SegmentTask, messageId: string): void {
    const { task, part, submittedAt } = segment
    const { key } = task.batch
    const ref = { page: key, batch: key.batch, i: task.message.i, part, to: task.message.to, submittedAt }
    this.#ids.remember(idKey(messageId), ref)
    this.record(segment, 'accepted', messageId)
  }

  /** A segment that was never submitted counts as submitted when it ended. */
  record({ task, part, submittedAt }: SegmentTask, kind: OutcomeKind, idOrStatus: string): void {
    const { key } = task.batch
    const { i, parts } = task.message
    const now = this.#clock.now()
    if (kind === 'accepted' || kind === 'refused' || kind === 'unconfirmed') this.counts[kind]++
    this.#writer.outcome(key, [key.batch, i, part, parts.length, kind, idOrStatus, submittedAt || now, now])
  }
}
