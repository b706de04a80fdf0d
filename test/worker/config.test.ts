import { describe, expect, it } from 'vitest'
import { mustBeServable, workerConfig } from '../../bind-worker/config.ts'
import { route } from './factories.ts'

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

describe('a route that asks for what is not served', () => {
  it('is refused at the start, field by field', () => {
    expect(() => mustBeServable(route({ longMessage: 'sar' }))).toThrow(/longMessage/)
  })

  it.each(['transceiver', 'pair'] as const)('and one that does not, is not: %s', (bindType) => {
    expect(() => mustBeServable(route({ bindType }))).not.toThrow()
  })
})
