import type { PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { HeldBatch } from '../intake/held-batch.ts'

/**
 * One message on its way. `waiting`: nothing of it was written. `sending`: it belongs to a bind. `deferred`: every
 * attempt was refused for a passing reason; it goes when the batch is fed again. `ended`: each part has its outcome.
 */
export interface MessageTask {
  readonly batch: HeldBatch
  readonly message: PlannedMessage
  state: 'waiting' | 'sending' | 'deferred' | 'ended'
  /** Parts without an outcome. */
  openParts: number
  /** Parts that reached the SMSC, or may have, or have their outcome: while there are any, it never begins again. */
  begunParts: number
}

/** One part of a message, the unit of submit_sm. */
export interface SegmentTask {
  readonly task: MessageTask
  /** 1-based, as in the UDH. */
  readonly part: number
  /** Refusals so far, of each kind that passes. */
  queueFullTries: number
  transientTries: number
  submittedAt: EpochMs
}

export function newMessageTask(batch: HeldBatch, message: PlannedMessage): MessageTask {
  return { batch, message, state: 'waiting', openParts: message.parts.length, begunParts: 0 }
}

export function segmentsOf(task: MessageTask): SegmentTask[] {
  return task.message.parts.map((_, index) => ({
    task,
    part: index + 1,
    queueFullTries: 0,
    transientTries: 0,
    submittedAt: 0,
  }))
}
