import type { Deps } from '../aws/deps.ts'
import type { BindAs } from '../shared/contracts/records.ts'
import type { PoolConfig, RouteConfig } from '../shared/contracts/route.ts'
import { routeState } from '../shared/contracts/route-state.ts'
import { dispatchQueue } from '../shared/contracts/wiring.ts'
import { closingOf } from '../shared/dlt/sending-hours.ts'
import { BootId } from '../shared/ids.ts'
import type { Metrics } from '../shared/metrics.ts'
import type { SecretSource } from '../shared/ports.ts'
import { Controls } from './intake/controls.ts'
import { Copies } from './intake/copies.ts'
import { Finisher } from './intake/finisher.ts'
import type { HeldBatch } from './intake/held-batch.ts'
import { Leases } from './intake/leases.ts'
import { Puller } from './intake/puller.ts'
import { nameOf, Taker } from './intake/taker.ts'
import { LedgerWriter } from './ledger-writer.ts'
import { Notices } from './notices.ts'
import { taskShare } from './pacing/share.ts'
import { TokenBucket } from './pacing/token-bucket.ts'
import { Receiver } from './receipts/receiver.ts'
import { RememberedIds } from './receipts/remembered-ids.ts'
import { Reports } from './reports.ts'
import { Link } from './send/link.ts'
import { Sender } from './send/sender.ts'
import type { SegmentTask } from './send/tasks.ts'
import { Bind } from './session/bind.ts'
import { bindsInOrder, drainInOrder } from './session/bind-order.ts'
import { RouteCredentials } from './session/credentials.ts'
import { SubmitEncoder } from './session/submit-encoder.ts'
import { workAhead } from './work-ahead.ts'

/** What a worker needs from the outside. */
export type WorkerDeps = Omit<Deps, 'suppressions'>

export interface WorkerOptions {
  deps: WorkerDeps
  secrets: SecretSource
  route: RouteConfig
  pool: PoolConfig
  /** The part of the route's TPS and binds that is this task's. */
  routeShare: number
  rememberedIds: number
  metrics: Metrics
}

/** How often draining looks whether the messages begun are written. */
const DRAIN_LOOK_MS = 20

/**
 * One route's worker: pulls batches, claims them, sends their messages over the binds, writes down what the SMSC
 * answered and delivered, and lets the batches go.
 *
 *     SQS ─▶ Puller ─▶ Taker (claim) ─▶ Sender ─▶ Bind ×N ─▶ SMSC
 *                                          │  ▲                │
 *                          outcomes ◀──────┘  └── responses ◀──┤
 *                              ▼                               │
 *             Finisher ◀─ LedgerWriter ◀── Receiver ◀─ receipts┘
 *
 * This class only connects the parts; each of them says what it promises.
 */
export class Worker {
  readonly boot: BootId
  readonly #options: WorkerOptions
  readonly #held = new Map<string, HeldBatch>()
  readonly #writer: LedgerWriter
  readonly #notices: Notices
  readonly #copies: Copies
  readonly #finisher: Finisher
  readonly #leases: Leases
  readonly #controls: Controls
  readonly #receiver: Receiver
  readonly #ids: RememberedIds
  readonly #sender: Sender
  readonly #binds: Bind<SegmentTask>[] = []
  readonly #links: Link[] = []
  readonly #pullers: Puller[]
  readonly #encoders = new WeakMap<HeldBatch, SubmitEncoder>()
  readonly #reports: Reports
  /** Whether the route was up at the last beat. */
  #wasUp = true
  #draining = false

  constructor(options: WorkerOptions) {
    this.#options = options
    const { deps, route } = options
    this.boot = BootId.parse(deps.ids.ulid())
    const boot = this.boot
    const held = () => this.#held.values()
    const { binds, tps } = taskShare(route, options.routeShare)
    const ahead = workAhead(tps)
    const reserveAhead = ahead.reserve

    this.#notices = new Notices(deps)
    this.#writer = new LedgerWriter({ ...deps, boot, onDurable: (pages) => this.#notices.touch(pages) })
    const writer = this.#writer
    this.#ids = new RememberedIds(options.rememberedIds)
    this.#copies = new Copies(deps)
    const copies = this.#copies
    this.#receiver = new Receiver({ ...deps, route, writer, ids: this.#ids })
    this.#finisher = new Finisher({ ...deps, writer, copies, onEnded: (batch) => this.#onEnded(batch) })
    this.#sender = new Sender({
      ...deps,
      route,
      writer,
      ids: this.#ids,
      bucket: new TokenBucket(tps),
      reserveAhead,
      encode: (segment) => this.#encode(segment),
      onQuiet: (batch) => this.#finisher.end(batch),
      onTaken: () => this.#kickPullers(),
    })
    this.#leases = new Leases({ ...deps, held, onLost: (batch) => this.#sender.lose(batch) })
    this.#controls = new Controls({
      ...deps,
      held,
      onWithdrawn: (batch, withdrawal) => this.#sender.withdraw(batch, withdrawal),
    })
    const taker = new Taker({ ...deps, boot, writer, reserveAhead })
    this.#pullers = route.lanes.map(
      (lane) =>
        new Puller({
          ...deps,
          lane,
          queueName: dispatchQueue(route.pool, lane),
          copies,
          taker,
          isUp: () => this.#isUp(),
          waiting: () => this.#sender.ready.waiting(lane),
          lowWater: ahead.lowWater,
          prefetch: ahead.prefetch,
          findHeld: (key) => this.#held.get(nameOf(key)),
          onHeld: (batch) => this.#onHeld(batch),
        }),
    )
    this.#reports = new Reports({
      ...{ ...deps, route, boot, metrics: options.metrics },
      state: () => this.state(),
      onBeat: () => this.#leaveWhenDown(),
      receiptLag: this.#receiver.lag,
    })
    const credentials = new RouteCredentials({ ...deps, route, secrets: options.secrets })
    for (const [index, bindAs] of bindsInOrder(route.bindType, binds).entries()) {
      this.#addBind(index, bindAs, credentials)
    }
  }

  start(): void {
    for (const bind of this.#binds) bind.start()
    for (const puller of this.#pullers) puller.start()
    this.#reports.start()
  }

  /** What the health endpoint tells. */
  state() {
    const binds = this.#binds.map((bind) => bind.stats())
    return {
      route: this.#options.route.id,
      boot: this.boot,
      state: routeState(binds),
      binds,
      heldBatches: this.#held.size,
      factsNotDurable: this.#writer.backlog + this.#writer.receiptBacklog,
      segments: this.#sender.counts,
      receipts: { ...this.#receiver.counts, unanswered: this.#receiver.unanswered },
      /** How the route writes ids in receipts; null while it is not known. */
      idForm: this.#receiver.idForm,
      rememberedIds: this.#ids.size,
      awaitedReceipts: this.#ids.awaited,
      oldestAwaitedAt: this.#ids.oldestAwaitedAt,
    }
  }

  /**
   * Ends in order: nothing new is pulled or begun; messages begun are written to their last part; responses and
   * receipts on their way are awaited; facts become durable; what was not sent is given back; then unbind.
   */
  async drain(): Promise<void> {
    this.#draining = true
    this.#sender.stop()
    const stopped = this.#pullers.map((puller) => puller.stop())
    this.#releaseHeld()
    await Promise.all(stopped)
    await this.#written()
    await drainInOrder(this.#binds, this.#options.deps)
    await this.#finisher.idle()
    await this.#writer.flushed()
    await this.#notices.close()
    await this.#close()
    await this.#reports.beat()
  }

  /** Ends at once, as a crash would, but leaves no socket or timer behind. */
  async destroy(): Promise<void> {
    this.#writer.destroy()
    this.#finisher.destroy()
    this.#notices.destroy()
    await Promise.all(this.#binds.map((bind) => bind.destroy()))
    await this.#close()
  }

  async #close(): Promise<void> {
    this.#reports.close()
    this.#sender.destroy()
    this.#leases.close()
    this.#controls.close()
    this.#receiver.close()
    await this.#copies.close()
  }

  /** Waits until the lines of all binds are empty; a paused bind is not waited for beyond half the drain time. */
  async #written(): Promise<void> {
    const { clock, timing } = this.#options.deps
    const deadlineMs = clock.monotonicMs() + timing.drainMs / 2
    while (this.#links.some((link) => !link.isEmpty) && clock.monotonicMs() < deadlineMs) {
      this.#sender.kick()
      await clock.sleep(DRAIN_LOOK_MS)
    }
  }

  #addBind(index: number, bindAs: BindAs, credentials: RouteCredentials): void {
    const { deps, route } = this.#options
    const bind = new Bind<SegmentTask>({
      ...deps,
      index,
      bindAs,
      route,
      credentials,
      handlers: {
        onBound: () => {
          this.#sender.kick()
          this.#kickPullers()
        },
        onResponse: (segment, { status, messageId }) =>
          this.#sender.onResponse(link, segment, status, messageId ?? ''),
        onLateResponse: (segment, { status, messageId }) =>
          this.#sender.onLateResponse(link, segment, status, messageId ?? ''),
        onTimeout: (segment) => this.#sender.onTimeout(link, segment),
        onDeliver: (pdu, ack) => this.#receiver.onDeliver(pdu, ack),
        onWritable: () => this.#sender.kick(),
        onClose: (_end, unanswered) => this.#sender.onClosed(link, unanswered),
      },
    })
    const link = new Link(bind)
    this.#binds.push(bind)
    if (bindAs === 'receiver') return
    this.#links.push(link)
    this.#sender.addLink(link)
  }

  #encode({ task, index }: SegmentTask): Buffer {
    const { batch, message } = task
    let encoder = this.#encoders.get(batch)
    if (!encoder) {
      const { launch, line } = batch.dispatch
      const now = this.#options.deps.clock.now()
      encoder = new SubmitEncoder(this.#options.route, line, {
        referenceBits: this.#options.pool.referenceBits,
        validUntil: Math.min(launch.expiresAt, closingOf(launch.hours, now) ?? Number.POSITIVE_INFINITY),
      })
      this.#encoders.set(batch, encoder)
    }
    return encoder.encode(message, index)
  }

  async #onHeld(batch: HeldBatch): Promise<void> {
    this.#held.set(nameOf(batch.key), batch)
    if (batch.quiet) return this.#finisher.end(batch)
    if (this.#draining) return this.#sender.withdraw(batch, { kind: 'release' })
    const withdrawal = await this.#controls.admit(batch)
    if (withdrawal) this.#sender.withdraw(batch, withdrawal)
    else this.#sender.add(batch)
  }

  #onEnded(batch: HeldBatch): void {
    this.#held.delete(nameOf(batch.key))
    this.#notices.touch([batch.key])
    this.#kickPullers()
  }

  /** Whether messages can leave. */
  #isUp(): boolean {
    return this.#binds.some((bind) => bind.isBound && bind.bindAs !== 'receiver')
  }

  /** A route found down at two beats in a row leaves its work to others; one that is soon bound again keeps it. */
  #leaveWhenDown(): void {
    const up = this.#isUp()
    if (!up && !this.#wasUp) {
      this.#releaseHeld()
      for (const puller of this.#pullers) void puller.giveBack()
    }
    this.#wasUp = up
  }

  #releaseHeld(): void {
    for (const batch of this.#held.values()) this.#sender.withdraw(batch, { kind: 'release' })
  }

  #kickPullers(): void {
    for (const puller of this.#pullers) puller.kick()
  }
}
