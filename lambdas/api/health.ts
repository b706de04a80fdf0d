import { createRoute, z } from '@hono/zod-openapi'
import { type Api, newApi } from './context.ts'
import { json, problems } from './responses.ts'

const { 500: internal } = problems()

const health = createRoute({
  method: 'get',
  path: '/v1/health',
  summary: 'Whether the API answers; needs no key',
  security: [],
  responses: { 200: json(z.object({ ok: z.literal(true) }), 'It does'), 500: internal },
})

export function healthApi(): Api {
  const api = newApi()
  api.openapi(health, (c) => c.json({ ok: true } as const, 200))
  return api
}
