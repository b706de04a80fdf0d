import type { DispatchBatch } from '../../shared/contracts/dispatch.ts'
import type { DispatchQueueName } from '../../shared/contracts/wiring.ts'
import type { BatchKey, EpochMs } from '../../shared/ids.ts'
import type { Claim, ParkReason } from '../../shared/ledger/facts.ts'
import type { Hold } from '../../shared/ports.ts'
import { type MessageTask, newMessageTask } from '../send/tasks.ts'

/** A copy of a batch as it came from SQS. */
export interface Copy {
  queue: DispatchQueueName
  receipt: string
  body: string
}

/** Why the messages of a batch that have not begun are not to be sent by us, now. */
export type Withdrawal =
  | { kind: 'release' }
  | { kind: 'park'; reason: ParkReason; notBefore: EpochMs }
  | { kind: 'cancel' }
  | { kind: 'expire' }

/**
 * A batch this process holds the claim of. Its messages wait, are sent, and end here; what becomes of the claim and
 * the SQS copy is decided once, when none of them is on its way any more (see `finisher.ts`).
 */
export class HeldBatch {
  readonly key: BatchKey
  readonly dispatch: DispatchBatch
  /** As it was granted; what was reserved since is not in it. */
  readonly claim: Claim
  readonly hold: Hold
  readonly queue: DispatchQueueName
  /** Receipt handles of every copy seen; all are deleted when the batch ends. */
  readonly copies: string[]
  /** Messages nothing was written of, in order. */
  waiting: MessageTask[]
  /** Messages refused for a passing reason too often to wait for here. */
  readonly deferred: MessageTask[] = []
  /** Messages begun and not ended. */
  sending = 0
  /** `1` per message that may have been written, here or by an owner before. */
  readonly #reserved: string[]
  /** Set while a reservation is on its way to the ledger. */
  reserving = false
  withdrawal: Withdrawal | null = null
  /** The claim is somebody else's, or may be: nothing more is written, neither to the wire nor to the claim. */
  lost = false
  /** Set once its end has been decided. */
  closing = false
  /** By the monotonic clock: nothing may be written after it unless the lease was renewed. */
  fenceAtMs: number

  constructor(options: {
    dispatch: DispatchBatch
    claim: Claim
    copy: Copy
    /** Messages to send: by index in the batch. */
    toSend: ReadonlySet<number>
    /** Those of them that an owner before may have sent. */
    maySecond?: ReadonlySet<number>
    fenceAtMs: number
  }) {
    const { campaign, page, batch, owner, gen, reserved } = options.claim
    this.key = { campaign, page, batch }
    this.dispatch = options.dispatch
    this.claim = options.claim
    this.hold = { ...this.key, owner, gen }
    this.queue = options.copy.queue
    this.copies = [options.copy.receipt]
    this.#reserved = [...reserved]
    this.fenceAtMs = options.fenceAtMs
    this.waiting = options.dispatch.line.messages
      .filter((message) => options.toSend.has(message.i))
      .map((message) => newMessageTask(this, message, options.maySecond?.has(message.i) ?? false))
  }

  /** Takes a waiting message out, which then is not sent; false when it does not wait. */
  take(task: MessageTask): boolean {
    const at = this.waiting.indexOf(task)
    if (at >= 0) this.waiting.splice(at, 1)
    return at >= 0
  }

  isReserved(i: number): boolean {
    return this.#reserved[i] === '1'
  }

  /** The bits with those of the next `count` waiting messages set: what to ask the ledger for before sending them. */
  reservation(count: number): string {
    const bits = [...this.#reserved]
    for (const task of this.waiting.slice(0, count)) bits[task.message.i] = '1'
    return bits.join('')
  }

  noteReserved(bits: string): void {
    for (let i = 0; i < bits.length; i++) if (bits[i] === '1') this.#reserved[i] = '1'
  }

  /** Messages that are not sent by us, for now or at all. */
  get unsent(): MessageTask[] {
    return [...this.deferred, ...this.waiting]
  }

  /** The bits to leave behind: those of messages of which nothing can have reached the SMSC are cleared. */
  bitsToLeave(): string {
    const bits = [...this.#reserved]
    for (const task of this.unsent) if (!task.maySecond) bits[task.message.i] = '0'
    return bits.join('')
  }

  /** Whether none of its messages is on its way, and none will be sent by us. */
  get quiet(): boolean {
    return this.sending === 0 && (this.waiting.length === 0 || this.withdrawal !== null || this.lost)
  }
}
