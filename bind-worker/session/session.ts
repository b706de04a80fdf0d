import { decodePdu, MalformedPdu, type Pdu, STATUS } from '../../shared/smpp/codec.ts'
import { FramingError, PduFramer } from '../../shared/smpp/framing.ts'
import { type BindResult, bindAccepted, bindRefusal, bindRequest, type Credentials } from './bind-pdu.ts'
import { LinkDead, ProtocolError, UnboundByPeer } from './errors.ts'
import * as frames from './frames.ts'
import { COMMAND } from './frames.ts'
import { nextSequence } from './sequence.ts'
import type { SessionEnd, SessionHandlers, SessionMode, SessionOptions } from './session-contract.ts'
import { createTimers, onBound, onPdu, type SessionTimers, tick, withModeDeadline } from './timers.ts'
import type { Transport } from './transport.ts'
import { PendingWindow } from './window.ts'

/**
 * One SMPP session of an ESME, from an open connection to its end (SMPP 3.4 §2.2).
 *
 *     open ──bind()──▶ binding ──accepted──▶ bound ──drain()──▶ draining ──window empty──▶ unbinding
 *      │                  │ refused,           │                    │      or time is up       │ answered,
 *      ▼                  ▼ no answer          ▼                    ▼                          ▼ no answer
 *      └───────────────────────────────▶    closed   ◀────────────────────────────────────────┘
 *
 * - *open*: connected, nothing was said.
 * - *binding*: the bind is on its way. Nothing else is; a deliver_sm now is answered ESME_RINVBNDSTS.
 * - *bound*: the only mode in which `submit` takes anything. Lasts until somebody ends it.
 * - *draining*: takes nothing new. What was submitted may still be answered, what was delivered still be acknowledged.
 * - *unbinding*: unbind is on its way. Responses that overtake its answer still count.
 * - *closed*: final. Every segment still pending has been handed back through `onClose`.
 *
 * Any mode goes to closed when the peer unbinds, the connection ends, the peer falls silent or sends what cannot be
 * read, or on `destroy()`. A mode that waits for something has a deadline, given where the mode is: in `#setMode`,
 * which nothing goes around.
 *
 * The session knows no socket, holds one timer, and never sends anything twice.
 */
export class Session<T> {
  readonly #transport: Transport
  readonly #options: SessionOptions
  readonly #handlers: SessionHandlers<T>
  readonly #framer = new PduFramer()
  readonly #window: PendingWindow<T>
  #mode: SessionMode = 'open'
  #timers: SessionTimers
  #alarm: NodeJS.Timeout | undefined
  #sequence = 0
  #bindSequence = 0
  /** deliver_sm and data_sm handed out and not acknowledged yet. */
  #unacknowledged = 0
  #freedSlots = false
  #bindDone: (result: BindResult) => void = () => {}
  readonly #closed = Promise.withResolvers<void>()

  constructor(transport: Transport, options: SessionOptions, handlers: SessionHandlers<T>) {
    this.#transport = transport
    this.#options = options
    this.#handlers = handlers
    this.#window = new PendingWindow({ capacity: options.window, timeoutMs: options.responseTimeoutMs })
    this.#timers = createTimers({
      enquireAfterMs: options.enquireAfterMs,
      enquireTimeoutMs: options.enquireTimeoutMs,
      inactivityMs: options.inactivityMs ?? Number.POSITIVE_INFINITY,
    })
    transport.attach({
      onData: (chunk) => this.#onData(chunk),
      onDrain: () => this.#offerSlots(),
      onClose: (error) => this.#end({ why: 'connectionLost', error }),
    })
  }

  get mode(): SessionMode {
    return this.#mode
  }

  get inFlight(): number {
    return this.#window.size
  }

  get window(): number {
    return this.#window.capacity
  }

  setWindow(capacity: number): void {
    this.#window.setCapacity(capacity)
    this.#offerSlots()
  }

  /** Whether {@link submit} would write now. A receiver never may: submit_sm is for the others (SMPP 3.4 §2.3). */
  get canSubmit(): boolean {
    if (this.#options.bindAs === 'receiver') return false
    return this.#mode === 'bound' && !this.#window.isFull && this.#transport.writable
  }

  /** Asks the SMSC to accept us. Never rejects; a session that was not accepted is closed when this resolves. */
  bind(credentials: Credentials): Promise<BindResult> {
    if (this.#mode === 'closed') return Promise.resolve(disconnected('the connection ended'))
    if (this.#mode !== 'open') throw new Error(`bind() in mode ${this.#mode}`)
    const { bindAs, systemType, bindTimeoutMs } = this.#options
    this.#bindSequence = this.#nextSequence()
    this.#transport.write(bindRequest(bindAs, credentials, systemType, this.#bindSequence))
    this.#setMode('binding', bindTimeoutMs)
    return new Promise((resolve) => {
      this.#bindDone = resolve
    })
  }

  /**
   * Sends a submit_sm that is encoded already; its sequence_number is filled in here, in the Buffer given, which may
   * be used again afterwards.
   *
   * @returns the sequence_number, or null when nothing was written because {@link canSubmit} is false.
   */
  submit(pdu: Buffer, context: T): number | null {
    if (!this.canSubmit) return null
    const sequence = this.#nextSequence()
    frames.setSequence(pdu, sequence)
    this.#window.add(sequence, context, this.#options.clock.monotonicMs())
    this.#transport.write(pdu)
    return sequence
  }

  /**
   * Ends the session in order: nothing new is taken, responses and acknowledgements are awaited for at most
   * `timeoutMs`, then unbind. Resolves when the session is closed; never rejects.
   */
  drain(timeoutMs: number): Promise<void> {
    if (this.#mode === 'bound') {
      this.#setMode('draining', timeoutMs)
      this.#unbindWhenEmpty()
    } else if (this.#mode === 'open' || this.#mode === 'binding') {
      this.destroy()
    }
    return this.#closed.promise
  }

  /** Ends the session now, without a word to the peer. */
  destroy(): void {
    this.#end({ why: 'destroyed', error: null })
  }

  /** The only place where the mode changes. It must be left within `forMs`; what happens else, `#onOverdue` says. */
  #setMode(mode: SessionMode, forMs = Number.POSITIVE_INFINITY): void {
    this.#mode = mode
    const nowMs = this.#options.clock.monotonicMs()
    this.#timers = withModeDeadline(this.#timers, nowMs + forMs)
    if (mode === 'bound') this.#timers = onBound(this.#timers, nowMs)
    this.#setAlarm(tick(this.#timers, nowMs).nextAtMs, nowMs)
  }

  #setAlarm(atMs: number, nowMs: number): void {
    clearTimeout(this.#alarm)
    if (this.#mode === 'closed') return
    const nextMs = Math.min(atMs, this.#window.nextExpiryMs(nowMs))
    this.#alarm = setTimeout(() => this.#onAlarm(), Math.ceil(nextMs - nowMs))
  }

  #onAlarm(): void {
    const nowMs = this.#options.clock.monotonicMs()
    for (const context of this.#window.expire(nowMs)) {
      this.#freedSlots = true
      this.#handlers.onTimeout(context)
    }
    this.#afterTurn()
    if (this.mode === 'closed') return
    const { kind, timers, nextAtMs } = tick(this.#timers, nowMs)
    this.#timers = timers
    if (kind === 'dead') this.#end({ why: 'linkDead', error: new LinkDead(this.#options.enquireTimeoutMs) })
    else if (kind === 'overdue') this.#onOverdue()
    else if (kind === 'inactive') this.#unbind()
    else {
      if (kind === 'enquire') this.#write(COMMAND.enquireLink, 0, this.#nextSequence())
      this.#setAlarm(nextAtMs, nowMs)
    }
  }

  #onOverdue(): void {
    if (this.#mode === 'draining') this.#unbind()
    else if (this.#mode === 'unbinding') this.#end({ why: 'unbound', error: null })
    else if (this.#mode === 'binding') {
      const message = `the SMSC did not answer the bind in ${this.#options.bindTimeoutMs} ms`
      this.#refuseBind({ ok: false, why: 'noAnswer', status: null, message })
    }
  }

  #onData(chunk: Buffer): void {
    try {
      this.#onPdus(this.#framer.push(chunk))
    } catch (cause) {
      if (!(cause instanceof FramingError)) throw cause
      // Answers that came whole before the garbage are answers.
      this.#onPdus(cause.complete)
      this.#end({ why: 'protocolError', error: new ProtocolError('the stream is not SMPP any more', cause) })
    }
  }

  #onPdus(pdus: readonly Buffer[]): void {
    if (pdus.length === 0) return
    const nowMs = this.#options.clock.monotonicMs()
    this.#timers = onPdu(this.#timers, nowMs, pdus.some(frames.isMessage))
    for (const pdu of pdus) {
      if (this.mode === 'closed') return
      this.#onPdu(pdu, nowMs)
    }
    this.#afterTurn()
  }

  #onPdu(pdu: Buffer, nowMs: number): void {
    const commandId = frames.commandIdOf(pdu)
    switch (commandId) {
      case COMMAND.submitSmResp:
      case COMMAND.genericNack:
        this.#onAnswer(pdu, nowMs)
        break
      case COMMAND.deliverSm:
      case COMMAND.dataSm:
        this.#onDelivery(pdu, commandId)
        break
      case COMMAND.enquireLink:
        this.#write(COMMAND.enquireLinkResp, 0, frames.sequenceOf(pdu))
        break
      case COMMAND.bindTransceiverResp:
      case COMMAND.bindTransmitterResp:
      case COMMAND.bindReceiverResp:
        this.#onBindResp(pdu)
        break
      case COMMAND.unbind:
        this.#write(COMMAND.unbindResp, 0, frames.sequenceOf(pdu))
        this.#end({ why: 'unboundByPeer', error: new UnboundByPeer() })
        break
      case COMMAND.unbindResp:
        if (this.#mode === 'unbinding') this.#end({ why: 'unbound', error: null })
        break
      case COMMAND.alertNotification:
        break
      default:
        // enquire_link_resp has done its part by arriving. No response is answered, known or not: two peers that do
        // not understand each other's nacks would go on for ever.
        if (!frames.isResponse(pdu)) {
          this.#write(COMMAND.genericNack, STATUS.ESME_RINVCMDID!, frames.sequenceOf(pdu))
        }
    }
  }

  /** submit_sm_resp, or generic_nack for whatever the peer could not read. */
  #onAnswer(pdu: Buffer, nowMs: number): void {
    const sequence = frames.sequenceOf(pdu)
    const status = frames.statusOf(pdu)
    if (this.#mode === 'binding' && sequence === this.#bindSequence) this.#refuseBind(bindRefusal(status))
    const pending = this.#window.resolve(sequence)
    if (!pending) return
    const response = { status, messageId: status === 0 ? frames.messageIdOf(pdu) : null }
    const latencyMs = nowMs - pending.sentAtMs
    if (pending.late) {
      this.#handlers.onLateResponse(pending.context, response, latencyMs)
    } else {
      this.#freedSlots = true
      this.#handlers.onResponse(pending.context, response, latencyMs)
    }
  }

  /**
   * A transmitter is not sent any (SMPP 3.4 §2.3). A gateway that does it all the same is heard: ESME_RINVBNDSTS would
   * have it send the receipt over the same bind again and again, or throw it away.
   */
  #onDelivery(pdu: Buffer, commandId: number): void {
    const sequence = frames.sequenceOf(pdu)
    const respond = (status: number): void =>
      this.#transport.write(frames.deliveryResp(commandId, status, sequence))
    if (this.#mode === 'open' || this.#mode === 'binding') {
      respond(STATUS.ESME_RINVBNDSTS!)
      return
    }
    const decoded = this.#decode(pdu, () => respond(STATUS.ESME_RINVMSGLEN!))
    if (!decoded) return
    let answered = false
    this.#unacknowledged++
    this.#handlers.onDeliver(decoded, (status) => {
      if (answered || this.#mode === 'closed') return
      answered = true
      this.#unacknowledged--
      respond(status)
      this.#unbindWhenEmpty()
    })
  }

  #onBindResp(pdu: Buffer): void {
    if (this.#mode !== 'binding' || frames.sequenceOf(pdu) !== this.#bindSequence) return
    const status = frames.statusOf(pdu)
    if (status !== 0) {
      this.#refuseBind(bindRefusal(status))
      return
    }
    const decoded = this.#decode(pdu)
    if (!decoded) return
    this.#setMode('bound')
    this.#bindDone(bindAccepted(decoded))
    this.#handlers.onBound()
  }

  /** A body that cannot be read is answered, then this session ends: what else it misread, nobody knows. */
  #decode(pdu: Buffer, answer?: () => void): Pdu | null {
    try {
      return decodePdu(pdu)
    } catch (cause) {
      if (!(cause instanceof MalformedPdu)) throw cause
      answer?.()
      this.#end({ why: 'protocolError', error: new ProtocolError(frames.describe(pdu), cause) })
      return null
    }
  }

  #refuseBind(result: BindResult): void {
    this.#bindDone(result)
    this.#end({ why: 'bindRefused', error: null })
  }

  #afterTurn(): void {
    if (this.#freedSlots) this.#offerSlots()
    this.#unbindWhenEmpty()
  }

  #offerSlots(): void {
    this.#freedSlots = false
    if (this.canSubmit) this.#handlers.onWritable()
  }

  #unbindWhenEmpty(): void {
    if (this.#mode === 'draining' && this.#window.size === 0 && this.#unacknowledged === 0) this.#unbind()
  }

  #unbind(): void {
    this.#write(COMMAND.unbind, 0, this.#nextSequence())
    this.#setMode('unbinding', this.#options.bindTimeoutMs)
  }

  #end(end: SessionEnd): void {
    if (this.#mode === 'closed') return
    this.#setMode('closed')
    if (end.why === 'destroyed' || end.why === 'linkDead') this.#transport.destroy()
    else this.#transport.close()
    this.#bindDone(disconnected(end.error?.message ?? `the session ended: ${end.why}`))
    this.#handlers.onClose(end, this.#window.drainAll())
    this.#closed.resolve()
  }

  #write(commandId: number, status: number, sequence: number): void {
    this.#transport.write(frames.headerPdu(commandId, status, sequence))
  }

  #nextSequence(): number {
    this.#sequence = nextSequence(this.#sequence, (sequence) => this.#window.has(sequence))
    return this.#sequence
  }
}

function disconnected(message: string): BindResult {
  return { ok: false, why: 'disconnected', status: null, message }
}
