import { createRoute, z } from '@hono/zod-openapi'
import type { InboundRecord } from '../../shared/contracts/jobs.ts'
import { Ulid } from '../../shared/ids.ts'
import { keywordOf } from '../../shared/suppression/keywords.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import { Instant, iso, json, problems, queryInt } from './responses.ts'

const InboundView = z
  .object({
    id: Ulid,
    from: z.string(),
    to: z.string().meta({ description: 'Your header or number, as the operator wrote it.' }),
    text: z.string(),
    keyword: z.enum(['stop', 'start']).nullable().meta({
      description:
        'What it asks for: its sender was suppressed, or allowed again. Null for an ordinary message.',
    }),
    arrivedAt: Instant,
  })
  .openapi('InboundMessage')

const list = createRoute({
  method: 'get',
  path: '/v1/inbound',
  summary: 'Messages subscribers sent to your headers and numbers in the last 90 days, newest first',
  request: {
    query: z.strictObject({ limit: queryInt(1, 1_000).default(100), cursor: z.string().optional() }),
  },
  responses: {
    200: json(pageOf(InboundView, 'InboundPage'), 'A page of messages'),
    ...problems(400, 422),
  },
})

export function inboundApi({ registry }: ApiDeps): Api {
  const api = newApi()
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const before = cursor === undefined ? undefined : decodeCursor(cursor, Ulid)
    const { items, next } = await registry.inboundOf(c.get('tenant'), { limit, ...(before && { before }) })
    return c.json({ items: items.map(view), next: next && encodeCursor(next) }, 200)
  })
  return api
}

const view = ({ id, from, to, text, arrivedAt }: InboundRecord): z.infer<typeof InboundView> => ({
  ...{ id, from, to, text, keyword: keywordOf(text), arrivedAt: iso(arrivedAt) },
})
