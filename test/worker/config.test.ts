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

  it('are refused together, each by name', () => {
    const env = { HEALTH_PORT: '99999', ROUTE_SHARE: '0' }
    expect(() => workerConfig(env)).toThrow(
      /routeId[\s\S]*healthPort[\s\S]*routeShare|healthPort[\s\S]*routeShare[\s\S]*routeId/,
    )
  })
})

describe('a route that asks for what is not served', () => {
  it('is refused at the start, field by field', () => {
    const asked = route({ bindType: 'pair' })
    expect(() => mustBeServable(asked)).toThrow(/bindType/)
  })

  it('and one that does not, is not', () => {
    expect(() => mustBeServable(route())).not.toThrow()
  })
})
