/** The password of the SMPP account is changed while messages flow: at the gateway first, or here first. */
import { afterEach, describe, expect, it } from 'vitest'
import { STATUS } from '../../shared/smpp/codec.ts'
import { until } from '../support/until.ts'
import { endWorkers, short, timing, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const BINDS = 3
const BATCHES = 6
const ALL = BATCHES * 100
const WRONG_PASSWORD = String(STATUS.ESME_RINVPASWD)

/** A worker under way with a lot to send, whose secret may be changed. */
async function underWay() {
  const secret = { systemId: 'demo', password: 'secret' }
  const set = await workerSetUp({
    route: { binds: BINDS, tps: 400 },
    simulator: { responseDelayMs: { min: 5, max: 20 } },
    secrets: { read: async () => ({ ...secret }) },
    // No second attempt with a refused password, however slow the machine.
    seenAs: (deps) => ({ ...deps, timing: { ...timing, badCredentialsRetryMs: 600_000 } }),
  })
  const { worker } = set.start()
  await set.feed(...Array.from({ length: BATCHES }, () => short(100)))
  await until(() => set.smsc.truth().submitted >= 50 && worker.state().state === 'up')
  const { smsc } = set
  return {
    ...set,
    worker,
    secret,
    /** Cuts two binds of three. */
    cutTwo: async () => {
      for (const bind of [1, 2]) smsc.inject({ fault: 'disconnect', bind })
      // Not that one is left: they may be back before anybody looks.
      await until(() => worker.state().binds.filter(({ lastError }) => lastError !== null).length === 2)
    },
    isUp: () => until(() => worker.state().state === 'up' && smsc.binds === BINDS),
    /** Every part has one fact that says what became of it, and reached the SMSC at most once. */
    allAccountedFor: async () => {
      await until(async () => (await set.queued()) === 0, 30_000)
      await until(() => smsc.truth().receipts.pending === 0)
      const { outcomes } = await set.facts()
      expect(new Set(outcomes.map((row) => `${row[0]}.${row[1]}`)).size).toBe(ALL)
      expect(outcomes).toHaveLength(ALL)
      const cut = outcomes.filter((row) => row[4] === 'unconfirmed').length
      expect(outcomes.filter((row) => row[4] === 'accepted')).toHaveLength(ALL - cut)
      expect(smsc.truth().messages).toMatchObject({ incomplete: 0, repeated: 0 })
      expect(smsc.truth().submitted).toBeGreaterThanOrEqual(ALL - cut)
      return { cut }
    },
  }
}

describe('a password changed while messages flow', () => {
  it('at the gateway first: nothing is lost or sent twice, and every bind comes back with the new secret', async () => {
    const { smsc, worker, secret, cutTwo, isUp, allAccountedFor } = await underWay()
    smsc.changePassword('newer')
    await cutTwo()
    await until(() => smsc.refusedBinds[WRONG_PASSWORD] === 1)
    const before = smsc.truth().submitted
    await until(() => smsc.truth().submitted > before + 20)
    expect(worker.state().state).toBe('degraded')
    secret.password = 'newer'
    await isUp()
    await allAccountedFor()
    expect(smsc.refusedBinds).toEqual({ [WRONG_PASSWORD]: 1 })
    expect(worker.state().binds.filter(({ lastError }) => lastError === null)).toHaveLength(1)
  })

  it('here first: nothing is lost or sent twice, and cut binds come back with the last good one', async () => {
    const { smsc, worker, secret, cutTwo, isUp, allAccountedFor } = await underWay()
    secret.password = 'newer'
    await cutTwo()
    await isUp()
    expect(smsc.refusedBinds).toEqual({ [WRONG_PASSWORD]: 1 })
    smsc.changePassword('newer')
    await allAccountedFor()
    expect(worker.state().binds.filter(({ lastError }) => lastError === null)).toHaveLength(1)
  })

  it('with nothing cut: no bind notices', async () => {
    const { smsc, worker, secret, allAccountedFor } = await underWay()
    smsc.changePassword('newer')
    secret.password = 'newer'
    expect(await allAccountedFor()).toEqual({ cut: 0 })
    expect(smsc.refusedBinds).toEqual({})
    expect(worker.state().binds.map(({ lastError }) => lastError)).toEqual([null, null, null])
  })
})
