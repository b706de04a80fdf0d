import { describe, expect, it } from 'vitest'
import { workerConfig } from '../../bind-worker/config.ts'

describe('the settings of a worker', () => {
  it('have defaults for all but the route', () => {
    expect(workerConfig({ ROUTE_ID: 'demo' })).toEqual({
      routeId: 'demo',
      routeShare: 1,
      rememberedIds: 1_000_000,
    })
  })

  it.each([
    ['1/3', 1 / 3],
    ['0.25', 0.25],
    ['1', 1],
  ])('take a share of %s', (share, value) => {
    expect(workerConfig({ ROUTE_ID: 'demo', ROUTE_SHARE: share }).routeShare).toBe(value)
  })

  it.each(['3/2', '0/2', '1/0', 'half', '-0.5'])('refuse a share of %s', (share) => {
    expect(() => workerConfig({ ROUTE_ID: 'demo', ROUTE_SHARE: share })).toThrow(/routeShare/)
  })

  it('are refused together, each by name', () => {
    const env = { HEALTH_PORT: '99999', ROUTE_SHARE: '0' }
    expect(() => workerConfig(env)).toThrow(
      /routeId[\s\S]*healthPort[\s\S]*routeShare|healthPort[\s\S]*routeShare[\s\S]*routeId/,
    )
  })
})
