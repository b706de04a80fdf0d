import { createRoute, z } from '@hono/zod-openapi'
import { type HeaderRecord, SenderHeader } from '../../shared/contracts/records.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { Instant, iso, json, problems } from './responses.ts'

const HeaderInput = z.strictObject({ name: SenderHeader }).openapi('HeaderInput')
const HeaderView = z.object({ name: SenderHeader, createdAt: Instant }).openapi('Header')

const create = createRoute({
  method: 'post',
  path: '/v1/headers',
  summary: 'Register a sender header; one registered already stays as it is',
  request: { body: { required: true, content: { 'application/json': { schema: HeaderInput } } } },
  responses: { 201: json(HeaderView, 'Registered'), ...problems(400, 409, 413, 415, 422) },
})

const list = createRoute({
  method: 'get',
  path: '/v1/headers',
  summary: 'All sender headers',
  responses: { 200: json(z.object({ items: z.array(HeaderView) }), 'By name'), ...problems() },
})

export function headersApi({ registry, clock }: ApiDeps): Api {
  const api = newApi()

  api.openapi(create, async (c) => {
    const { name } = c.req.valid('json')
    const tenant = c.get('tenant')
    const header = await registry.registerHeader(tenant, { name, createdAt: clock.now() })
    return c.json(view(header), 201)
  })

  api.openapi(list, async (c) => {
    const headers = await registry.headers(c.get('tenant'))
    return c.json({ items: headers.map(view) }, 200)
  })

  return api
}

const view = ({ name, createdAt }: HeaderRecord) => ({ name, createdAt: iso(createdAt) })
