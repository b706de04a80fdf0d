import { describe, expect, it } from 'vitest'
import { RouteConfig, type RouteInput } from '../../../shared/contracts/route.ts'
import { poolExplainer } from '../../../shared/dlt/reasons/pool-reasons.ts'

const route = (fields: Partial<RouteInput>) =>
  RouteConfig.parse({ id: 'r', pool: 'p', host: 'h', port: 2776, secret: 'env:S', ...fields })
const KALEYRA = route({ dialect: 'kaleyra' })
const PLAIN = route({})

describe('a code of a pool', () => {
  it('is read in the dialect all its routes have', () => {
    expect(poolExplainer([KALEYRA, KALEYRA])('err:023').reason).toBe('template_mismatch')
  })

  it.each([
    ['have different ones', [KALEYRA, PLAIN]],
    ['are none', []],
  ])('is read as everybody does when its routes %s', (_, routes) => {
    expect(poolExplainer(routes)('err:027').reason).toBe('subscriber_absent')
  })

  it('is overridden when every route has the same override, however its code is written', () => {
    const one = route({ reasonOverrides: { 'err:77': 'Closed for the night.' } })
    const other = route({ reasonOverrides: { 'err:077': { sentence: 'Closed for the night.' } } })
    expect(poolExplainer([one, other])('err:077').sentence).toBe('Closed for the night.')
  })

  it.each([
    ['one route has none', {}],
    ['one route has another', { 'err:633': 'Not this.' }],
  ])('is not overridden when %s', (_, reasonOverrides) => {
    const one = route({ reasonOverrides: { 'err:633': 'This.' } })
    const other = route({ reasonOverrides })
    for (const routes of [
      [one, one, other],
      [other, one, one],
    ]) {
      expect(poolExplainer(routes)('err:633').sentence).toMatch(/differs from the registered template/)
    }
  })
})
