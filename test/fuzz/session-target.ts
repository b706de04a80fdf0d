/**
 * The target with a session: binding, bound or draining, with a window of submitted segments, over a transport without
 * a socket. Whatever the peer sends, nothing may be thrown, every segment is handed back once, and a closed session keeps silent.
 */
import { Session } from '../../bind-worker/session/session.ts'
import type { SessionEnd, SessionHandlers } from '../../bind-worker/session/session-contract.ts'
import type { Transport, TransportEvents } from '../../bind-worker/session/transport.ts'
import { encodePdu } from '../../shared/smpp/codec.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'
import type { Case } from './cases.ts'

const SUBMITTED = 12
const FIRST_RESPONSE = 1

export interface SessionSeen {
  answered: number
  delivered: number
  end: SessionEnd['why']
}

/** A transport that only counts. */
class DeafTransport implements Transport {
  readonly writable = true
  readonly bufferedOctets = 0
  events: TransportEvents | null = null
  writes = 0
  closed = false
  writesAfterClose = 0

  attach(events: TransportEvents): void {
    this.events = events
  }
  write(): void {
    this.writes++
    if (this.closed) this.writesAfterClose++
  }
  close(): void {
    this.closed = true
  }
  destroy(): void {
    this.closed = true
  }
}

class Watch implements SessionHandlers<number> {
  readonly back = new Map<number, number>()
  answered = 0
  delivered = 0
  ends: SessionEnd['why'][] = []

  onBound(): void {}
  onWritable(): void {}
  onLateResponse(): void {}
  onResponse(context: number): void {
    this.answered++
    this.#handBack(context)
  }
  onTimeout(context: number): void {
    this.#handBack(context)
  }
  onDeliver(pdu: Parameters<SessionHandlers<number>['onDeliver']>[0], ack: (status: number) => void): void {
    this.delivered++
    receiptOf(pdu)
    // Some are acknowledged, some never: the session must bear both.
    if (this.delivered % 3 !== 0) ack(0)
  }
  onClose(end: SessionEnd, unanswered: number[]): void {
    this.ends.push(end.why)
    for (const context of unanswered) this.#handBack(context)
  }

  #handBack(context: number): void {
    this.back.set(context, (this.back.get(context) ?? 0) + 1)
  }
}

const SUBMIT = encodePdu('submit_sm', {
  destination_addr: '919876543210',
  short_message: Buffer.from('hello'),
})

/** What the session is at when the octets come. */
export const STAGES = ['bound', 'draining', 'binding'] as const
export type Stage = (typeof STAGES)[number]

export function attack(chunks: Case, stage: Stage): SessionSeen {
  const transport = new DeafTransport()
  const watch = new Watch()
  const session = bindingSession(transport, watch)
  if (stage !== 'binding') accept(session, transport)
  const submitted = stage === 'binding' ? 0 : SUBMITTED
  for (let context = 0; context < submitted; context++) session.submit(SUBMIT, context)
  if (stage === 'draining') void session.drain(60_000)
  const writesBefore = transport.writes
  let octetsIn = 0
  for (const chunk of chunks) {
    octetsIn += chunk.length
    transport.events!.onData(chunk)
    if (transport.closed) break
  }
  const answers = transport.writes - writesBefore
  session.destroy()

  if (answers * 16 > octetsIn + 32) throw new Error(`${answers} PDUs written for ${octetsIn} octets`)
  if (transport.writesAfterClose > 0) throw new Error('written after the end')
  if (watch.ends.length !== 1) throw new Error(`ended ${watch.ends.length} times`)
  const back = [...watch.back.values()]
  if (watch.back.size !== submitted || back.some((times) => times !== 1)) {
    throw new Error(`segments handed back: ${JSON.stringify([...watch.back])}`)
  }
  return { answered: watch.answered, delivered: watch.delivered, end: watch.ends[0]! }
}

function bindingSession(transport: DeafTransport, watch: Watch): Session<number> {
  const session = new Session(
    transport,
    {
      ...{ bindAs: 'transceiver', systemType: '', window: SUBMITTED, responseTimeoutMs: 60_000 },
      ...{ enquireAfterMs: 30_000, enquireTimeoutMs: 10_000, bindTimeoutMs: 10_000 },
      clock: { monotonicMs: () => 0 },
    },
    watch,
  )
  void session.bind({ systemId: 'fuzz', password: 'secret' })
  return session
}

function accept(session: Session<number>, transport: DeafTransport): void {
  const accepted = { system_id: 'SMSC', sequence_number: FIRST_RESPONSE }
  transport.events!.onData(encodePdu('bind_transceiver_resp', accepted))
  if (session.mode !== 'bound') throw new Error('the session did not bind')
}
