import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../aws/system-clock.ts'
import { backoffMs } from '../../bind-worker/pacing/backoff.ts'
import { Session } from '../../bind-worker/session/session.ts'
import { connectSocket } from '../../bind-worker/session/socket-transport.ts'
import { SubmitEncoder } from '../../bind-worker/session/submit-encoder.ts'
import { createTimers, onBound, onPdu, tick, withModeDeadline } from '../../bind-worker/session/timers.ts'
import { PendingWindow } from '../../bind-worker/session/window.ts'
import type { BindAs } from '../../shared/contracts/records.ts'
import { encodePdu, type Pdu, STATUS } from '../../shared/smpp/codec.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'
import { classify } from '../../shared/smpp/status-class.ts'
import { TIMING } from '../../shared/timing.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import { RawEsme } from '../simulator/raw-esme.ts'
import { until } from '../support/until.ts'
import { planLine, route as routeConfig } from '../worker/factories.ts'

const simulators: Simulator[] = []
const sessions: Session<string>[] = []
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy()
  for (const simulator of simulators.splice(0)) await simulator.destroy()
})

async function smsc() {
  const simulator = await startSimulator({
    accounts: [{ systemId: 'demo', password: 'secret', systemType: 'GCM' }],
    receiptDelayMs: { min: 0, max: 20 },
    outcomes: { DELIVRD: 1 },
  })
  simulators.push(simulator)
  return simulator
}

/** A session bound to the simulator, and what it was told. */
async function bound(simulator: Simulator, bindAs: BindAs, systemType = 'GCM') {
  const route = routeConfig({ port: simulator.port })
  const transport = await connectSocket(route, { timeoutMs: 5_000, signal: new AbortController().signal })
  const told = { responses: [] as { status: number; messageId: string | null }[], deliveries: [] as Pdu[] }
  const session = new Session<string>(
    transport,
    {
      bindAs,
      systemType,
      window: 10,
      responseTimeoutMs: 5_000,
      enquireAfterMs: 30_000,
      enquireTimeoutMs: 5_000,
      bindTimeoutMs: 5_000,
      clock: systemClock,
    },
    {
      onBound() {},
      onResponse: (_context, response) => told.responses.push(response),
      onLateResponse() {},
      onTimeout() {},
      onDeliver(pdu, ack) {
        told.deliveries.push({ ...pdu, short_message: Buffer.from(pdu.short_message as Buffer) } as Pdu)
        ack(STATUS.ESME_ROK!)
      },
      onWritable() {},
      onClose() {},
    },
  )
  sessions.push(session)
  const result = await session.bind({ systemId: 'demo', password: 'secret' })
  return { session, result, ...told }
}

const line = planLine([1])
const message = (simulator: Simulator) =>
  new SubmitEncoder(routeConfig({ port: simulator.port }), line, {
    referenceBits: 8,
    validUntil: Date.now() + 3_600_000,
  }).encode(line.messages[0]!, 0)

describe('Bind types', () => {
  it('a transceiver can send and receive over a single connection', async () => {
    const simulator = await smsc()
    const { session, result, responses, deliveries } = await bound(simulator, 'transceiver')
    expect(result.ok).toBe(true)
    session.submit(message(simulator), 'one')
    await until(() => responses.length === 1 && deliveries.length === 1)
  })

  it('a transmitter can send, and its receipt waits for somebody who can receive', async () => {
    const simulator = await smsc()
    const transmitter = await bound(simulator, 'transmitter')
    transmitter.session.submit(message(simulator), 'one')
    await until(() => transmitter.responses.length === 1)
    const receiver = await bound(simulator, 'receiver')
    await until(() => receiver.deliveries.length === 1)
    expect(transmitter.deliveries).toEqual([])
  })

  it('a receiver cannot send: nothing is written, for the gateway would answer that it is not bound for it', async () => {
    const simulator = await smsc()
    const { session } = await bound(simulator, 'receiver')
    expect(session.submit(message(simulator), 'one')).toBeNull()
    const esme = await RawEsme.connect({ port: simulator.port })
    await esme.bind('bind_receiver', { system_type: 'GCM' })
    expect((await esme.submit()).command_status).toBe(STATUS.ESME_RINVBNDSTS)
    esme.destroy()
  })

  it('the gateway authenticates: a wrong system type is refused, the right one accepted', async () => {
    const simulator = await smsc()
    expect((await bound(simulator, 'transceiver', 'OTHER')).result.ok).toBe(false)
    expect((await bound(simulator, 'transceiver', 'GCM')).result.ok).toBe(true)
  })
})

describe('submit_sm_resp and deliver_sm', () => {
  it('the gateway’s message_id correlates with the receipt', async () => {
    const simulator = await smsc()
    const { session, responses, deliveries } = await bound(simulator, 'transceiver')
    session.submit(message(simulator), 'one')
    await until(() => deliveries.length === 1)
    expect(responses[0]).toMatchObject({ status: 0 })
    expect(receiptOf(deliveries[0]!).id).toBe(responses[0]!.messageId)
  })

  it('deliver_sm also carries messages from users to a virtual number', async () => {
    const simulator = await smsc()
    const { deliveries } = await bound(simulator, 'transceiver')
    expect(await simulator.sendMo({ from: '919876543210', to: '56161', text: 'HELP' })).toBe(true)
    expect(receiptOf(deliveries[0]!).isReceipt).toBe(false)
    expect(String(deliveries[0]!.short_message)).toBe('HELP')
  })
})

describe('Without valid DLT TLVs', () => {
  it('the gateway rejects the PDU with 0x00000045', async () => {
    const simulator = await smsc()
    const { session, responses } = await bound(simulator, 'transceiver')
    const bare = { source_addr: 'GCMDIA', destination_addr: '919876543210', short_message: Buffer.from('hi') }
    session.submit(encodePdu('submit_sm', bare), 'bare')
    await until(() => responses.length === 1)
    expect(responses[0]!.status).toBe(0x45)
    expect(simulator.truth().submitted).toBe(0)
  })

  it('the report says what 0x45 means there, whatever SMPP 3.4 calls it', () => {
    expect(classify(0x45)).toMatchObject({ class: 'permanent', name: 'ESME_RSUBMITFAIL' })
    expect(classify(0x45).sentence).toContain('DLT')
  })
})

describe('Window size', () => {
  it.each([
    [1, 30, 50],
    [10, 200, 400],
    [50, 1_000, 2_000],
    [100, 3_000, 5_000],
  ])('of %i gives %i–%i messages per second at the table’s 25 ms response delay', (size, least, most) => {
    expect(perSecond(size, 25)).toBeGreaterThanOrEqual(least)
    expect(perSecond(size, 25)).toBeLessThanOrEqual(most)
  })

  /** Messages through our window in one second of virtual time, each answered after `delayMs`. */
  function perSecond(size: number, delayMs: number): number {
    const window = new PendingWindow<number>({ capacity: size, timeoutMs: 60_000 })
    const due: { at: number; sequence: number }[] = []
    let sequence = 0
    for (let now = 0; now < 1_000; now++) {
      while (due[0] && due[0].at <= now) window.resolve(due.shift()!.sequence)
      while (window.add(sequence, sequence, now)) due.push({ at: now + delayMs, sequence: sequence++ })
    }
    return sequence
  }
})

describe('Keep-alive and reconnection', () => {
  it('a silent link is asked after 30 seconds, and is dead when it does not answer', () => {
    const config = {
      enquireAfterMs: 30_000,
      enquireTimeoutMs: 10_000,
      inactivityMs: Number.POSITIVE_INFINITY,
    }
    const timers = withModeDeadline(onBound(createTimers(config), 0), Number.POSITIVE_INFINITY)
    expect(tick(timers, 29_999).kind).toBe('none')
    const asked = tick(timers, 30_000)
    expect(asked.kind).toBe('enquire')
    expect(tick(asked.timers, 40_000).kind).toBe('dead')
    expect(tick(onPdu(asked.timers, 39_000, false), 40_000).kind).toBe('none')
  })

  it('reconnects with exponential backoff, at most 60 seconds, and never gives up', () => {
    const longest = (failures: number) => backoffMs(failures, TIMING, 1)
    expect([1, 2, 3, 4, 5, 6].map(longest)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000])
    expect(longest(7)).toBe(60_000)
    expect(longest(10_000)).toBe(60_000)
  })
})
