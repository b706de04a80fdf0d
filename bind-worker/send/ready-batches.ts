import { LANES, type Lane } from '../../shared/contracts/route.ts'
import type { HeldBatch } from '../intake/held-batch.ts'
import type { MessageTask } from './tasks.ts'

/** Whether the next message of a batch may begin now; else it stays where it is. */
type MayBegin = (next: MessageTask) => boolean

/**
 * Whose turn comes first, of twenty. Urgency decides the others, so an OTP waits for nobody, and yet every lane that
 * has something to send gets at least its floor: one message in ten for service, one in twenty for promotional.
 */
const TURNS = 20
const FIRST_AT: Partial<Record<number, Lane>> = { 0: 'promotional', 5: 'service', 15: 'service' }

/** Held batches with messages that have not begun, in order of lane and arrival. */
export class ReadyBatches {
  readonly #lanes: Record<Lane, HeldBatch[]> = { otp: [], service: [], promotional: [] }
  #turn = 0

  add(batch: HeldBatch): void {
    const lane = this.#lanes[batch.dispatch.line.lane]
    if (!lane.includes(batch)) lane.push(batch)
  }

  /** Takes the next message that may begin out of its batch. */
  next(mayBegin: MayBegin): MessageTask | undefined {
    const first = FIRST_AT[this.#turn]
    const task = (first && this.#nextOf(first, mayBegin)) ?? this.#nextByUrgency(mayBegin)
    if (task) this.#turn = (this.#turn + 1) % TURNS
    return task
  }

  #nextByUrgency(mayBegin: MayBegin): MessageTask | undefined {
    for (const lane of LANES) {
      const task = this.#nextOf(lane, mayBegin)
      if (task) return task
    }
    return undefined
  }

  #nextOf(name: Lane, mayBegin: MayBegin): MessageTask | undefined {
    const lane = this.#lanes[name]
    for (let at = 0; at < lane.length; at++) {
      const batch = lane[at]!
      const task = batch.waiting[0]
      if (!task || batch.lost || batch.withdrawal) {
        lane.splice(at--, 1)
        continue
      }
      if (mayBegin(task)) return batch.waiting.shift()
    }
    return undefined
  }

  /** Messages that have not begun. */
  waiting(lane: Lane): number {
    return this.#lanes[lane].reduce((sum, batch) => sum + (batch.withdrawal ? 0 : batch.waiting.length), 0)
  }
}
