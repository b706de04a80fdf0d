import { afterEach, describe, expect, it } from 'vitest'
import type { MetricValues } from '../../shared/metrics.ts'
import { STATUS } from '../../shared/smpp/codec.ts'
import { until } from '../support/until.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

describe('the numbers a worker puts out', () => {
  const put: [Readonly<Record<string, string>>, MetricValues][] = []
  const metrics = {
    put: (dimensions: Readonly<Record<string, string>>, values: MetricValues) =>
      void put.push([dimensions, values]),
  }
  const sum = (name: string) => put.reduce((total, [, values]) => total + (values[name]?.[0] ?? 0), 0)
  afterEach(() => void put.splice(0))

  it('are what it holds, and for each bind its window, latency and rate', async () => {
    const { start, feed, facts } = await workerSetUp({ metrics, timing: { measureMs: 50 } })
    start()
    await feed(short(50))
    await until(async () => (await facts()).receipts.length === 50)
    put.length = 0
    await until(() => put.length >= 3)
    expect(put.map(([dimensions]) => dimensions)).toEqual([
      { route: 'demo' },
      { route: 'demo', bind: '0' },
      { route: 'demo', bind: '1' },
    ])
    expect(put[0]![1]).toMatchObject({
      bindsDown: [0, 'count'],
      heldBatches: [0, 'count'],
      receiptsUnanswered: [0, 'count'],
    })
    expect(put[1]![1]).toMatchObject({
      bound: [1, 'count'],
      window: [expect.any(Number), 'count'],
      responseLatencyP50: [expect.any(Number), 'milliseconds'],
      segmentsPerSecond: [expect.any(Number), 'perSecond'],
    })
  })

  it('count every segment and receipt once, in the minute it came, with the lag of final receipts', async () => {
    const delayMs = 1_500
    const { start, feed, facts } = await workerSetUp({
      ...{ metrics, timing: { measureMs: 50 } },
      simulator: { receiptDelayMs: { min: delayMs, max: delayMs } },
    })
    start()
    await feed(short(50))
    await until(async () => (await facts()).receipts.length === 50)
    await until(() => sum('receiptsPlaced') === 50)
    expect([sum('segmentsAccepted'), sum('segmentsRefused'), sum('segmentsUnconfirmed')]).toEqual([50, 0, 0])
    const lags = put.flatMap(([, { receiptLagP50 }]) => (receiptLagP50 ? [receiptLagP50[0]] : []))
    expect(lags).not.toEqual([])
    for (const lagMs of lags) expect(lagMs).toBeGreaterThanOrEqual(delayMs * 0.9)
  })

  it('count what the SMSC throttles', async () => {
    let throttles = 3
    const { start, feed, facts } = await workerSetUp({
      ...{ metrics, timing: { measureMs: 50, throttlePauseMs: 20 } },
      onSubmit: () => (throttles-- > 0 ? { status: STATUS.ESME_RTHROTTLED! } : undefined),
    })
    start()
    await feed(short(50))
    await until(async () => (await facts()).receipts.length === 50)
    await until(() => sum('segmentsAccepted') === 50)
    expect(sum('segmentsThrottled')).toBe(3)
  })

  it('tell how many binds are down', async () => {
    const { start } = await workerSetUp({
      ...{ metrics, timing: { measureMs: 50 } },
      secrets: { read: async () => ({ systemId: 'demo', password: 'wrong' }) },
    })
    start()
    await until(() => put.some(([, { bindsDown }]) => bindsDown?.[0] === 2))
  })
})
