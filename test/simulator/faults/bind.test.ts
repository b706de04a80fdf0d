import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { simulatorHarness } from '../harness.ts'

const harness = simulatorHarness()

describe('refuse-bind', () => {
  it.each([0x0d, 0x0e, 0x05])('answers status %i and closes, until it ends', async (status) => {
    const simulator = await harness.start()
    const lift = simulator.inject({ fault: 'refuse-bind', status })
    const refused = await harness.connect(simulator)
    expect((await refused.bind()).command_status).toBe(status)
    await refused.until(() => refused.closed)
    lift()
    const welcome = await harness.connect(simulator)
    expect((await welcome.bind()).command_status).toBe(0)
    expect(simulator.truth().faults).toEqual({ 'refuse-bind': 1 })
  })

  it('may mean one account only', async () => {
    const accounts = ['demo', 'other'].map((systemId) => ({ systemId, password: 'secret' }))
    const simulator = await harness.start({ accounts })
    simulator.inject({ fault: 'refuse-bind', systemId: 'other' })
    const other = await harness.connect(simulator)
    expect((await other.bind('bind_transceiver', { system_id: 'other' })).command_status).toBe(0x0d)
    const demo = await harness.connect(simulator)
    expect((await demo.bind()).command_status).toBe(0)
  })

  it('may mean binds of one kind only, as may what strikes connections', async () => {
    const simulator = await harness.start()
    simulator.inject({ fault: 'refuse-bind', kind: 'receiver' })
    const receiver = await harness.connect(simulator)
    expect((await receiver.bind('bind_receiver')).command_status).toBe(0x0d)
    simulator.calm()
    const [transmitter, other] = [await harness.connect(simulator), await harness.connect(simulator)]
    expect((await transmitter.bind('bind_transmitter')).command_status).toBe(0)
    expect((await other.bind('bind_receiver')).command_status).toBe(0)
    simulator.inject({ fault: 'disconnect', kind: 'receiver' })
    await other.until(() => other.closed)
    expect((await transmitter.submit()).command_status).toBe(0)
  })

  it('ends by itself after its time', async () => {
    const simulator = await harness.start()
    simulator.inject({ fault: 'refuse-bind' }, 50)
    await until(async () => {
      const esme = await harness.connect(simulator)
      return (await esme.bind()).command_status === 0
    })
    expect(simulator.truth().faults['refuse-bind']).toBeGreaterThan(0)
  })
})

it('ignore-bind: no answer, and the connection closed when the time to bind is over', async () => {
  const simulator = await harness.start({ sessionInitMs: 40 })
  simulator.inject({ fault: 'ignore-bind' })
  const esme = await harness.connect(simulator)
  esme.send('bind_transceiver', { system_id: 'demo', password: 'secret' })
  await esme.until(() => esme.closed)
  expect(esme.received).toEqual([])
  expect(simulator.truth().faults).toEqual({ 'ignore-bind': 1 })
})

it('close-after-bind: the bind is accepted, then the connection closes', async () => {
  const simulator = await harness.start()
  simulator.inject({ fault: 'close-after-bind' })
  const esme = await harness.connect(simulator)
  expect((await esme.bind()).command_status).toBe(0)
  await esme.until(() => esme.closed)
  expect(simulator.binds).toBe(0)
})

it('strikes every n-th bind when told so', async () => {
  const simulator = await harness.start()
  simulator.inject({ fault: 'refuse-bind', nth: 2 })
  const statuses: number[] = []
  for (let n = 0; n < 4; n++) {
    const esme = await harness.connect(simulator)
    statuses.push((await esme.bind()).command_status)
  }
  expect(statuses).toEqual([0, 0x0d, 0, 0x0d])
})
