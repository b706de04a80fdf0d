import { afterEach, describe, expect, it } from 'vitest'
import { foldPage } from '../../shared/ledger/fold-page.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN, TERMS } from './factories.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const RESEND = { ...TERMS, policy: 'resend' } as const

describe('under policy resend', () => {
  it('a worker killed in the middle of a batch leaves nothing unsent, and every second copy is counted', async () => {
    const { deps, smsc, start, feedOn, facts, queued } = await workerSetUp({
      route: { tps: 200 },
      // Slow answers, so that some segments are there without one when the worker dies.
      simulator: { responseDelayMs: { fixedMs: 300 } },
    })
    const first = start()
    await feedOn(RESEND, short(100))
    await until(() => smsc.truth().submitted >= 30)
    await first.kill()
    start()
    await until(async () => (await queued()) === 0, 20_000)

    const copies = Map.groupBy(smsc.log, (record) => record.to)
    expect(copies.size).toBe(100)
    const twice = [...copies.values()].filter((records) => records.length > 1).length
    expect(twice).toBeGreaterThan(0)
    const page = await deps.ledger.readPage(CAMPAIGN, 0)
    const summary = foldPage({ batches: [Array(100).fill(1)] }, page, { receipts: 'part', asOf: 0 })
    expect(summary.segments).toMatchObject({ accepted: 100, unconfirmed: 0 })
    expect(summary.segments.resent).toBeGreaterThanOrEqual(twice)
    expect((await facts()).claims).toMatchObject([{ state: 'finished', crashes: 1 }])
  })

  it('a segment whose response is lost goes again after the response timeout', async () => {
    const seen = new Map<string, number>()
    const { smsc, start, feedOn, facts, queued } = await workerSetUp({
      route: { responseTimeoutMs: 300 },
      onSubmit: ({ to }) => {
        seen.set(to, (seen.get(to) ?? 0) + 1)
        return to.endsWith('3') && seen.get(to) === 1 ? { drop: 'response' } : undefined
      },
    })
    start()
    await feedOn(RESEND, short(10))
    await until(async () => (await queued()) === 0)
    const kinds = Map.groupBy((await facts()).outcomes, (row) => row[4])
    expect(kinds.get('accepted')).toHaveLength(10)
    expect(kinds.get('resent')).toHaveLength(1)
    expect(smsc.truth().submitted).toBe(11)
  })
})
