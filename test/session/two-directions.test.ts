/** Submits and receipts share a session: neither may keep the other from getting through. Without a socket or a timer. */
import { describe, expect, test } from 'vitest'
import { Session } from '../../bind-worker/session/session.ts'
import type { Transport, TransportEvents } from '../../bind-worker/session/transport.ts'
import { decodePdu, encodePdu, type Pdu, type PduFields, STATUS } from '../../shared/smpp/codec.ts'
import { PduFramer } from '../../shared/smpp/framing.ts'
import { CREDENTIALS, Recorder, sessionOptions } from './support/factories.ts'
import { submitSm } from './support/open-session.ts'

const FLOOD = 10_000
const { ESME_ROK, ESME_RX_T_APPN } = STATUS

/** A connection in memory: what the session writes is kept, what arrives is said by the test. */
class MemoryTransport implements Transport {
  writable = true
  readonly bufferedOctets = 0
  readonly #framer = new PduFramer()
  readonly written: Pdu[] = []
  #events: TransportEvents | null = null

  attach(events: TransportEvents): void {
    this.#events = events
  }

  write(octets: Buffer): void {
    for (const frame of this.#framer.push(Buffer.from(octets))) this.written.push(decodePdu(frame))
  }

  close(): void {}
  destroy(): void {}

  /** Everything in one turn, as TCP hands it over when the peer is faster than we are. */
  arrive(...pdus: Buffer[]): void {
    this.#events!.onData(Buffer.concat(pdus))
  }

  drain(): void {
    this.writable = true
    this.#events!.onDrain()
  }

  of(command: string): Pdu[] {
    return this.written.filter((pdu) => pdu.command === command)
  }
}

function boundSession(window: number) {
  const transport = new MemoryTransport()
  const seen = new Recorder()
  const session = new Session(transport, sessionOptions({ window }), seen)
  void session.bind(CREDENTIALS)
  const [request] = transport.of('bind_transceiver')
  transport.arrive(encodePdu('bind_transceiver_resp', { sequence_number: request!.sequence_number }))
  const submit = () => session.submit(submitSm(), 'segment')
  return { transport, seen, session, submit, [Symbol.dispose]: () => session.destroy() }
}

const deliverSm = (sequence_number: number, fields: PduFields = {}) =>
  encodePdu('deliver_sm', {
    ...{ sequence_number, esm_class: 4, data_coding: 0, short_message: Buffer.from('id:1 stat:DELIVRD') },
    ...fields,
  })
const flood = (from = 1) => Array.from({ length: FLOOD }, (_, n) => deliverSm(from + n))
const accepted = (sequence: number | null) =>
  encodePdu('submit_sm_resp', { sequence_number: sequence!, message_id: '1' })

describe('a flood of receipts', () => {
  test('that nobody acknowledges yet holds up neither responses nor submits', () => {
    using opened = boundSession(2)
    const { transport, seen, submit } = opened
    seen.acknowledge = false
    const [first, second] = [submit(), submit()]
    expect(submit()).toBeNull()
    transport.arrive(...flood(), accepted(first), ...flood(FLOOD + 1), accepted(second))
    expect(seen.deliveries).toHaveLength(2 * FLOOD)
    expect(seen.responses).toHaveLength(2)
    expect(seen.writable).toBe(1)
    expect([submit(), submit(), submit()].map((sequence) => sequence !== null)).toEqual([true, true, false])
    expect(transport.of('submit_sm')).toHaveLength(4)
  })

  test('is held back by not being acknowledged, while the link and the submits go on', () => {
    using opened = boundSession(10)
    const { transport, seen, submit } = opened
    seen.acknowledge = false
    transport.arrive(...flood(), encodePdu('enquire_link', { sequence_number: 7 }))
    expect(transport.of('deliver_sm_resp')).toEqual([])
    expect(transport.of('enquire_link_resp')).toHaveLength(1)
    expect(submit()).not.toBeNull()

    for (const { ack } of seen.deliveries.slice(0, 3)) ack(ESME_ROK!)
    seen.deliveries[3]!.ack(ESME_RX_T_APPN!)
    expect(transport.of('deliver_sm_resp').map((pdu) => [pdu.sequence_number, pdu.command_status])).toEqual([
      [1, ESME_ROK],
      [2, ESME_ROK],
      [3, ESME_ROK],
      [4, ESME_RX_T_APPN],
    ])
  })
})

describe('submits at full speed', () => {
  test('with a full window and a peer that reads slowly hold up no receipt and no acknowledgement', () => {
    using opened = boundSession(100)
    const { transport, seen, submit } = opened
    while (submit() !== null);
    transport.writable = false
    transport.arrive(...flood())
    expect(seen.deliveries).toHaveLength(FLOOD)
    expect(transport.of('deliver_sm_resp')).toHaveLength(FLOOD)
    expect(submit()).toBeNull()
  })

  test('that fill every slot as it becomes free let each receipt through in its turn', () => {
    using opened = boundSession(10)
    const { transport, seen, submit } = opened
    const waiting: (number | null)[] = []
    const fill = () => {
      for (let sequence = submit(); sequence !== null; sequence = submit()) waiting.push(sequence)
    }
    seen.onWritable = fill
    fill()
    for (let turn = 1; turn <= 1_000; turn++) {
      transport.arrive(accepted(waiting.shift()!), deliverSm(turn))
      expect([seen.responses.length, seen.deliveries.length]).toEqual([turn, turn])
      expect(transport.of('submit_sm')).toHaveLength(10 + turn)
    }
  })

  test('wait for a peer that reads slowly, and are offered their slots when it has caught up', () => {
    using opened = boundSession(10)
    const { transport, seen, submit } = opened
    const first = submit()
    transport.writable = false
    transport.arrive(...flood(), accepted(first))
    expect([seen.responses.length, seen.writable]).toEqual([1, 0])
    transport.drain()
    expect(seen.writable).toBe(1)
    expect(submit()).not.toBeNull()
  })
})
