import { beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../lambdas/api/app.ts'
import { DakgharError } from '../../shared/errors.ts'
import { registerTemplate, TEMPLATE_ID, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
  await registerTemplate(at)
})

const JSON_TYPE = { 'content-type': 'application/json' }

describe('a body', () => {
  it.each([
    ['that is not JSON', '{"name": Orders}', JSON_TYPE, 400, 'invalid_json', /^the body is not JSON: .*O/],
    ['that is empty', '', JSON_TYPE, 400, 'invalid_json', /it is empty; send {}/],
    [
      'of a form',
      'name=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
      /application\/x-www-form-urlencoded: send JSON/,
    ],
    ['over 64 KiB', `{"name":"${'x'.repeat(65_536)}"}`, JSON_TYPE, 413, 'body_too_large', /64 KiB/],
    [
      'of multipart without boundary',
      'x',
      { 'content-type': 'multipart/form-data' },
      400,
      'invalid_multipart',
      /check its boundary/,
    ],
  ])('%s is refused with a code and a sentence', async (_, body, headers, status, code, detail) => {
    const refused = await at.call('POST', '/v1/campaigns', { body, headers })
    expect(refused).toMatchObject({ status, body: { code, type: `urn:dakghar:problem:${code}` } })
    expect(refused.body.detail).toMatch(detail)
  })

  it('that is missing is asked for', async () => {
    const refused = await at.call('POST', '/v1/campaigns')
    expect(refused).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })

  it.each([
    ['/v1/templates', { id: TEMPLATE_ID, nmae: 'x' }, 'body.nmae'],
    ['/v1/headers', { name: 'ACMEIN', operator: 'jio' }, 'body.operator'],
    ['/v1/campaigns', { name: 'x', templateId: TEMPLATE_ID, mapping: { phone: 'to' } }, 'body.mapping.phone'],
    ['/v1/campaigns/x/check', { launch: true }, 'body.launch'],
    ['/v1/campaigns/x/launch', { when: 'now' }, 'body.when'],
    ['/v1/campaigns/x/pause', { reason: 'x' }, 'body.reason'],
    ['/v1/messages/preview', { templateId: TEMPLATE_ID, to: '98' }, 'body.to'],
  ])('of %s with an unknown field is refused by its name', async (path, json, field) => {
    const refused = await at.call('POST', path, { json })
    expect(refused).toMatchObject({ status: 422, body: { code: 'unknown_field' } })
    expect(refused.body.errors).toContainEqual({
      path: field,
      message: expect.stringContaining('no field of this name'),
    })
  })

  it('names every fault at once', async () => {
    const refused = await at.call('POST', '/v1/campaigns', {
      json: { name: '', templateId: 1, validityHours: 100 },
    })
    expect(refused.body.errors.map((fault: { path: string }) => fault.path)).toEqual([
      'body.name',
      'body.templateId',
      'body.validityHours',
    ])
  })
})

describe('a query', () => {
  it.each([
    ['/v1/campaigns?limit=0', 'invalid_request', 'query.limit'],
    ['/v1/campaigns?limit=ten', 'invalid_request', 'query.limit'],
    ['/v1/campaigns?page=2', 'unknown_field', 'query.page'],
    ['/v1/campaigns/x?waitSeconds=21', 'invalid_request', 'query.waitSeconds'],
    ['/v1/campaigns/x/messages?status=lost', 'invalid_request', 'query.status'],
    ['/v1/campaigns/x/messages?limit=1001', 'invalid_request', 'query.limit'],
    ['/v1/recipients/9876543210/messages?from=yesterday', 'invalid_request', 'query.from'],
  ])('%s is refused', async (path, code, field) => {
    const refused = await at.call('GET', path)
    expect(refused).toMatchObject({ status: 422, body: { code } })
    expect(refused.body.errors[0].path).toBe(field)
  })

  it.each(['/v1/campaigns?cursor=x', '/v1/campaigns?cursor='])('%s is no cursor', async (path) => {
    expect(await at.call('GET', path)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } })
  })
})

describe('a call that does not exist', () => {
  it('is told from one that does', async () => {
    expect(await at.call('GET', '/v1/campaings')).toMatchObject({
      status: 404,
      body: { code: 'unknown_call', detail: expect.stringContaining('GET /v1/campaings') },
    })
  })
})

describe('a fault of ours', () => {
  const failing = async (error: Error) => {
    const logged: unknown[] = []
    const log = { info() {}, warn() {}, error: (...entry: unknown[]) => logged.push(entry) }
    at.deps.registry.templates = () => Promise.reject(error)
    const headers = { authorization: `Bearer ${at.keys.acme}` }
    const response = await createApp({ ...at.deps, log }).request('/v1/templates', { headers })
    const body = (await response.json()) as { code: string; detail: string }
    return { status: response.status, headers: response.headers, body, logged }
  }

  it('is logged and tells nothing of the inside', async () => {
    const { status, body, logged } = await failing(new Error('table dakghar-registry not found'))
    expect(status).toBe(500)
    expect(body.code).toBe('internal_error')
    expect(JSON.stringify(body)).not.toContain('dakghar-registry')
    expect(JSON.stringify(logged)).toContain('dakghar-registry')
  })

  it('that passes says when to come back', async () => {
    const { status, headers, body } = await failing(
      new DakgharError('throttled', 'slow down', { retryable: true }),
    )
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('5')
    expect(body.code).toBe('unavailable')
  })
})
