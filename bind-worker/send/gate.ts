import { insideSendingHours, nextOpening } from '../../shared/dlt/sending-hours.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { HeldBatch, Withdrawal } from '../intake/held-batch.ts'
import type { MessageTask } from './tasks.ts'

/** How soon to look again whether a fence has moved: nothing else tells. */
const LOOK_AGAIN_MS = 100

export interface GateOptions {
  clock: Clock
  timing: Timing
  log: Log
  ledger: Ledger
  /** Messages reserved at a time. */
  reserveAhead: number
  onWithdraw: (batch: HeldBatch, withdrawal: Withdrawal) => void
  /** Somebody else has the claim. */
  onLost: (batch: HeldBatch) => void
  /** What kept a message back may be over at this moment (monotonic), or is over now. */
  onChange: (atMs: number | null, nowMs: number) => void
}

/**
 * Whether a message may begin now: within the lease's fence, before its expiry, inside sending hours, and reserved. A
 * batch that may not go is withdrawn, one whose next messages are not reserved yet has that asked for.
 */
export class Gate {
  readonly #o: GateOptions

  constructor(options: GateOptions) {
    this.#o = options
  }

  mayBegin(task: MessageTask, nowMs: number): boolean {
    const { batch, message } = task
    if (!this.#isWithinFence(batch, nowMs)) return false
    const { expiresAt, hours } = batch.dispatch.launch
    const now = this.#o.clock.now()
    if (now >= expiresAt) {
      this.#o.onWithdraw(batch, { kind: 'expire' })
      return false
    }
    if (!insideSendingHours(hours, now)) {
      this.#o.onWithdraw(batch, { kind: 'park', reason: 'hours', notBefore: nextOpening(hours, now) })
      return false
    }
    if (batch.isReserved(message.i)) return true
    if (!batch.reserving) void this.#reserve(batch)
    return false
  }

  /** A message under way is finished; one that was refused as a whole begins anew, and only if it still may. */
  mayGoOn(task: MessageTask, nowMs: number): boolean {
    return task.begunSegments === 0 ? this.mayBegin(task, nowMs) : this.#isWithinFence(task.batch, nowMs)
  }

  /** Past the fence of its lease nothing of a batch is written. */
  #isWithinFence(batch: HeldBatch, nowMs: number): boolean {
    if (nowMs < batch.fenceAtMs) return true
    this.#o.onChange(nowMs + LOOK_AGAIN_MS, nowMs)
    return false
  }

  async #reserve(batch: HeldBatch): Promise<void> {
    const { ledger, log, clock, timing } = this.#o
    batch.reserving = true
    const bits = batch.reservation(this.#o.reserveAhead)
    try {
      if (await ledger.reserve(batch.hold, bits)) batch.noteReserved(bits)
      else this.#o.onLost(batch)
    } catch (cause) {
      log.warn('reservation not made yet', { ...batch.key, cause: String(cause) })
      await clock.sleep(timing.retryBaseMs)
    }
    batch.reserving = false
    this.#o.onChange(null, clock.monotonicMs())
  }
}
