import type { StatusClass } from '../../shared/smpp/status-class.ts'
import type { Timing } from '../../shared/timing.ts'
import type { SegmentTask } from './tasks.ts'

/** Operators ask for three to five tries of a full queue, at the end of the line (facts C4). */
const QUEUE_FULL_TRIES = 4
/** Short retries of a temporary fault, before the message is put off until the batch is fed again. */
const TRANSIENT_TRIES = 3
/**
 * A message first in line after every pause stops its bind for good when the SMSC never takes it. So many pauses are
 * minutes; by then the fault is the message's, or it may as well wait elsewhere.
 */
const THROTTLED_TRIES = 10
/** A bind opened anew for the same message so often is not what was wrong. */
const FATAL_TRIES = 2

/** What to do with a segment the SMSC did not take. */
export type Verdict =
  | { kind: 'refuse' }
  /** The bind is to slow down: it pauses, then sends this before anything else. */
  | { kind: 'pause'; pauseMs: number }
  /** Again after `afterMs`, first or last of what waits; the bind pauses for `pauseMs`, which may be 0. */
  | { kind: 'retry'; place: 'first' | 'last'; afterMs: number; pauseMs: number }
  /** Not again now; the feeder brings the batch back. */
  | { kind: 'defer' }
  /** The bind itself is refused: open it anew, and send this again. */
  | { kind: 'rebind' }

/** Counts the try on the segment. 0x58 pauses and goes first; 0x14 goes last, a few times (design §7). */
export function verdict(statusClass: StatusClass, { tries }: SegmentTask, timing: Timing): Verdict {
  switch (statusClass) {
    case 'throttled':
      if (++tries.throttled > THROTTLED_TRIES) return { kind: 'defer' }
      return { kind: 'pause', pauseMs: timing.throttlePauseMs }
    case 'queueFull':
      if (++tries.queueFull > QUEUE_FULL_TRIES) return { kind: 'refuse' }
      // Its queue is full for others too: without the pause they would use up their tries on it.
      return {
        kind: 'retry',
        place: 'last',
        afterMs: doubling(timing, tries.queueFull),
        pauseMs: timing.retryBaseMs,
      }
    case 'transient':
      if (++tries.transient > TRANSIENT_TRIES) return { kind: 'defer' }
      return { kind: 'retry', place: 'first', afterMs: doubling(timing, tries.transient), pauseMs: 0 }
    case 'fatal':
      if (++tries.fatal > FATAL_TRIES) return { kind: 'defer' }
      return { kind: 'rebind' }
    default:
      return { kind: 'refuse' }
  }
}

const doubling = (timing: Timing, nth: number): number => timing.retryBaseMs * 2 ** (nth - 1)
