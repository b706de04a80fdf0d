import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { nextOpening } from '../../shared/dlt/sending-hours.ts'
import type { ClaimBid, Ledger } from '../../shared/ports.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN, TERMS } from './factories.ts'
import { endWorkers, short, timing, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

/** Minutes since midnight in India (UTC+5:30). */
const minuteInIndia = (at: number): number => Math.floor((at / 60_000 + 330) % 1_440)

const CLAIM_MS = 50

function withSlowClaims(ledger: Ledger, onBid: () => void): Ledger {
  const claim = ledger.claim.bind(ledger)
  return Object.assign(ledger, {
    claim: async (bid: ClaimBid) => {
      onBid()
      const answer = await claim(bid)
      await setTimeout(CLAIM_MS)
      return answer
    },
  })
}

describe('copies of one batch', () => {
  it('that one process gets at the same time are claimed once, and all deleted with the batch', async () => {
    let bids = 0
    const { smsc, start, feed, queued, facts } = await workerSetUp({
      route: { tps: 1_000 },
      seenAs: (deps) => ({ ...deps, ledger: withSlowClaims(deps.ledger, () => bids++) }),
    })
    // Small ones: a claim of another is wanted while the first is asked for.
    for (let copy = 1; copy <= 4; copy++) await feed(short(20))
    start()
    await until(async () => (await queued()) === 0)
    expect(smsc.truth().submitted).toBe(20)
    expect((await facts()).outcomes).toHaveLength(20)
    expect(bids).toBe(1)
  })

  it('that come to the same process are sent once, and all deleted', async () => {
    const { smsc, start, feed, queued, facts } = await workerSetUp({ route: { tps: 200 } })
    await feed(short(60))
    await feed(short(60))
    await feed(short(60))
    start()
    await until(async () => (await queued()) === 0)
    expect(smsc.truth().submitted).toBe(60)
    expect((await facts()).outcomes).toHaveLength(60)
  })

  it('that two workers get are sent by one of them, and the other deletes its own', async () => {
    const { smsc, start, feed, queued, facts } = await workerSetUp({ route: { tps: 200 } })
    start()
    start()
    await feed(short(60))
    await feed(short(60))
    await until(async () => (await queued()) === 0, 15_000)
    expect(smsc.truth().submitted).toBe(60)
    expect((await facts()).claims).toMatchObject([{ state: 'finished', crashes: 0 }])
  })
})

describe('sending hours that end in the middle of a batch', () => {
  it('park what has not begun until they open, its bits cleared', async () => {
    const { smsc, deps, start, feedOn, facts } = await workerSetUp({
      route: { tps: 100 },
      // The hours end when the clock of the worker is moved past them.
      seenAs: (seen) => ({ ...seen, clock: { ...seen.clock, now: () => Date.now() + ahead } }),
    })
    let ahead = 0
    const now = minuteInIndia(Date.now())
    const hours = { fromMinute: (now + 1_435) % 1_440, toMinute: (now + 60) % 1_440 }
    start()
    await feedOn({ ...TERMS, hours }, short(100))
    await until(() => smsc.truth().submitted >= 20)
    ahead = 60 * 60_000
    await until(async () => (await facts()).claims[0]?.state === 'parked')
    const { claims, outcomes } = await facts()
    expect(claims[0]!.parked?.reason).toBe('hours')
    expect(claims[0]!.parked?.notBefore).toBe(nextOpening(hours, deps.clock.now() + ahead))
    const cleared = [...claims[0]!.reserved].filter((bit) => bit === '0').length
    expect(cleared + outcomes.length).toBe(100)
  })
})

describe('a cancel', () => {
  it('is obeyed within two polls of the control: what leaves later was in the window', async () => {
    const { smsc, deps, start, feed, queued } = await workerSetUp({ route: { tps: 100 } })
    start()
    await feed(short(100), short(100))
    await until(() => smsc.truth().submitted >= 20)
    await deps.registry.setControl(CAMPAIGN, { state: 'cancelled', at: Date.now() })
    await deps.clock.sleep(2 * timing.controlPollMs + 100)
    const { submitted } = smsc.truth()
    await until(async () => (await queued()) === 0)
    expect(smsc.truth().submitted).toBe(submitted)
  })
})
