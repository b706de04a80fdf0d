import { describe, expect, it } from 'vitest'
import { certificateFor } from '../../support/certificates.ts'
import { until } from '../../support/until.ts'
import { simulatorHarness } from '../harness.ts'
import { RawEsme, SUBMIT } from '../raw-esme.ts'

const harness = simulatorHarness()
const MEGABYTE = 1 << 20

describe('half-open', () => {
  it('neither reads nor answers nor closes, until it ends; new connections work', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    const lift = simulator.inject({ fault: 'half-open' })
    const sequence = esme.send('submit_sm', SUBMIT)
    const other = await harness.bound(simulator)
    await other.submit()
    expect(esme.received).toHaveLength(1)
    expect(esme.closed).toBe(false)
    expect(simulator.truth().submitted).toBe(1)
    lift()
    const response = await esme.next((pdu) => pdu.sequence_number === sequence)
    expect(response).toMatchObject({ command: 'submit_sm_resp', command_status: 0 })
  })

  it('never answers what it had accepted before', async () => {
    const simulator = await harness.start({ responseDelayMs: { fixedMs: 30 } })
    const esme = await harness.bound(simulator)
    esme.send('submit_sm', SUBMIT)
    await until(() => simulator.truth().submitted === 1)
    const lift = simulator.inject({ fault: 'half-open', bind: 1 })
    const other = await harness.bound(simulator)
    await other.submit()
    lift()
    expect((await esme.request('enquire_link')).command_status).toBe(0)
    expect(simulator.log.map((record) => record.responded)).toEqual([false, true])
    expect(simulator.truth()).toMatchObject({ submitted: 2, unanswered: 1 })
  })

  it('is not closed for its silence', async () => {
    const simulator = await harness.start({ enquireLinkSeconds: 0.03 })
    const frozen = await harness.bound(simulator)
    simulator.inject({ fault: 'half-open' })
    for (let n = 0; n < 2; n++) {
      const silent = await harness.bound(simulator, { answerEnquireLink: false })
      await silent.until(() => silent.closed)
    }
    expect(frozen.closed).toBe(false)
  })

  it('stops in the middle of what it has read, and goes on there', async () => {
    const simulator = await harness.start({
      scenario: { events: [{ when: { submitted: 3 }, for: 50, do: { fault: 'half-open' } }] },
    })
    const esme = await harness.bound(simulator)
    esme.atOnce(() => {
      for (let n = 0; n < 6; n++) esme.send('submit_sm', SUBMIT)
    })
    await until(() => simulator.truth().submitted === 6)
    expect(simulator.log.map((record) => record.responded)).toEqual([true, true, false, true, true, true])
  })
})

it('slow-reader: the peer cannot write on, but hears; then everything is answered', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  const lift = simulator.inject({ fault: 'slow-reader' })
  const refused = {
    ...SUBMIT,
    destination_addr: '',
    short_message: '',
    message_payload: Buffer.alloc(60_000),
  }
  for (let n = 0; n < 300; n++) esme.send('submit_sm', refused)
  simulator.inject({ fault: 'mo' })
  await esme.until(() => esme.deliveries().length === 1)
  expect(esme.socket.writableLength).toBeGreaterThan(MEGABYTE)
  expect(simulator.truth().refused).toEqual({})
  lift()
  await until(() => simulator.truth().refused[0x0b] === 300)
})

it('slow-reader with pauses: reads once, then not for a while', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  const lift = simulator.inject({ fault: 'slow-reader', pauseMs: 3_600_000 })
  await esme.submit()
  esme.send('submit_sm', SUBMIT)
  const other = await harness.bound(simulator)
  await other.submit()
  expect(simulator.log.map(({ bind }) => bind)).toEqual([1, 2])
  lift()
  await until(() => simulator.log.length === 3)
  simulator.inject({ fault: 'slow-reader', pauseMs: 1 })
  for (let n = 0; n < 20; n++) await esme.submit()
})

it('ignore-enquire: everything but enquire_link is answered', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  const lift = simulator.inject({ fault: 'ignore-enquire' })
  esme.send('enquire_link')
  await esme.submit()
  expect(esme.received.map((pdu) => pdu.command)).not.toContain('enquire_link_resp')
  lift()
  await esme.request('enquire_link')
  expect(simulator.truth().faults).toEqual({ 'ignore-enquire': 1 })
})

describe('disconnect', () => {
  it.each([
    ['close', null],
    ['reset', 'ECONNRESET'],
  ] as const)('%s: the connection is gone', async (how, errorCode) => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    simulator.inject({ fault: 'disconnect', how })
    await esme.until(() => esme.closed)
    expect(esme.errorCode).toBe(errorCode)
  })

  it('strikes one by lot, or the one that is named', async () => {
    const simulator = await harness.start()
    const esmes = [
      await harness.bound(simulator),
      await harness.bound(simulator),
      await harness.bound(simulator),
    ]
    simulator.inject({ fault: 'disconnect', bind: 2 })
    await until(() => simulator.binds === 2)
    await esmes[1]!.until(() => esmes[1]!.closed)
    simulator.inject({ fault: 'disconnect', pick: 'one' })
    await until(() => simulator.binds === 1)
    expect(simulator.truth().faults).toEqual({ disconnect: 2 })
  })

  it('at the n-th message: accepted, not answered, and so recorded; those after it never came', async () => {
    const simulator = await harness.start({
      scenario: { events: [{ when: { submitted: 3 }, do: { fault: 'disconnect' } }] },
    })
    const esme = await harness.bound(simulator)
    esme.atOnce(() => {
      for (let n = 0; n < 5; n++) esme.send('submit_sm', SUBMIT)
    })
    await esme.until(() => esme.closed)
    expect(esme.received.filter((pdu) => pdu.command === 'submit_sm_resp')).toHaveLength(2)
    expect(simulator.log.map((record) => record.responded)).toEqual([true, true, false])
    expect(simulator.truth()).toMatchObject({ submitted: 3, unanswered: 1 })
  })
})

it('cut-mid-pdu: half an answer, then nothing; the message counts as unanswered', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  const unreported = { ...SUBMIT, registered_delivery: 0 }
  const { command_length } = await esme.submit(unreported)
  simulator.inject({ fault: 'cut-mid-pdu' })
  esme.send('submit_sm', unreported)
  await esme.until(() => esme.closed)
  expect(esme.unfinishedOctets).toBe(command_length >> 1)
  expect(simulator.binds).toBe(0)
  expect(simulator.truth()).toMatchObject({ submitted: 2, unanswered: 1 })
})

it('works over TLS as well: half-open, then cut in the middle of a PDU', async () => {
  const tls = await certificateFor({ dns: 'localhost' })
  const simulator = await harness.start({ tls })
  const esme = await harness.bound(simulator, { ca: tls.cert })
  const lift = simulator.inject({ fault: 'half-open' })
  const sequence = esme.send('enquire_link')
  const other = await harness.bound(simulator, { ca: tls.cert })
  await other.request('enquire_link')
  expect(esme.received).toHaveLength(1)
  lift()
  await esme.next((pdu) => pdu.sequence_number === sequence)
  simulator.inject({ fault: 'cut-mid-pdu', bind: 1 })
  esme.send('enquire_link')
  await esme.until(() => esme.closed)
  expect(esme.unfinishedOctets).toBe(8)
})

it('restart: all connections close, new ones are refused for a while, then it is back on its port', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'restart', downMs: 300 })
  await esme.until(() => esme.closed)
  await expect(RawEsme.connect({ port: simulator.port })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await until(async () => {
    const back = await harness.connect(simulator).catch(() => null)
    return back !== null && (await back.bind()).command_status === 0
  })
  expect(simulator.truth().faults).toEqual({ restart: 1 })
})

it('restart does not keep a simulator from closing', async () => {
  const simulator = await harness.start()
  simulator.inject({ fault: 'restart', downMs: 3_600_000 })
  await simulator.close()
  await expect(RawEsme.connect({ port: simulator.port })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('unbind: the SMSC says goodbye first', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'unbind' })
  await esme.next((pdu) => pdu.command === 'unbind')
  await esme.until(() => esme.closed)
  expect(simulator.binds).toBe(0)
})

describe('what cannot be read', () => {
  it.each([
    [{ fault: 'garbage', octets: 4_096 }, /command_length \d+ is outside/],
    [{ fault: 'wrong-length', length: 8 }, /command_length 8 is outside/],
    [{ fault: 'wrong-length', length: 0x7fff_ffff }, /command_length 2147483647 is outside/],
    [{ fault: 'oversized', octets: 100_000 }, /command_length 100000 is outside/],
    [{ fault: 'malformed' }, /deliver_sm: .* has no NUL/],
  ] as const)('%j', async (fault, says) => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    simulator.inject(fault)
    await esme.until(() => esme.broken !== null)
    expect(esme.broken!.message).toMatch(says)
    expect(simulator.truth().faults).toEqual({ [fault.fault]: 1 })
  })

  it('a length too long swallows the PDUs after it', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    simulator.inject({ fault: 'wrong-length', length: 64 })
    esme.send('enquire_link')
    await esme.until(() => esme.unfinishedOctets === 32)
    expect(esme.received).toHaveLength(1)
  })
})
