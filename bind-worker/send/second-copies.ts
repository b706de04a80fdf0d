import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import { begin, type MessageTask, type SegmentTask } from './tasks.ts'

/** Messages of a batch of which the facts are written together: one commit for each would be slower than the wire. */
const NOTED_AT_ONCE = 20

export interface SecondCopiesOptions {
  writer: Pick<LedgerWriter, 'whenDurable'>
  longMessage: RouteConfig['longMessage']
  /** Writes the fact that another copy of the segment goes. */
  onCopy: (segment: SegmentTask) => void
  /** Copies may go that had to wait. */
  onNoted: () => void
}

/**
 * Policy resend: that another copy goes is a durable fact before it does. Of a process killed in between, a copy may be
 * counted that never went; none goes that is not counted.
 */
export class SecondCopies {
  readonly #o: SecondCopiesOptions

  constructor(options: SecondCopiesOptions) {
    this.#o = options
  }

  /** Whether the message may begin; when it must wait, those behind it in its batch are noted along with it. */
  mayBegin(task: MessageTask): boolean {
    if (!task.maySecond && task.segments.length === 0) return true
    if (this.areNoted(this.#segmentsOf(task))) return true
    for (const next of task.batch.waiting.slice(0, NOTED_AT_ONCE)) this.areNoted(this.#segmentsOf(next))
    return false
  }

  /** Whether all of these may go; of those that may not the facts are on their way. */
  areNoted(segments: readonly SegmentTask[]): boolean {
    let areAll = true
    for (const segment of segments) {
      if (segment.resends === 0 || segment.note === 'durable') continue
      areAll = false
      if (segment.note === 'none') this.#note(segment)
    }
    return areAll
  }

  #segmentsOf(task: MessageTask): readonly SegmentTask[] {
    if (task.maySecond) begin(task, this.#o.longMessage)
    return task.segments
  }

  #note(segment: SegmentTask): void {
    segment.note = 'writing'
    this.#o.onCopy(segment)
    this.#o.writer.whenDurable(() => {
      segment.note = 'durable'
      this.#o.onNoted()
    })
  }
}
