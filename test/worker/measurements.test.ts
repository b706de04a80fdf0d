import { afterEach, describe, expect, it } from 'vitest'
import type { MetricValues } from '../../shared/metrics.ts'
import { until } from '../support/until.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

describe('the numbers a worker puts out', () => {
  it('are what it holds, and for each bind its window, latency and rate', async () => {
    const put: [Readonly<Record<string, string>>, MetricValues][] = []
    const metrics = {
      put: (dimensions: Record<string, string>, values: MetricValues) => put.push([dimensions, values]),
    }
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
    expect(put[0]![1]).toMatchObject({ heldBatches: [0, 'count'], receiptsUnanswered: [0, 'count'] })
    expect(put[1]![1]).toMatchObject({
      bound: [1, 'count'],
      window: [expect.any(Number), 'count'],
      responseLatencyP50: [expect.any(Number), 'milliseconds'],
      segmentsPerSecond: [expect.any(Number), 'perSecond'],
    })
  })
})
