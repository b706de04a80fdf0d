import type { StatusClass } from '../../shared/smpp/status-class.ts'
import type { Timing } from '../../shared/timing.ts'
import type { SegmentTask } from './tasks.ts'

/** Operators ask for three to five tries of a full queue, at the end of the line (facts C4). */
const QUEUE_FULL_TRIES = 4
/** Short retries of a temporary fault, before the message is put off until the batch is fed again. */
const TRANSIENT_TRIES = 3

/** What to do with a segment the SMSC did not take. */
export type Verdict =
  | { kind: 'refuse' }
  /** Again on this bind once the pause is over: before anything else, or after what waits already. */
  | { kind: 'retry'; place: 'first' | 'last'; pauseMs: number }
  /** Not again now; the feeder brings the batch back. */
  | { kind: 'defer' }
  /** The bind itself is refused: open it anew, and send this again. */
  | { kind: 'rebind' }

/** Counts the try on the segment. 0x58 pauses and goes first; 0x14 goes last, a few times (design §7). */
export function verdict(statusClass: StatusClass, segment: SegmentTask, timing: Timing): Verdict {
  switch (statusClass) {
    case 'throttled':
      return { kind: 'retry', place: 'first', pauseMs: timing.throttlePauseMs }
    case 'queueFull':
      if (++segment.queueFullTries > QUEUE_FULL_TRIES) return { kind: 'refuse' }
      return { kind: 'retry', place: 'last', pauseMs: timing.retryBaseMs }
    case 'transient':
      if (++segment.transientTries > TRANSIENT_TRIES) return { kind: 'defer' }
      return {
        kind: 'retry',
        place: 'first',
        pauseMs: timing.retryBaseMs * 2 ** (segment.transientTries - 1),
      }
    case 'fatal':
      return { kind: 'rebind' }
    default:
      return { kind: 'refuse' }
  }
}
