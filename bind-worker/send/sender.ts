import type { RouteConfig } from '../../shared/contracts/route.ts'
import { insideSendingHours, nextOpening } from '../../shared/dlt/sending-hours.ts'
import type { OutcomeKind } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import { classify } from '../../shared/smpp/status-class.ts'
import type { Timing } from '../../shared/timing.ts'
import type { HeldBatch, Withdrawal } from '../intake/held-batch.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import type { TokenBucket } from '../pacing/token-bucket.ts'
import type { RememberedIds } from '../receipts/remembered-ids.ts'
import type { Link } from './link.ts'
import { OutcomeRecorder } from './outcome-recorder.ts'
import { ReadyBatches } from './ready-batches.ts'
import { type MessageTask, type SegmentTask, segmentsOf } from './tasks.ts'
import { verdict } from './verdict.ts'
import { WakeUp } from './wake-up.ts'

/** Facts not durable at which sending pauses: a slow ledger slows the wire, it does not fill memory. */
const MAX_BACKLOG_ROWS = 20_000

/** How soon to look again whether a fence has moved, or a slow ledger has caught up: nothing else tells the sender. */
const LOOK_AGAIN_MS = 100

export interface SenderOptions {
  route: RouteConfig
  clock: Clock
  timing: Timing
  log: Log
  ledger: Ledger
  writer: LedgerWriter
  ids: RememberedIds
  bucket: TokenBucket
  /** Messages reserved at a time. */
  reserveAhead: number
  encode: (segment: SegmentTask) => Buffer
  /** Called when nothing of a batch is on its way any more. */
  onQuiet: (batch: HeldBatch) => void
  /** Called when messages began: there may be room for more batches. */
  onTaken: () => void
}

/**
 * Moves messages from held batches over the binds of the route.
 *
 * A message begins on the bind that has room; from then on its parts belong to that bind and go out back to back. A
 * part ends with an outcome: accepted or refused by its response, unconfirmed when none came. A part refused for a
 * passing reason goes again (see `verdict.ts`). When a bind is lost, what it had written is unconfirmed; of what it
 * had not, the rest of a message already begun ends as `multipart_cut`, and a message of which nothing reached the
 * SMSC waits for another bind.
 */
export class Sender {
  readonly #o: SenderOptions
  readonly #links: Link[] = []
  readonly ready = new ReadyBatches()
  readonly #recorder: OutcomeRecorder
  readonly #wakeUp = new WakeUp(() => this.#pump())
  #stopped = false

  constructor(options: SenderOptions) {
    this.#o = options
    this.#recorder = new OutcomeRecorder(options)
  }

  addLink(link: Link): void {
    this.#links.push(link)
  }

  add(batch: HeldBatch): void {
    this.ready.add(batch)
    this.kick()
  }

  /** Something changed that may let a segment go; cheap to call often. */
  kick(): void {
    this.#wakeUp.soon()
  }

  /** Begins no further message; parts of those begun still go out. */
  stop(): void {
    this.#stopped = true
  }

  /** Keeps the messages of a batch of which nothing reached the SMSC from going. The first reason stands. */
  withdraw(batch: HeldBatch, withdrawal: Withdrawal): void {
    batch.withdrawal ??= withdrawal
    for (const link of this.#links) this.#recall(link, (task) => task.batch === batch)
    this.#checkQuiet(batch)
  }

  /** Leaves no timer behind. */
  destroy(): void {
    this.#stopped = true
    this.#wakeUp.close()
  }

  onResponse(link: Link, segment: SegmentTask, status: number, messageId: string): void {
    if (status !== 0) this.#notTaken(link, segment, status)
    else {
      this.#recorder.accepted(segment, messageId)
      this.#closePart(segment.task)
    }
    this.kick()
  }

  /** Policy hold: what was sent without a response is never sent again. */
  onTimeout(segment: SegmentTask): void {
    this.#end(segment, 'unconfirmed', '')
    this.kick()
  }

  /** The segment ended as unconfirmed; the response says more. Facts outrank each other, so it is simply added. */
  onLateResponse(segment: SegmentTask, status: number, messageId: string): void {
    if (status === 0) this.#recorder.accepted(segment, messageId)
    else this.#recorder.record(segment, 'refused', String(status))
  }

  onClosed(link: Link, unanswered: readonly SegmentTask[]): void {
    for (const segment of unanswered) this.#end(segment, 'unconfirmed', '')
    this.#recall(link, () => true)
    for (const segment of link.remove(() => true)) this.#end(segment, 'refused', 'multipart_cut')
    this.kick()
  }

  #pump(): void {
    for (let moved = true; moved; ) {
      moved = false
      for (const link of this.#links) if (this.#step(link)) moved = true
    }
  }

  /** Sends one segment over the link; false when none can go now. */
  #step(link: Link): boolean {
    const nowMs = this.#o.clock.monotonicMs()
    if (!link.port.canSubmit) return false
    if (this.#o.writer.backlog > MAX_BACKLOG_ROWS) return this.#wakeAt(nowMs + LOOK_AGAIN_MS, nowMs)
    if (link.pausedUntilMs > nowMs) return this.#wakeAt(link.pausedUntilMs, nowMs)
    const waitMs = this.#o.bucket.msUntil(nowMs)
    if (waitMs > 0) return this.#wakeAt(nowMs + waitMs, nowMs)
    const segment = this.#nextSegment(link, nowMs)
    if (!segment) return false
    const { task } = segment
    segment.submittedAt = this.#o.clock.now()
    if (segment.submittedAt >= task.batch.dispatch.launch.expiresAt)
      return this.#endUnsent(segment, 'lapsed', '')
    const octets = this.#encoded(segment)
    if (octets === null) return this.#endUnsent(segment, 'refused', 'not_encodable')
    if (link.port.submit(octets, segment) === null) {
      link.putFirst(segment)
      return false
    }
    this.#o.bucket.tryTake(nowMs)
    task.begunParts++
    return true
  }

  /** Null for a part of a defective plan: it must not end the process, and with it what else is held. */
  #encoded(segment: SegmentTask): Buffer | null {
    try {
      return this.#o.encode(segment)
    } catch (cause) {
      const { batch, message } = segment.task
      this.#o.log.error('part cannot be encoded', { ...batch.key, i: message.i, cause: String(cause) })
      return null
    }
  }

  /** The line of the bind first; else a message begins. Past the fence of its lease nothing of a batch is written. */
  #nextSegment(link: Link, nowMs: number): SegmentTask | undefined {
    if (link.first) return this.#mayGoOn(link.first.task, nowMs) ? link.next() : undefined
    if (this.#stopped) return undefined
    const task = this.ready.next((batch, next) => this.#gate(batch, next, nowMs))
    if (!task) return undefined
    task.state = 'sending'
    task.batch.sending++
    this.#o.onTaken()
    const [first, ...rest] = segmentsOf(task)
    link.putFirst(...rest)
    return first
  }

  /** A message under way is finished; one that was refused as a whole begins anew, and only if it still may. */
  #mayGoOn(task: MessageTask, nowMs: number): boolean {
    if (task.begunParts === 0) return this.#gate(task.batch, task, nowMs) === 'go'
    return this.#isWithinFence(task.batch, nowMs)
  }

  #isWithinFence(batch: HeldBatch, nowMs: number): boolean {
    if (nowMs < batch.fenceAtMs) return true
    this.#wakeAt(nowMs + LOOK_AGAIN_MS, nowMs)
    return false
  }

  #gate(batch: HeldBatch, next: MessageTask, nowMs: number): 'go' | 'skip' {
    if (!this.#isWithinFence(batch, nowMs)) return 'skip'
    const { expiresAt, hours } = batch.dispatch.launch
    const now = this.#o.clock.now()
    if (now >= expiresAt) {
      this.withdraw(batch, { kind: 'expire' })
      return 'skip'
    }
    if (!insideSendingHours(hours, now)) {
      this.withdraw(batch, { kind: 'park', reason: 'hours', notBefore: nextOpening(hours, now) })
      return 'skip'
    }
    if (batch.isReserved(next.message.i)) return 'go'
    if (!batch.reserving) void this.#reserve(batch)
    return 'skip'
  }

  async #reserve(batch: HeldBatch): Promise<void> {
    batch.reserving = true
    const bits = batch.reservation(this.#o.reserveAhead)
    try {
      if (await this.#o.ledger.reserve(batch.hold, bits)) batch.noteReserved(bits)
      else this.lose(batch)
    } catch (cause) {
      this.#o.log.warn('reservation not made yet', { ...batch.key, cause: String(cause) })
      await this.#o.clock.sleep(this.#o.timing.retryBaseMs)
    }
    batch.reserving = false
    this.kick()
  }

  /** Somebody else has the claim: nothing more of the batch is written. */
  lose(batch: HeldBatch): void {
    batch.lost = true
    this.#o.log.warn('claim lost to another owner', { ...batch.key })
    for (const link of this.#links) this.#abandon(link)
    this.#checkQuiet(batch)
  }

  /** Takes segments of lost batches out of the line without an outcome: the new owner decides them. */
  #abandon(link: Link): void {
    for (const segment of link.remove((task) => task.batch.lost)) this.#closePart(segment.task)
  }

  #notTaken(link: Link, segment: SegmentTask, status: number): void {
    const { task } = segment
    const decided = verdict(classify(status, this.#o.route.statusOverrides).class, segment, this.#o.timing)
    switch (decided.kind) {
      case 'refuse':
        return this.#end(segment, 'refused', String(status))
      case 'defer':
        if (task.begunParts > 1) return this.#end(segment, 'refused', String(status))
        task.begunParts = 0
        return this.#defer(link, task)
      case 'retry':
        link.pausedUntilMs = Math.max(link.pausedUntilMs, this.#o.clock.monotonicMs() + decided.pauseMs)
        return this.#lineUp(link, segment, decided.place)
      case 'rebind':
        this.#lineUp(link, segment, 'first')
        return link.port.rebind(`submit_sm_resp ${status}`)
    }
  }

  /** Has a refused part wait for its bind, unless its batch was lost or withdrawn meanwhile. */
  #lineUp(link: Link, segment: SegmentTask, place: 'first' | 'last'): void {
    const { task } = segment
    task.begunParts--
    if (place === 'first') link.putFirst(segment)
    else link.putLast(segment)
    if (task.batch.lost) this.#abandon(link)
    else if (task.batch.withdrawal) this.#recall(link, (other) => other === task)
  }

  /** Puts the whole message off: its other parts, if any, were not written or were refused too. */
  #defer(link: Link, task: MessageTask): void {
    link.remove((other) => other === task)
    task.state = 'deferred'
    task.batch.deferred.push(task)
    task.batch.sending--
    this.#checkQuiet(task.batch)
  }

  /** Takes messages of which nothing reached the SMSC out of the line of a bind: they may go another way, or not at all. */
  #recall(link: Link, which: (task: MessageTask) => boolean): void {
    const recalled = link.remove((task) => task.begunParts === 0 && which(task))
    const tasks = new Set(recalled.map((segment) => segment.task))
    for (const task of [...tasks].reverse()) this.#putBack(task)
    if (tasks.size > 0) this.kick()
  }

  #putBack(task: MessageTask): void {
    task.state = 'waiting'
    task.batch.sending--
    task.batch.waiting.unshift(task)
    this.ready.add(task.batch)
    this.#checkQuiet(task.batch)
  }

  /** Ends a part that will not be written: as with any ended part, its message cannot begin anew. */
  #endUnsent(segment: SegmentTask, kind: OutcomeKind, idOrStatus: string): true {
    segment.task.begunParts++
    this.#end(segment, kind, idOrStatus)
    return true
  }

  #end(segment: SegmentTask, kind: OutcomeKind, idOrStatus: string): void {
    this.#recorder.record(segment, kind, idOrStatus)
    this.#closePart(segment.task)
  }

  #closePart(task: MessageTask): void {
    if (--task.openParts > 0) return
    task.state = 'ended'
    task.batch.sending--
    this.#checkQuiet(task.batch)
  }

  #checkQuiet(batch: HeldBatch): void {
    if (batch.quiet && !batch.closing) this.#o.onQuiet(batch)
  }

  #wakeAt(atMs: number, nowMs: number): false {
    this.#wakeUp.at(atMs, nowMs)
    return false
  }
}
