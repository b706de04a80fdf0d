import { createRoute, z } from '@hono/zod-openapi'
import { DltId, TenantId } from '../../shared/ids.ts'
import { type Api, type ApiDeps, newApi, tenantRecord } from './context.ts'
import { json, problems } from './responses.ts'

const EntityView = z
  .object({
    tenant: TenantId,
    name: z.string(),
    entityId: DltId.meta({ description: 'DLT principal entity id, sent with every message.' }),
    lanes: z
      .record(z.string(), z.string())
      .meta({ description: 'Lanes that can be used, each with the pool its messages leave through.' }),
    paisePerSegment: z.number(),
  })
  .openapi('Entity')

const get = createRoute({
  method: 'get',
  path: '/v1/entity',
  summary: 'The principal entity this key belongs to',
  responses: { 200: json(EntityView, 'The entity'), ...problems() },
})

export function entityApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(get, async (c) => {
    const { id, name, entityId, pools, paisePerSegment } = await tenantRecord(deps, c.get('tenant'))
    return c.json(
      { tenant: id, name, entityId, lanes: { ...pools } as Record<string, string>, paisePerSegment },
      200,
    )
  })
  return api
}
