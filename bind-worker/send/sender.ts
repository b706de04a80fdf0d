import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { OutcomeKind } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import { classify } from '../../shared/smpp/status-class.ts'
import type { Timing } from '../../shared/timing.ts'
import type { HeldBatch, Withdrawal } from '../intake/held-batch.ts'
import type { LedgerWriter } from '../ledger-writer.ts'
import type { TokenBucket } from '../pacing/token-bucket.ts'
import type { RememberedIds } from '../receipts/remembered-ids.ts'
import { Gate } from './gate.ts'
import { Later } from './later.ts'
import type { Link } from './link.ts'
import { type OutcomeCounts, OutcomeRecorder } from './outcome-recorder.ts'
import { ReadyBatches } from './ready-batches.ts'
import { SecondCopies } from './second-copies.ts'
import { anotherCopy, begin, type MessageTask, type SegmentTask, tokensOf } from './tasks.ts'
import { type Verdict, verdict } from './verdict.ts'
import { WakeUp } from './wake-up.ts'

/** Facts not durable at which sending pauses: a slow ledger slows the wire, it does not fill memory. */
const MAX_BACKLOG_ROWS = 20_000

/** How soon to look again whether a slow ledger has caught up: nothing else tells the sender. */
const LOOK_AGAIN_MS = 100

/** Policy resend: further copies of a segment the SMSC does not answer. Each may reach the subscriber. */
const MAX_RESENDS = 2

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
 *     ready ──▶ a bind ──▶ its window ──▶ outcome        (every segment ends here)
 *       ▲ ▲        ▲ └─ refused, others under way ┐
 *       │ │        └─────────── again ◀───────────┤
 *       │ └──────── later ◀── refused as a whole ─┘
 *       └── bind lost before anything of it reached the SMSC
 *
 * A message begins on the bind that has room; from then on its parts belong to that bind and go out back to back. A
 * part ends with an outcome: accepted or refused by its response, unconfirmed when none came. A part refused for a
 * passing reason goes again (see `verdict.ts`): over the same bind when others of its message are under way, else the
 * message as a whole over any bind.
 *
 * When a bind is lost, what it had written is unconfirmed; of what it had not, the rest of a message already begun ends
 * as `multipart_cut`, and a message of which nothing reached the SMSC waits for another bind. Under policy resend what
 * was not answered goes again: a part over its bind, a message lost with its bind as a whole or not at all.
 */
export class Sender {
  readonly #o: SenderOptions
  readonly #links: Link[] = []
  readonly ready = new ReadyBatches()
  readonly #later = new Later()
  readonly #gate: Gate
  readonly #recorder: OutcomeRecorder
  readonly #copies: SecondCopies
  readonly #wakeUp = new WakeUp(() => this.#pump())
  #written = 0
  #throttled = 0
  #stopped = false

  constructor(options: SenderOptions) {
    this.#o = options
    this.#recorder = new OutcomeRecorder(options)
    this.#copies = new SecondCopies({
      ...{ writer: options.writer, longMessage: options.route.longMessage },
      onCopy: (segment) => this.#recorder.record(segment, 'resent', ''),
      onNoted: () => this.kick(),
    })
    this.#gate = new Gate({
      ...options,
      onWithdraw: (batch, withdrawal) => this.withdraw(batch, withdrawal),
      onLost: (batch) => this.lose(batch),
      onChange: (atMs, nowMs) => (atMs === null ? this.kick() : this.#wakeUp.at(atMs, nowMs)),
    })
  }

  /** Since the process began. */
  get counts(): OutcomeCounts & { throttled: number } {
    return { ...this.#recorder.counts, throttled: this.#throttled }
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
    this.#recall((task) => task.batch === batch)
    this.#checkQuiet(batch)
  }

  /** Somebody else has the claim: nothing more of the batch is written, and the new owner decides what was not. */
  lose(batch: HeldBatch): void {
    batch.lost = true
    this.#o.log.warn('claim lost to another owner', { ...batch.key })
    this.#recall((task) => task.batch === batch)
    for (const link of this.#links) this.#abandon(link)
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
      this.#close(segment.task)
    }
    this.kick()
  }

  /** Policy hold: what was sent without a response is never sent again. */
  onTimeout(link: Link, segment: SegmentTask): void {
    const { task } = segment
    this.#recorder.record(segment, 'unconfirmed', '')
    if (!this.#maySendAgain(segment)) this.#close(task)
    // The part may be there: its message has begun, and stays with its bind.
    else if (task.segments.length > 1) link.putBack(anotherCopy(segment))
    else {
      anotherCopy(segment)
      task.begunSegments = 0
      this.#putBack(task, 'first')
    }
    this.kick()
  }

  /**
   * The segment ended as unconfirmed; the response says more. Facts outrank each other, so it is simply added. A copy
   * of it that was to go again need not.
   */
  onLateResponse(link: Link, segment: SegmentTask, status: number, messageId: string): void {
    if (status !== 0) return this.#recorder.record(segment, 'refused', String(status))
    this.#recorder.accepted(segment, messageId)
    const { task, index } = segment
    const copy = task.segments[index]!
    if (copy === segment) return
    if (link.remove((waiting) => waiting === copy).length > 0) return this.#close(task)
    if (task.segments.length > 1) return
    if (this.#later.remove((waiting) => waiting === task).length > 0) this.#close(task)
    else if (task.batch.take(task)) this.#checkQuiet(task.batch)
  }

  onClosed(link: Link, unanswered: readonly SegmentTask[]): void {
    for (const segment of unanswered) this.#recorder.record(segment, 'unconfirmed', '')
    const lost = Map.groupBy(unanswered, (segment) => segment.task)
    for (const [task, segments] of [...lost].reverse()) {
      const isUnanswered = task.openSegments === task.segments.length
      if (isUnanswered && segments.every((segment) => this.#maySendAgain(segment))) {
        link.remove((segment) => segment.task === task)
        segments.forEach(anotherCopy)
        task.begunSegments = 0
        this.#putBack(task, 'first')
      } else for (const _ of segments) this.#close(task)
    }
    for (const task of link.recall(() => true).reverse()) this.#putBack(task, 'first')
    for (const segment of link.remove(() => true)) this.#endUnsent(segment, 'refused', 'multipart_cut')
    this.kick()
  }

  #pump(): void {
    this.#takeUpDue()
    for (let moved = true; moved; ) {
      moved = false
      for (const link of this.#links) if (this.#step(link)) moved = true
    }
  }

  /** Messages whose next try is due are ready again. */
  #takeUpDue(): void {
    const nowMs = this.#o.clock.monotonicMs()
    for (const { task, place } of this.#later.due(nowMs)) this.#putBack(task, place)
    if (this.#later.nextDueMs < Number.POSITIVE_INFINITY) this.#wakeAt(this.#later.nextDueMs, nowMs)
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
      link.putBack(segment)
      return false
    }
    this.#o.bucket.tryTake(nowMs, tokensOf(segment))
    segment.order ||= ++this.#written
    task.begunSegments++
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

  /** What belongs to the bind first; else a message begins. */
  #nextSegment(link: Link, nowMs: number): SegmentTask | undefined {
    if (link.first) {
      const mayGo = this.#gate.mayGoOn(link.first.task, nowMs) && this.#copies.areNoted([link.first])
      return mayGo ? link.next() : undefined
    }
    if (this.#stopped) return undefined
    const task = this.ready.next((next) => this.#gate.mayBegin(next, nowMs) && this.#copies.mayBegin(next))
    if (!task) return undefined
    begin(task, this.#o.route.longMessage)
    task.batch.sending++
    this.#o.onTaken()
    link.take(task.segments)
    return link.next()
  }

  #notTaken(link: Link, segment: SegmentTask, status: number): void {
    const { task } = segment
    const decided = verdict(classify(status, this.#o.route.statusOverrides).class, segment, this.#o.timing)
    switch (decided.kind) {
      case 'refuse':
        return this.#end(segment, 'refused', String(status))
      case 'pause':
        this.#throttled++
        this.#pause(link, decided.pauseMs)
        task.begunSegments--
        return this.#waitForBind(link, segment)
      case 'retry':
        this.#pause(link, decided.pauseMs)
        return this.#sendAgain(link, segment, decided)
      case 'defer':
        if (task.begunSegments > 1) return this.#end(segment, 'refused', String(status))
        task.begunSegments = 0
        link.remove((other) => other.task === task)
        return this.#defer(task)
      case 'rebind':
        this.#sendAgain(link, segment, FIRST_AT_ONCE)
        return link.port.rebind(`submit_sm_resp ${status}`)
    }
  }

  #pause(link: Link, forMs: number): void {
    link.pause(this.#o.clock.monotonicMs() + forMs)
  }

  /** Over the same bind when others of the message are under way, before anything else; else the message as a whole. */
  #sendAgain(link: Link, segment: SegmentTask, { place, afterMs }: Again): void {
    const { task } = segment
    task.begunSegments--
    if (task.begunSegments > 0) {
      this.#pause(link, afterMs)
      return this.#waitForBind(link, segment)
    }
    link.remove((other) => other.task === task)
    if (afterMs === 0 || task.batch.lost || task.batch.withdrawal) return this.#putBack(task, place)
    const nowMs = this.#o.clock.monotonicMs()
    this.#later.add(task, place, nowMs + afterMs)
    this.#wakeAt(nowMs + afterMs, nowMs)
  }

  /** Has a segment wait for its bind, unless its batch was lost or withdrawn meanwhile. */
  #waitForBind(link: Link, segment: SegmentTask): void {
    const { batch } = segment.task
    link.putBack(segment)
    if (batch.lost || batch.withdrawal) this.#recall((task) => task === segment.task)
    if (batch.lost) this.#abandon(link)
  }

  /** Puts the whole message off: its other parts, if any, were not written or were refused too. */
  #defer(task: MessageTask): void {
    task.batch.deferred.push(task)
    task.batch.sending--
    this.#checkQuiet(task.batch)
  }

  /** Takes messages back of which nothing is at the SMSC. */
  #recall(which: (task: MessageTask) => boolean): void {
    const recalled = this.#links.flatMap((link) => link.recall(which))
    for (const task of [...recalled, ...this.#later.remove(which)].reverse()) this.#putBack(task, 'first')
  }

  #putBack(task: MessageTask, place: 'first' | 'last'): void {
    const { batch } = task
    batch.sending--
    if (place === 'first') batch.waiting.unshift(task)
    else batch.waiting.push(task)
    this.ready.add(batch)
    this.#checkQuiet(batch)
    this.kick()
  }

  /** Takes segments of lost batches from the bind without an outcome: the new owner decides them. */
  #abandon(link: Link): void {
    for (const segment of link.remove(({ task }) => task.batch.lost)) this.#close(segment.task)
  }

  #maySendAgain({ task: { batch }, resends }: SegmentTask): boolean {
    return (
      batch.dispatch.launch.policy === 'resend' && resends < MAX_RESENDS && !batch.lost && !batch.withdrawal
    )
  }

  /**
   * Ends a part that will not be written: as with any ended part, its message cannot begin anew. One that may have been
   * sent before is unconfirmed.
   */
  #endUnsent(segment: SegmentTask, kind: OutcomeKind, idOrStatus: string): true {
    segment.task.begunSegments++
    if (segment.resends > 0) this.#end(segment, 'unconfirmed', '')
    else this.#end(segment, kind, idOrStatus)
    return true
  }

  #end(segment: SegmentTask, kind: OutcomeKind, idOrStatus: string): void {
    this.#recorder.record(segment, kind, idOrStatus)
    this.#close(segment.task)
  }

  /** A segment of the message has its outcome. */
  #close(task: MessageTask): void {
    if (--task.openSegments > 0) return
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

type Again = Pick<Extract<Verdict, { kind: 'retry' }>, 'place' | 'afterMs'>
const FIRST_AT_ONCE: Again = { place: 'first', afterMs: 0 }
