import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { vendorTlv } from '../../../shared/smpp/codec.ts'
import { answerTo } from '../../../simulator/control.ts'
import type { FaultInput } from '../../../simulator/faults/fault.ts'
import { Scenario } from '../../../simulator/faults/scenario.ts'
import { until } from '../../support/until.ts'
import { simulatorHarness } from '../harness.ts'
import { SUBMIT } from '../raw-esme.ts'

const harness = simulatorHarness()

/** Refused unless the scenario's setting holds. */
const withoutEntity = { [vendorTlv(0x1400)]: Buffer.alloc(0) }

describe('a scenario', () => {
  it('plays its events: at a moment and for a while', async () => {
    const events = [{ at: 0, for: 60, do: { fault: 'throttle' } }] as const
    const esme = await harness.bound(await harness.start({ scenario: { events: [...events] } }))
    expect((await esme.submit()).command_status).toBe(0x58)
    await until(async () => (await esme.submit()).command_status === 0)
  })

  it('plays its events: again and again', async () => {
    const esme = await harness.bound(
      await harness.start({ scenario: { events: [{ every: 20, do: { fault: 'mo' } }] } }),
    )
    await esme.until(() => esme.deliveries().length >= 3)
  })

  it('has settings, and what is said beside it goes before them', async () => {
    const scenario = { settings: { idFormat: 'decimal', requireDlt: false } } as const
    const esme = await harness.bound(await harness.start({ scenario, idFormat: 'uuid' }))
    expect((await esme.submit(withoutEntity)).message_id).toMatch(/^[0-9a-f]{8}-/)
    const plain = await harness.bound(await harness.start({ scenario }))
    expect((await plain.submit()).message_id).toMatch(/^\d{19}$/)
  })

  it('draws the same lots for the same seed', async () => {
    const runs: boolean[][] = []
    for (const seed of ['a', 'a', 'b']) {
      const events = [{ at: 0, do: { fault: 'drop-response', share: 0.5 } }] as const
      const simulator = await harness.start({ seed, scenario: { events: [...events] } })
      const esme = await harness.bound(simulator)
      for (let n = 0; n < 64; n++) esme.send('submit_sm', SUBMIT)
      await until(() => simulator.truth().submitted === 64)
      runs.push(simulator.log.map((record) => record.responded))
    }
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]).not.toEqual(runs[0])
  })

  it.each([
    [{ every: 10, for: 20, do: { fault: 'throttle' } }, 'for must not exceed every'],
    [{ at: 0, do: { fault: 'earthquake' } }, 'fault'],
    [{ at: 0, do: { fault: 'throttle', tsp: 5 } }, 'tsp'],
  ])('is refused when an event is %j', (event, says) => {
    expect(String(Scenario.safeParse({ events: [event] }).error)).toContain(says)
  })

  it('is refused when it names an account or a port', () => {
    expect(Scenario.safeParse({ settings: { port: 1 } }).success).toBe(false)
  })
})

describe('the scenarios that come along', async () => {
  const folder = new URL('../../../examples/scenarios/', import.meta.url)
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))

  it.each(files)('%s can be played, and says what it does', async (name) => {
    const scenario = Scenario.parse(JSON.parse(await readFile(new URL(name, folder), 'utf8')))
    expect(scenario.summary).not.toBe('')
    const esme = await harness.connect(await harness.start({ scenario }))
    expect((await esme.bind()).command_status).toBe(0)
  })
})

describe('a fault injected', () => {
  it('must be one', async () => {
    const simulator = await harness.start()
    const earthquake = { fault: 'earthquake' } as unknown as FaultInput
    expect(() => simulator.inject(earthquake)).toThrow(expect.objectContaining({ code: 'simulator_fault' }))
  })

  it('may come over the control line, and be ended there', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    const inject = { cmd: 'inject', fault: { fault: 'queue-full' }, forMs: 3_600_000 }
    expect(await answerTo(simulator, JSON.stringify(inject))).toEqual({ injected: 'queue-full' })
    expect((await esme.submit()).command_status).toBe(0x14)
    expect(await answerTo(simulator, { cmd: 'calm' })).toEqual({ calm: true })
    expect((await esme.submit()).command_status).toBe(0)
    expect(await answerTo(simulator, { cmd: 'inject', fault: { fault: 'x' } })).toHaveProperty('error')
  })

  it('goes after what a hook says, and fills in what it leaves open', async () => {
    const simulator = await harness.start({
      onSubmit: ({ to }) => (to.endsWith('1') ? { status: 0x45 } : {}),
    })
    const esme = await harness.bound(simulator)
    simulator.inject({ fault: 'throttle' })
    expect((await esme.submit({ destination_addr: '911111111111' })).command_status).toBe(0x45)
    expect((await esme.submit({ destination_addr: '912222222222' })).command_status).toBe(0x58)
    expect(simulator.truth().faults).toEqual({ throttle: 1 })
  })
})
