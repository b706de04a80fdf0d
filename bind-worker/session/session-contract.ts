import type { BindAs } from '../../shared/contracts/records.ts'
import type { DakgharError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/ports.ts'
import type { Pdu } from '../../shared/smpp/codec.ts'

export type SessionMode = 'open' | 'binding' | 'bound' | 'draining' | 'unbinding' | 'closed'

/** Why a session ended; the error is there when something went wrong. */
export interface SessionEnd {
  why:
    | 'bindRefused'
    | 'unbound'
    | 'unboundByPeer'
    | 'linkDead'
    | 'protocolError'
    | 'connectionLost'
    | 'destroyed'
  error: DakgharError | null
}

export interface SubmitResponse {
  /** command_status; 0 is ESME_ROK. */
  status: number
  /** As the SMSC wrote it; null when it gave none. */
  messageId: string | null
}

/** What a session tells its owner. None of these may throw. */
export interface SessionHandlers<T> {
  onBound(): void
  /** The segment was answered in time, by submit_sm_resp or generic_nack. */
  onResponse(context: T, response: SubmitResponse, latencyMs: number): void
  /** The segment was answered after `onTimeout` was called for it. */
  onLateResponse(context: T, response: SubmitResponse, latencyMs: number): void
  /** No answer came within the response timeout; the slot is free again. */
  onTimeout(context: T): void
  /**
   * A deliver_sm or data_sm, whose octets are valid only during the call. It is answered when `ack` is called with a
   * command_status, now or later; not answered at all, the SMSC sends it again.
   */
  onDeliver(pdu: Pdu, ack: (status: number) => void): void
  /** Slots of the window became free, or the peer reads again: `submit` may succeed now. Once per turn. */
  onWritable(): void
  /** Called once, last. `unanswered` was submitted and is neither answered nor timed out, in the order sent. */
  onClose(end: SessionEnd, unanswered: T[]): void
}

export interface SessionOptions {
  bindAs: BindAs
  systemType: string
  /** Segments that may await their response at once. */
  window: number
  responseTimeoutMs: number
  enquireAfterMs: number
  enquireTimeoutMs: number
  /** Longest wait for the answer to a bind or unbind. */
  bindTimeoutMs: number
  /** Unbinds a session over which no message went for so long; left out, it stays. */
  inactivityMs?: number
  clock: Pick<Clock, 'monotonicMs'>
}
