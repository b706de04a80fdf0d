import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mustConform, type OpenApiDocument } from './support/contract.ts'
import { type World, world } from './support/world.ts'

let at: World
let document: OpenApiDocument

beforeAll(async () => {
  at = await world()
  document = at.document
})

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

describe('the OpenAPI document', () => {
  it('is of version 3.1, titled, and needs a key by default', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Dakghar', version: '1' })
    expect(document.security).toEqual([{ apiKey: [] }])
    expect(document.components.securitySchemes.apiKey).toMatchObject({ type: 'http', scheme: 'bearer' })
  })

  it('can be had without a key', async () => {
    expect((await at.app.request('/v1/openapi.json')).status).toBe(200)
  })

  it('leaves no reference without its target', () => {
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? []
    const targets = references.map((reference) => reference.slice('"$ref":"#/components/schemas/'.length, -1))
    expect(targets.length).toBeGreaterThan(20)
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(targets)]))
  })

  it('declares every parameter of a path, and no other', () => {
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? []
      expect(declared.map(({ name }) => name)).toEqual(inPath)
      expect(declared.every(({ required }) => required)).toBe(true)
    }
  })

  it('describes every response, every problem as application/problem+json', () => {
    for (const { path, operation } of operations()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description, `${path} ${status}`).not.toBe('')
        const types = Object.keys(response.content ?? {})
        expect(types).toEqual([Number(status) < 400 ? 'application/json' : 'application/problem+json'])
      }
    }
  })

  it('has schemas that are JSON Schema of 2020-12', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const text = JSON.stringify({ ...schema, $defs: document.components.schemas })
      const read = () => z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')))
      expect(read, name).not.toThrow()
    }
  })

  it('has no component that is null itself: that a field may be null is said by the field', () => {
    const nullable = Object.entries(document.components.schemas).filter(([, schema]) =>
      JSON.stringify([schema.type, schema.anyOf]).includes('"null"'),
    )
    expect(nullable.map(([name]) => name)).toEqual([])
  })

  it('has every call of the architecture, and refuses unknown fields in every body', () => {
    expect(
      operations()
        .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
        .sort(),
    ).toEqual([
      'DELETE /v1/suppressions/lists/{id}',
      'DELETE /v1/suppressions/{msisdn}',
      'GET /v1/audit',
      'GET /v1/campaigns',
      'GET /v1/campaigns/{id}',
      'GET /v1/campaigns/{id}/duplicates',
      'GET /v1/campaigns/{id}/exports/{export}',
      'GET /v1/campaigns/{id}/invalid',
      'GET /v1/campaigns/{id}/messages',
      'GET /v1/campaigns/{id}/report',
      'GET /v1/campaigns/{id}/suppressed',
      'GET /v1/entity',
      'GET /v1/entity/ctas',
      'GET /v1/entity/rules',
      'GET /v1/headers',
      'GET /v1/health',
      'GET /v1/inbound',
      'GET /v1/messages/{id}',
      'GET /v1/recipients/{msisdn}/messages',
      'GET /v1/routes',
      'GET /v1/suppressions',
      'GET /v1/suppressions/lists',
      'GET /v1/suppressions/lists/{id}',
      'GET /v1/suppressions/{msisdn}',
      'GET /v1/templates',
      'GET /v1/templates/{id}',
      'PATCH /v1/templates/{id}',
      'POST /v1/campaigns',
      'POST /v1/campaigns/{id}/cancel',
      'POST /v1/campaigns/{id}/check',
      'POST /v1/campaigns/{id}/exports',
      'POST /v1/campaigns/{id}/launch',
      'POST /v1/campaigns/{id}/pause',
      'POST /v1/campaigns/{id}/resume',
      'POST /v1/dlt/chain',
      'POST /v1/headers',
      'POST /v1/messages/preview',
      'POST /v1/suppressions/lists',
      'POST /v1/suppressions/lists/{id}/load',
      'POST /v1/templates',
      'POST /v1/templates/import',
      'PUT /v1/entity/ctas',
      'PUT /v1/entity/rules',
      'PUT /v1/suppressions/{msisdn}',
    ])
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (name.endsWith('Input')) expect(schema.additionalProperties, name).toBe(false)
    }
  })
})

describe('what holds answers against the document', () => {
  const answer =
    (status: number, body: unknown, contentType = 'application/json') =>
    () =>
      mustConform(document, { method: 'GET', path: '/v1/health', status, contentType, body })

  it('lets through what is announced', () => {
    expect(answer(200, { ok: true })).not.toThrow()
  })

  it.each([
    { what: 'a wrong value', body: { ok: false } },
    { what: 'a missing field', body: {} },
    { what: 'a field more', body: { ok: true, secret: 'x' } },
    { what: 'a status of which nothing is said', status: 418, body: { ok: true } },
    { what: 'another content type', body: { ok: true }, contentType: 'text/plain' },
  ])('refuses $what', ({ status = 200, body, contentType }) => {
    expect(answer(status, body, contentType)).toThrow('GET /v1/health')
  })
})
