import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { newApiKey, parseApiKey, secretMatches } from '../../shared/contracts/api-key.ts'
import { fakeIds } from '../support/memory-ports.ts'
import { ACME, type World, world } from './support/world.ts'

let at: World
beforeAll(async () => {
  at = await world()
})

describe('an API key', () => {
  it('is shown once; what is kept proves it without telling it', () => {
    const { text, record } = newApiKey(fakeIds(), randomBytes, { tenant: ACME, name: 'ci', createdAt: 5 })
    const parsed = parseApiKey(text)!
    expect(parsed.id).toBe(record.id)
    expect(parsed.secret).toHaveLength(43)
    expect(record).toMatchObject({ tenant: ACME, name: 'ci', createdAt: 5, revokedAt: null })
    expect(JSON.stringify(record)).not.toContain(parsed.secret)
    expect(secretMatches(parsed.secret, record.secretHash)).toBe(true)
    expect(secretMatches(`${parsed.secret.slice(0, -1)}-`, record.secretHash)).toBe(false)
  })
})

describe('a call', () => {
  const entity = (authorization?: string) =>
    at.call('GET', '/v1/entity', { key: null, headers: authorization === undefined ? {} : { authorization } })

  it('with the key passes, whatever the case of the scheme', async () => {
    expect(await entity(`bearer ${at.keys.acme}`)).toMatchObject({ status: 200, body: { tenant: 'acme' } })
  })

  it.each([
    ['no key', () => undefined],
    ['another scheme', () => `Basic ${at.keys.acme}`],
    ['something that is no key', () => 'Bearer dk_123'],
    ['a wrong secret', () => `Bearer ${at.keys.acme.slice(0, -1)}A`],
    ['the secret of another key', () => `Bearer ${at.keys.acme.slice(0, 30)}${at.keys.rival.slice(30)}`],
    ['a key nobody was given', () => `Bearer dk_01K6N0B0DY0000000000000000_${'A'.repeat(43)}`],
    ['something after the key', () => `Bearer ${at.keys.acme} x`],
  ])('with %s is refused, always in the same words', async (_, authorization) => {
    const refused = await entity(authorization())
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer')
    expect(refused.body).toEqual((await entity()).body)
    expect(refused.body).toMatchObject({ code: 'unauthorised', instance: '/v1/entity' })
  })

  it('with a revoked key is refused', async () => {
    const fresh = await world()
    const id = parseApiKey(fresh.keys.acme)!.id
    await fresh.deps.registry.putKey({ ...(await fresh.deps.registry.key(id))!, revokedAt: 1 })
    expect((await fresh.call('GET', '/v1/entity')).status).toBe(401)
  })

  it('of the health check needs none', async () => {
    expect(await at.call('GET', '/v1/health', { key: null })).toMatchObject({
      status: 200,
      body: { ok: true },
    })
  })

  it('to every other path of the document needs one', async () => {
    for (const [path, methods] of Object.entries(at.document.paths)) {
      if (path === '/v1/health') continue
      for (const method of Object.keys(methods)) {
        const url = path.replaceAll(/\{\w+\}/g, 'x')
        const { status } = await at.call(method.toUpperCase() as 'GET', url, { key: null })
        expect(status, `${method} ${path}`).toBe(401)
      }
    }
  })
})
