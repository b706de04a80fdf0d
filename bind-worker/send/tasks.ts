import type { PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { OutcomeKind, OutcomeRow } from '../../shared/ledger/facts.ts'
import type { HeldBatch } from '../intake/held-batch.ts'

/** One message on its way to the SMSC. */
export interface MessageTask {
  readonly batch: HeldBatch
  readonly message: PlannedMessage
  /** An owner before may have sent it: what goes now may be its second copy (policy resend). */
  readonly maySecond: boolean
  /** What is submitted of it; empty until it begins for the first time. */
  segments: SegmentTask[]
  /** Segments without an outcome. */
  openSegments: number
  /** Segments that reached the SMSC, or may have, or have their outcome: while there are any, it never begins again. */
  begunSegments: number
}

/** What one submit_sm carries: a part of a message, or all of it where long messages go out whole. */
export interface SegmentTask {
  readonly task: MessageTask
  /** Place among the segments of its message, from 0. */
  readonly index: number
  /** As facts name it: 1-based as in the UDH, 0 for all parts of a message that goes out whole. */
  readonly part: number
  /** Copies that may have reached the SMSC before this one. */
  readonly resends: number
  /** How far the fact has come that says that this copy goes; never asked for of a first one. */
  note: 'none' | 'writing' | 'durable'
  /** Refusals so far, of each kind that passes. */
  readonly tries: { throttled: number; queueFull: number; transient: number; fatal: number }
  /** When it was first written, among all segments of the worker; 0 before. Its place among those that go again. */
  order: number
  submittedAt: EpochMs
}

export function newMessageTask(batch: HeldBatch, message: PlannedMessage, maySecond: boolean): MessageTask {
  return { batch, message, maySecond, segments: [], openSegments: 0, begunSegments: 0 }
}

/** Cuts the message for the wire when it begins for the first time; how often its segments were refused outlives that. */
export function begin(task: MessageTask, longMessage: RouteConfig['longMessage']): void {
  if (task.segments.length > 0) return
  const { parts } = task.message
  const isWhole = longMessage === 'payload' && parts.length > 1
  task.segments = isWhole
    ? [segmentOf(task, 0, 0)]
    : parts.map((_, index) => segmentOf(task, index, index + 1))
  task.openSegments = task.segments.length
}

/** Another copy of a segment that was sent without a response; takes its place in the message. */
export function anotherCopy(segment: SegmentTask): SegmentTask {
  const copy = { ...segment, resends: segment.resends + 1, note: 'none', submittedAt: 0 } as const
  segment.task.segments[segment.index] = copy
  return copy
}

/**
 * The fact that ends a message of which this process sent nothing. What an owner before may have sent is unconfirmed,
 * whatever keeps us from sending it again.
 */
export function endOfUnsent(task: MessageTask, kind: OutcomeKind, reason: string, now: EpochMs): OutcomeRow {
  const { batch, message, maySecond } = task
  const said = maySecond ? (['unconfirmed', ''] as const) : ([kind, reason] as const)
  return [batch.key.batch, message.i, 0, message.parts.length, ...said, now, now]
}

/** What the segment counts for against the route's rate. */
export const tokensOf = ({ task, part }: SegmentTask): number => (part === 0 ? task.message.parts.length : 1)

function segmentOf(task: MessageTask, index: number, part: number): SegmentTask {
  const tries = { throttled: 0, queueFull: 0, transient: 0, fatal: 0 }
  return { task, index, part, resends: task.maySecond ? 1 : 0, note: 'none', tries, order: 0, submittedAt: 0 }
}
