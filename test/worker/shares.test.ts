import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

describe('two tasks with half of a route each', () => {
  it('hold the binds of the route between them, and both send', async () => {
    const { smsc, start, feed, facts, queued } = await workerSetUp({
      route: { binds: 4, tps: 400 },
      routeShare: 0.5,
      simulator: { accounts: [{ systemId: 'demo', password: 'secret', maxBinds: 4 }] },
    })
    const tasks = [start().worker, start().worker]
    await until(() => tasks.every((task) => task.state().state === 'up'))
    expect(smsc.binds).toBe(4)
    // More batches than one task prefetches.
    await feed(...Array.from({ length: 40 }, () => short(10)))
    await until(async () => (await facts()).outcomes.length === 400 && (await queued()) === 0)
    expect((await facts()).outcomes.every((row) => row[4] === 'accepted')).toBe(true)
    const sentBy = tasks.map((task) => task.state().binds.map(({ submitted }) => submitted))
    expect(sentBy.map((binds) => binds.length)).toEqual([2, 2])
    expect(sentBy.flat().reduce((sum, submitted) => sum + submitted)).toBe(400)
    for (const binds of sentBy) expect(Math.max(...binds)).toBeGreaterThan(0)
    expect(smsc.refusedBinds).toEqual({})
  })

  it('of three binds leave one closed rather than open one too many', async () => {
    const { smsc, start } = await workerSetUp({
      route: { binds: 3 },
      routeShare: 0.5,
      simulator: { accounts: [{ systemId: 'demo', password: 'secret', maxBinds: 3 }] },
    })
    const tasks = [start().worker, start().worker]
    await until(() => tasks.every((task) => task.state().state === 'up'))
    expect(tasks.map((task) => task.state().binds.length)).toEqual([1, 1])
    expect(smsc.refusedBinds).toEqual({})
  })

  it('of one bind are refused at the start', async () => {
    const { start } = await workerSetUp({ route: { binds: 1 }, routeShare: 0.5 })
    expect(start).toThrow(/route "demo": ROUTE_SHARE 0\.5 of its binds \(1\)/)
  })

  it('of pairs have as many transmitters as receivers', async () => {
    const { start } = await workerSetUp({ route: { binds: 4, bindType: 'pair' }, routeShare: 0.5 })
    const { worker } = start()
    expect(worker.state().binds.map(({ bindAs }) => bindAs)).toEqual([
      'transmitter',
      'transmitter',
      'receiver',
      'receiver',
    ])
  })
})
