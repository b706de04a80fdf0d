import { beforeEach, describe, expect, it } from 'vitest'
import { apiHandler } from '../../lambdas/api/handler.ts'
import { serveApi } from '../../lambdas/api/serve.ts'
import { httpEvent } from '../support/events.ts'
import { ACME, registerTemplate, TEMPLATE_ID, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

describe('behind API Gateway', () => {
  const invoke = async (method: string, path: string, options: Parameters<typeof httpEvent>[2] = {}) => {
    const headers = { Authorization: `Bearer ${at.keys.acme}`, ...options.headers }
    const event = httpEvent(method, path, { ...options, headers })
    const { statusCode, body, headers: answered } = await apiHandler(at.deps)(event)
    return { statusCode, headers: answered, body: JSON.parse(body) }
  }

  it('reads path, query and headers of the event', async () => {
    await registerTemplate(at)
    const { statusCode, body } = await invoke('GET', '/v1/campaigns?limit=5')
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: { items: [], next: null } })
    expect((await invoke('GET', '/v1/campaigns?limit=x')).statusCode).toBe(422)
  })

  it('reads a body of text', async () => {
    const template = {
      id: TEMPLATE_ID,
      name: 'x',
      header: 'ACMEIN',
      category: 'government',
      text: 'नमस्ते {#var#}',
    }
    const headers = { 'Content-Type': 'application/json' }
    const { statusCode, body } = await invoke('POST', '/v1/templates', {
      headers,
      body: JSON.stringify(template),
    })
    expect(statusCode).toBe(201)
    expect(body.text).toBe(template.text)
  })

  it('reads a form in base64, bytes unchanged', async () => {
    await registerTemplate(at)
    const form = new FormData()
    form.set('campaign', JSON.stringify({ name: 'Orders', templateId: TEMPLATE_ID }))
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    form.set('file', new File([bytes], 'recipients.csv'))
    const encoded = new Response(form)
    const headers = { 'Content-Type': encoded.headers.get('content-type')! }
    const body = new Uint8Array(await encoded.arrayBuffer())
    const answer = await invoke('POST', '/v1/campaigns', { headers, body })
    expect(answer.statusCode).toBe(201)
    const stored = await at.deps.objects.get(`uploads/acme/${answer.body.campaign.id}.csv`)
    expect(new Uint8Array(stored!)).toEqual(bytes)
  })

  it('answers problems as problem+json', async () => {
    const { statusCode, headers, body } = await invoke('GET', '/v1/entity', {
      headers: { Authorization: '' },
    })
    expect(statusCode).toBe(401)
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    })
    expect(body).toMatchObject({ code: 'unauthorised', instance: '/v1/entity' })
  })

  it('posts without a body', async () => {
    const answer = await invoke('POST', '/v1/campaigns/01K6CAMPAGN000000000000009/pause')
    expect(answer).toMatchObject({ statusCode: 404, body: { code: 'campaign_not_found' } })
  })
})

describe('on a port', () => {
  it('answers, and closes when what is under way has been answered', async () => {
    const server = await serveApi(at.deps, { port: 0 })
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    let release = () => {}
    const tenant = at.deps.registry.tenant.bind(at.deps.registry)
    const reached = new Promise<void>((arrived) => {
      at.deps.registry.tenant = async (id) => {
        arrived()
        await new Promise<void>((go) => {
          release = go
        })
        return tenant(id)
      }
    })
    const headers = { authorization: `Bearer ${at.keys.acme}` }
    const slow = fetch(`${server.url}/v1/entity`, { headers })
    await reached
    const closed = server.close()
    release()
    expect(await (await slow).json()).toMatchObject({ tenant: ACME })
    await closed
    await expect(fetch(`${server.url}/v1/health`)).rejects.toThrow()
  })

  it('says so when the port is taken', async () => {
    const server = await serveApi(at.deps, { port: 0 })
    const port = Number(new URL(server.url).port)
    await expect(serveApi(at.deps, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await server.close()
  })
})
