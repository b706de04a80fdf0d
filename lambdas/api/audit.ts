import { createRoute, z } from '@hono/zod-openapi'
import type { AuditRecord } from '../../shared/contracts/records.ts'
import { Ulid } from '../../shared/ids.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import { Instant, iso, json, problems, queryInt } from './responses.ts'

const AuditView = z
  .object({
    id: Ulid,
    at: Instant,
    actor: z.string().meta({
      description:
        '`key:<id>` of an API key, `subscriber:<number>` of a message received, `operator` of whoever runs this installation, or `platform`.',
    }),
    action: z.string().meta({ example: 'template.registered' }),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditEntry')

const list = createRoute({
  method: 'get',
  path: '/v1/audit',
  summary: 'Who changed what, newest first',
  request: {
    query: z.strictObject({ limit: queryInt(1, 1_000).default(100), cursor: z.string().optional() }),
  },
  responses: {
    200: json(pageOf(AuditView, 'AuditPage'), 'A page of entries'),
    ...problems(400, 422),
  },
})

export function auditApi({ registry }: ApiDeps): Api {
  const api = newApi()
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const before = cursor === undefined ? undefined : decodeCursor(cursor, Ulid)
    const { items, next } = await registry.audit(c.get('tenant'), { limit, ...(before && { before }) })
    return c.json({ items: items.map(view), next: next && encodeCursor(next) }, 200)
  })
  return api
}

const view = (entry: AuditRecord): z.infer<typeof AuditView> => ({ ...entry, at: iso(entry.at) })
