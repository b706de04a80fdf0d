import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { simulatorHarness } from '../harness.ts'
import { type RawEsme, SUBMIT } from '../raw-esme.ts'

const harness = simulatorHarness()

/** Sends so many in one write, to as many numbers; answers their sequence numbers. */
const sendMany = (esme: RawEsme, count: number): number[] =>
  esme.atOnce(() =>
    Array.from({ length: count }, (_, i) =>
      esme.send('submit_sm', { ...SUBMIT, destination_addr: `9198${String(i).padStart(8, '0')}` }),
    ),
  )
const responses = (esme: RawEsme) => esme.received.filter((pdu) => pdu.command === 'submit_sm_resp')
const answered = (esme: RawEsme) => responses(esme).map((pdu) => pdu.sequence_number)

it('latency: a late answer is overtaken by those after it', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'latency', latency: { fixedMs: 60 }, nth: 2 })
  const [a, b, c] = sendMany(esme, 3)
  await esme.until(() => answered(esme).length === 3)
  expect(answered(esme)).toEqual([a, c, b])
  expect(simulator.truth()).toMatchObject({ unanswered: 0, faults: { latency: 1 } })
})

describe('reorder-responses', () => {
  it('gives the answers of a full window in reverse', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    simulator.inject({ fault: 'reorder-responses', window: 4, holdMs: 60_000 })
    const sent = sendMany(esme, 8)
    await esme.until(() => answered(esme).length === 8)
    expect(answered(esme)).toEqual([...sent.slice(0, 4).reverse(), ...sent.slice(4).reverse()])
  })

  it('does not wait for ever for a window to fill', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    simulator.inject({ fault: 'reorder-responses', window: 100, holdMs: 20 })
    const sent = sendMany(esme, 3)
    await esme.until(() => answered(esme).length === 3)
    expect(answered(esme)).toEqual(sent.reverse())
  })
})

it('drop-response: accepted, reported, never answered, and the truth says so', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'drop-response', nth: 2 })
  const sent = sendMany(esme, 4)
  await esme.until(() => esme.deliveries().length === 4)
  expect(answered(esme)).toEqual([sent[0], sent[2]])
  expect(simulator.log.map((record) => record.responded)).toEqual([true, false, true, false])
  expect(simulator.truth()).toMatchObject({ submitted: 4, unanswered: 2, faults: { 'drop-response': 2 } })
})

it('drop-response by probability: a share of the answers is missing', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'drop-response', share: 0.3 })
  sendMany(esme, 1_000)
  await esme.until(() => esme.deliveries().length === 1_000)
  const { unanswered } = simulator.truth()
  expect(answered(esme)).toHaveLength(1_000 - unanswered)
  expect(unanswered / 1_000).toBeCloseTo(0.3, 1)
})

it('drop-message: neither answered nor reported, counted as lost', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'drop-message', nth: 2 })
  const sent = sendMany(esme, 3)
  await esme.until(() => esme.deliveries().length === 2)
  expect(answered(esme)).toEqual([sent[0], sent[2]])
  expect(simulator.truth()).toMatchObject({ submitted: 2, unanswered: 0, lost: 1 })
})

describe('throttle', () => {
  it('answers 0x58 to everything for a while', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    simulator.inject({ fault: 'throttle' }, 50)
    expect((await esme.submit()).command_status).toBe(0x58)
    await until(async () => (await esme.submit()).command_status === 0)
    expect(simulator.truth().submitted).toBe(1)
  })

  it.each(['account', 'bind'] as const)('answers 0x58 to what exceeds its TPS per %s', async (per) => {
    const simulator = await harness.start()
    const esmes = [await harness.bound(simulator), await harness.bound(simulator)]
    simulator.inject({ fault: 'throttle', tps: 10, per })
    for (const esme of esmes) sendMany(esme, 100)
    for (const esme of esmes) await esme.until(() => responses(esme).length === 100)
    const taken = new Map<string, number>()
    for (const { at, bind } of simulator.log) {
      const key = `${Math.floor(at / 1_000)} ${per === 'bind' ? bind : ''}`
      taken.set(key, (taken.get(key) ?? 0) + 1)
    }
    expect(Math.max(...taken.values())).toBe(10)
    const accepted = (esme: RawEsme) => responses(esme).filter((pdu) => pdu.command_status === 0).length
    if (per === 'bind') expect(Math.min(...esmes.map(accepted))).toBeGreaterThanOrEqual(10)
    expect(simulator.truth().refused['88']).toBe(200 - simulator.log.length)
  })
})

it('queue-full: 0x14 to as many as it is told', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'queue-full', nth: 3 })
  sendMany(esme, 6)
  await esme.until(() => responses(esme).length === 6)
  expect(responses(esme).map((pdu) => pdu.command_status)).toEqual([0, 0, 0x14, 0, 0, 0x14])
})

it('refuse: any other status, to one bind only when told so', async () => {
  const simulator = await harness.start()
  const first = await harness.bound(simulator)
  const second = await harness.bound(simulator)
  simulator.inject({ fault: 'refuse', status: 0x08, bind: 2 })
  expect((await first.submit()).command_status).toBe(0)
  expect((await second.submit()).command_status).toBe(0x08)
})

it('of two faults that refuse, the one that began first does', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'queue-full' })
  simulator.inject({ fault: 'throttle' })
  expect((await esme.submit()).command_status).toBe(0x14)
  expect(simulator.truth().faults).toEqual({ 'queue-full': 1 })
})

it('faults in force add up, until calm', async () => {
  const simulator = await harness.start()
  const esme = await harness.bound(simulator)
  simulator.inject({ fault: 'latency', latency: { fixedMs: 1 } })
  simulator.inject({ fault: 'drop-response', nth: 2 })
  sendMany(esme, 2)
  await esme.until(() => esme.deliveries().length === 2)
  expect(simulator.truth()).toMatchObject({ unanswered: 1, faults: { latency: 2, 'drop-response': 1 } })
  simulator.calm()
  await Promise.all([esme.submit(), esme.submit()])
  expect(simulator.truth()).toMatchObject({ unanswered: 1, faults: { latency: 2, 'drop-response': 1 } })
})
