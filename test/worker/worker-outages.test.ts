import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { QUEUE } from './factories.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

describe('SIGTERM while the registry fails', () => {
  it('gives back what was waiting for the course of its campaign', async () => {
    const { smsc, deps, start, feed, facts } = await workerSetUp()
    deps.registry.controls = () => Promise.reject(new Error('throttled'))
    const { worker, drain } = start()
    await feed(short(10), short(10))
    await until(() => worker.state().heldBatches === 2)
    await drain()
    expect((await facts()).claims).toMatchObject([
      { state: 'queued', reserved: '0'.repeat(10) },
      { state: 'queued', reserved: '0'.repeat(10) },
    ])
    expect(await deps.queue.depth(QUEUE)).toMatchObject({ visible: 2, inFlight: 0 })
    expect(smsc.truth().submitted).toBe(0)
  })
})

describe('a route that goes down', () => {
  it('leaves its work to others: claims released, copies back in the queue', async () => {
    const { smsc, deps, start, feed, facts } = await workerSetUp({ route: { tps: 100 } })
    const { worker } = start()
    await feed(...Array.from({ length: 8 }, () => short(100)))
    await until(() => smsc.truth().submitted >= 20)
    await smsc.destroy()
    await until(async () => (await deps.queue.depth(QUEUE)).visible === 8)
    const { claims, outcomes } = await facts()
    expect(worker.state().heldBatches).toBe(0)
    expect(claims.map((claim) => claim.state)).toEqual(claims.map(() => 'queued'))
    const unsent = claims.flatMap((claim) => [...claim.reserved]).filter((bit) => bit === '0').length
    expect(unsent + outcomes.length).toBe(claims.length * 100)
    // What was written as the connection went may never have arrived: unconfirmed, and not counted by the SMSC.
    const accepted = outcomes.filter((row) => row[4] === 'accepted').length
    expect(smsc.truth().submitted).toBeGreaterThanOrEqual(accepted)
    expect(smsc.truth().submitted).toBeLessThanOrEqual(outcomes.length)
  })
})
