import { afterEach, describe, expect, it, vi } from 'vitest'
import { powertoolsMetrics } from '../../aws/metrics.ts'

afterEach(() => vi.restoreAllMocks())

describe('metrics on AWS', () => {
  it('are lines of the embedded metric format, each with its own dimensions', () => {
    const lines: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    const metrics = powertoolsMetrics('Dakghar', 'bind-worker')
    metrics.put(
      { route: 'demo', bind: '0' },
      { window: [50, 'count'], responseLatencyP50: [12, 'milliseconds'] },
    )
    metrics.put({ route: 'demo' }, { heldBatches: [3, 'count'] })

    const [bind, worker] = lines.map((line) => JSON.parse(line))
    expect(bind).toMatchObject({ route: 'demo', bind: '0', window: 50, responseLatencyP50: 12 })
    const [directive] = bind._aws.CloudWatchMetrics
    expect(directive.Namespace).toBe('Dakghar')
    expect(directive.Dimensions.flat().sort()).toEqual(['bind', 'route', 'service'])
    expect(directive.Metrics).toEqual([
      { Name: 'window', Unit: 'Count' },
      { Name: 'responseLatencyP50', Unit: 'Milliseconds' },
    ])
    expect(worker).not.toHaveProperty('bind')
    expect(worker).not.toHaveProperty('window')
  })
})
