import type { BindAs, Heartbeat } from '../../shared/contracts/records.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { EpochMs } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Random } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import { BindWindow } from './bind-window.ts'
import type { BindTurn, RouteCredentials } from './credentials.ts'
import { ResponseMeter } from './response-meter.ts'
import { type Attempt, RetryWait } from './retry-wait.ts'
import { Session } from './session.ts'
import type { SessionEnd, SessionHandlers } from './session-contract.ts'
import { connectSocket } from './socket-transport.ts'
import type { Connect, Transport } from './transport.ts'

export type BindState = Heartbeat['state']
/** All a heartbeat says but whose it is and when. `window` is the one in force: an adaptive one moves. */
export type BindStats = Omit<Heartbeat, 'boot' | 'at'>

export interface BindOptions<T> {
  /** Which of the route's binds this is, from 0. */
  index: number
  route: RouteConfig
  bindAs: BindAs
  /** Shared by the binds of the route. */
  credentials: RouteCredentials
  /** `onBound` and `onClose` are called for every session that was bound, in turn; the others belong to the last one bound. */
  handlers: SessionHandlers<T>
  timing: Timing
  clock: Clock
  random: Random
  log: Log
  /** A TCP or TLS connection to the route when left out. */
  connect?: Connect
}

/** After so many attempts in a row without a bind, somebody should look. */
const ALARM_AFTER_FAILURES = 10

/**
 * Keeps one bind of a route alive until told to stop.
 *
 *     start() ─▶ connecting ─▶ binding ─▶ bound ─▶ (lost) ─▶ waiting ─▶ connecting …
 *                    └─ fails ─────┴─ refused ────────────────▶ ┘
 *     drain() in bound ─▶ draining ─▶ closed;  drain() elsewhere, destroy() anywhere ─▶ closed
 *
 * Each attempt waits for its turn (see {@link RouteCredentials}) with the secret as it reads then, so a rotated password
 * needs no restart. How long it waits before the next depends on what went wrong: a wrong password waits for an operator,
 * an account with too many binds for another to end, a throttled one as long as operators ask for; everything else for
 * a jittered backoff that a bind which lived resets.
 *
 * After a session that was cut at once, the next one is given no segments for the first moment: some SMSCs accept one
 * bind too many and then close it, and what it was given would end as unconfirmed each time.
 */
export class Bind<T> {
  readonly #options: BindOptions<T>
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null
  #session: Session<T> | null = null
  readonly #meter: ResponseMeter
  readonly #retry: RetryWait
  /** Runs while the session has to prove that it lasts. */
  #probation: NodeJS.Timeout | null = null
  #state: BindState = 'closed'
  #since: EpochMs
  #submitted = 0
  #receipts = 0
  #lastError: string | null = null
  #deliveredToTransmitter = false

  constructor(options: BindOptions<T>) {
    this.#options = options
    this.#since = options.clock.now()
    this.#retry = new RetryWait(options.timing)
    this.#meter = new ResponseMeter(options.clock.monotonicMs())
  }

  /** Begins to connect; returns at once. Called once. */
  start(): void {
    if (this.#running) throw new Error('this bind was started before')
    this.#running = this.#run()
  }

  /**
   * Stops for good: lets the window drain for at most `timeoutMs`, unbinds, closes. Resolves when nothing is left open,
   * neither connection nor timer.
   */
  async drain(timeoutMs = this.#options.timing.drainMs): Promise<void> {
    this.#stop.abort()
    if (this.#session?.mode === 'bound') this.#setState('draining')
    await this.#session?.drain(timeoutMs)
    await this.#running
  }

  /** Stops for good and at once; what is unanswered comes back through `onClose`. */
  async destroy(): Promise<void> {
    this.#stop.abort()
    this.#session?.destroy()
    await this.#running
  }

  /** Ends the present session in order and binds again: for a refusal that says this bind is of no more use. */
  rebind(reason: string): void {
    if (this.#session?.mode !== 'bound') return
    this.#fail(`binding again: ${reason}`)
    this.#setState('draining')
    void this.#session.drain(this.#options.timing.bindTimeoutMs)
  }

  get bindAs(): BindAs {
    return this.#options.bindAs
  }

  get isBound(): boolean {
    return this.#state === 'bound'
  }

  get canSubmit(): boolean {
    return this.#probation === null && (this.#session?.canSubmit ?? false)
  }

  /** See {@link Session.submit}: null when nothing was written. */
  submit(pdu: Buffer, context: T): number | null {
    if (!this.canSubmit) return null
    const sequence = this.#session?.submit(pdu, context) ?? null
    if (sequence !== null) this.#submitted++
    return sequence
  }

  stats(): BindStats {
    const { index, bindAs, route } = this.#options
    return {
      bind: index,
      bindAs,
      state: this.#state,
      since: this.#since,
      window: bindAs === 'receiver' ? 0 : (this.#session?.window ?? route.window.min),
      inFlight: this.#session?.inFlight ?? 0,
      submitted: this.#submitted,
      receipts: this.#receipts,
      lastError: this.#lastError,
      ...this.#meter.figures(this.#options.clock.monotonicMs()),
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      const attempt = await this.#attempt()
      if (signal.aborted) break
      const waitMs = this.#waitAfter(attempt)
      this.#setState('waiting')
      await clock.sleep(waitMs, signal)
    }
    this.#setState('closed')
  }

  #waitAfter(attempt: Attempt): number {
    const { random, log, route, index } = this.#options
    const waitMs = this.#retry.after(attempt, random.next())
    if (this.#retry.failures === ALARM_AFTER_FAILURES) {
      log.error('bind keeps failing', { route: route.id, bind: index, lastError: this.#lastError })
    }
    return waitMs
  }

  async #attempt(): Promise<Attempt> {
    let turn: BindTurn | null = null
    try {
      turn = await this.#options.credentials.turn(this.#stop.signal, (why) => {
        this.#lastError = why ?? this.#lastError
        this.#setState('waiting')
      })
      return turn ? await this.#bindOnce(turn) : { kind: 'failed' }
    } catch (cause) {
      // The secret could not be read, or the SMSC not be reached.
      this.#fail(cause instanceof Error ? cause.message : String(cause))
      return { kind: 'failed' }
    } finally {
      this.#session = null
      turn?.over()
    }
  }

  async #bindOnce(turn: BindTurn): Promise<Attempt> {
    const { clock } = this.#options
    this.#setState('connecting')
    const transport = await this.#connect()
    const closed = Promise.withResolvers<SessionEnd>()
    const session = this.#open(transport, closed.resolve)
    this.#setState('binding')
    const result = await session.bind(turn.credentials)
    if (!result.ok) {
      if (result.why === 'wrongCredentials') turn.refused(result.message)
      this.#fail(result.message)
      return { kind: 'refused', why: result.why }
    }
    turn.accepted()
    const boundAtMs = clock.monotonicMs()
    const end = await closed.promise
    if (end.error) this.#fail(end.error.message)
    return { kind: 'bound', forMs: clock.monotonicMs() - boundAtMs }
  }

  #connect(): Promise<Transport> {
    const { route, timing, connect } = this.#options
    const { signal } = this.#stop
    if (connect) return connect(signal)
    return connectSocket(route, { timeoutMs: timing.connectTimeoutMs, signal })
  }

  #open(transport: Transport, onClosed: (end: SessionEnd) => void): Session<T> {
    const { route, timing, clock, bindAs, handlers } = this.#options
    const window = new BindWindow(route, timing, clock.monotonicMs())
    let wasBound = false
    const watched: SessionHandlers<T> = {
      onBound: () => {
        wasBound = true
        if (this.#retry.wasCutAtOnce) this.#beginProbation()
        this.#setState('bound')
        handlers.onBound()
      },
      onResponse: (context, response, latencyMs) => {
        const nowMs = clock.monotonicMs()
        this.#meter.record(nowMs, latencyMs)
        window.onResponse(nowMs, response.status, latencyMs, session.inFlight + 1)
        handlers.onResponse(context, response, latencyMs)
        if (window.size !== session.window) session.setWindow(window.size)
      },
      onLateResponse: (context, response, latencyMs) => handlers.onLateResponse(context, response, latencyMs),
      onTimeout: (context) => handlers.onTimeout(context),
      onDeliver: (pdu, ack) => {
        this.#receipts++
        if (bindAs === 'transmitter') this.#noteDeliveryToTransmitter()
        handlers.onDeliver(pdu, ack)
      },
      onWritable: () => handlers.onWritable(),
      onClose: (end, unanswered) => {
        this.#endProbation()
        if (wasBound) handlers.onClose(end, unanswered)
        onClosed(end)
      },
    }
    const session = new Session<T>(
      transport,
      {
        bindAs,
        systemType: route.systemType,
        window: window.size,
        responseTimeoutMs: route.responseTimeoutMs,
        enquireAfterMs: route.enquireLinkSeconds * 1_000,
        enquireTimeoutMs: timing.enquireTimeoutMs,
        bindTimeoutMs: timing.bindTimeoutMs,
        clock,
      },
      watched,
    )
    this.#session = session
    if (this.#stop.signal.aborted) session.destroy()
    return session
  }

  #beginProbation(): void {
    this.#probation = setTimeout(() => {
      this.#endProbation()
      this.#options.handlers.onWritable()
    }, this.#options.timing.reconnectBaseMs)
  }

  #endProbation(): void {
    if (this.#probation) clearTimeout(this.#probation)
    this.#probation = null
  }

  /** Once: nothing is lost by it, but such a gateway has no pair of binds. */
  #noteDeliveryToTransmitter(): void {
    if (this.#deliveredToTransmitter) return
    this.#deliveredToTransmitter = true
    const { log, route, index } = this.#options
    log.warn('the SMSC delivers over a transmitter', { route: route.id, bind: index })
  }

  #setState(state: BindState): void {
    if (state === this.#state) return
    this.#state = state
    this.#since = this.#options.clock.now()
    const { log, route, index } = this.#options
    log.info(`bind ${state}`, { route: route.id, bind: index })
  }

  #fail(message: string): void {
    if (this.#stop.signal.aborted) return
    this.#lastError = message
    const { log, route, index } = this.#options
    log.warn('bind failed', { route: route.id, bind: index, reason: message })
  }
}
