/** A route of which one bind works and the others do not: those must not disturb it. */
import { afterEach, describe, expect, it } from 'vitest'
import { STATUS } from '../../shared/smpp/codec.ts'
import type { Timing } from '../../shared/timing.ts'
import { until } from '../support/until.ts'
import { endWorkers, short, timing, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const ALL = 300
const WORKING = 1

/** Three binds, of which the first works; the others are cut before anything is sent, and `fault` meets them. */
async function oneOfThree(over: Partial<Timing>) {
  const set = await workerSetUp({
    route: { binds: 3, tps: 200 },
    simulator: { responseDelayMs: { min: 5, max: 20 } },
    seenAs: (deps) => ({ ...deps, timing: { ...timing, ...over } }),
  })
  const { worker } = set.start()
  await until(() => worker.state().state === 'up')
  return {
    ...set,
    worker,
    cutOthers: () => {
      for (const bind of [2, 3]) set.smsc.inject({ fault: 'disconnect', bind })
    },
    allAccepted: async () => {
      await until(async () => (await set.facts()).outcomes.length === ALL)
      expect((await set.facts()).outcomes.map((row) => row[4])).toEqual(Array(ALL).fill('accepted'))
    },
  }
}

describe('binds that are refused again and again', () => {
  it.each([
    ['already bound', STATUS.ESME_RALYBND!],
    ['throttled', STATUS.ESME_RTHROTTLED!],
  ])('with "%s" leave the one that works alone, and are bound once they may', async (why, status) => {
    const route = await oneOfThree({ alreadyBoundRetryMs: 100, throttlePauseMs: 100 })
    const lift = route.smsc.inject({ fault: 'refuse-bind', status })
    route.cutOthers()
    await until(() => (route.smsc.refusedBinds[status] ?? 0) >= 2)
    await route.feed(short(100), short(100), short(100))
    await route.allAccepted()
    expect(new Set(route.smsc.log.map((record) => record.bind))).toEqual(new Set([WORKING]))
    expect(route.smsc.refusedBinds[status]).toBeGreaterThanOrEqual(6)
    const errors = route.worker.state().binds.map(({ lastError }) => lastError)
    expect(errors.filter((error) => error === null)).toHaveLength(1)
    expect(errors.filter((error) => error?.includes(why))).toHaveLength(2)
    lift()
    await until(() => route.worker.state().state === 'up')
  })
})

describe('binds that are accepted and cut at once, again and again', () => {
  it('take no message from the one that works', async () => {
    const route = await oneOfThree({ reconnectBaseMs: 200, reconnectCapMs: 400 })
    route.smsc.inject({ fault: 'close-after-bind', afterMs: 20 })
    route.cutOthers()
    const flaps = () => route.smsc.truth().faults['close-after-bind'] ?? 0
    await until(() => flaps() >= 2)
    await route.feed(short(100), short(100), short(100))
    await route.allAccepted()
    expect(flaps()).toBeGreaterThanOrEqual(6)
    expect(new Set(route.smsc.log.map((record) => record.bind))).toEqual(new Set([WORKING]))
  })
})
