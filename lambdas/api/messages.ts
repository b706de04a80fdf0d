import { createRoute, z } from '@hono/zod-openapi'
import { NotFound } from '../../shared/errors.ts'
import { parseMessageId, type TenantId } from '../../shared/ids.ts'
import { STATUSES, type Status } from '../../shared/ledger/summary.ts'
import { type Api, type ApiDeps, findCampaign, newApi } from './context.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import { findNumber, isPlanned, mayHold, type PlannedCampaign, readRow, readRows } from './message-pages.ts'
import { MessageView } from './message-view.ts'
import { mustBeMsisdn } from './number.ts'
import { type Explain, explainers } from './reason-view.ts'
import { IdParam, json, problems, queryInt } from './responses.ts'

const MessagePage = pageOf(MessageView, 'MessagePage')
type MessagePage = z.infer<typeof MessagePage>

const list = createRoute({
  method: 'get',
  path: '/v1/campaigns/{id}/messages',
  summary: 'A row per recipient, in the order of the plan',
  request: {
    params: IdParam,
    query: z.strictObject({
      status: z.enum(STATUSES).optional(),
      to: z.string().max(40).optional().meta({ description: 'One number, in any usual form.' }),
      cursor: z.string().max(200).optional(),
      limit: queryInt(1, 1_000).default(100),
    }),
  },
  responses: { 200: json(MessagePage, 'A page of rows'), ...problems(400, 404, 422) },
})

const get = createRoute({
  method: 'get',
  path: '/v1/messages/{id}',
  summary: 'One message',
  request: { params: IdParam },
  responses: { 200: json(MessageView, 'The message'), ...problems(404) },
})

/** The row to go on with: `offset` counts within the page. */
const Position = z.strictObject({ page: z.int().min(0), offset: z.int().min(0) })
type Position = z.infer<typeof Position>

export function messagesApi(deps: ApiDeps): Api {
  const api = newApi()

  api.openapi(list, async (c) => {
    const { status, to, cursor, limit } = c.req.valid('query')
    const campaign = await findCampaign(deps, c.get('tenant'), c.req.valid('param').id)
    const start = cursor === undefined ? { page: 0, offset: 0 } : decodeCursor(cursor, Position)
    if (!isPlanned(campaign)) return c.json({ items: [], next: null }, 200)
    const explain = (await explainers(deps))(campaign.pool)
    const page =
      to === undefined
        ? await walk(deps, campaign, { start, limit, status, explain })
        : await ofNumber(deps, campaign, to, { status, explain })
    return c.json(page, 200)
  })

  api.openapi(get, async (c) =>
    c.json(await findMessage(deps, c.get('tenant'), c.req.valid('param').id), 200),
  )

  return api
}

interface Selection {
  status: Status | undefined
  explain: Explain
}

async function walk(
  deps: ApiDeps,
  campaign: PlannedCampaign,
  { start, limit, status, explain }: Selection & { start: Position; limit: number },
): Promise<MessagePage> {
  const summaries = status && (await deps.ledger.summaries(campaign.id))
  const items: MessageView[] = []
  for (let { page, offset } = start; page < campaign.plan.pages; page++, offset = 0) {
    if (status && !mayHold(campaign, summaries?.get(page), status)) continue
    const rows = await readRows(deps, campaign, page, explain)
    for (; offset < rows.length; offset++) {
      const row = rows[offset]!
      if (status && row.status !== status) continue
      if (items.length === limit) return { items, next: encodeCursor({ page, offset }) }
      items.push(row)
    }
  }
  return { items, next: null }
}

async function ofNumber(
  deps: ApiDeps,
  campaign: PlannedCampaign,
  to: string,
  { status, explain }: Selection,
): Promise<MessagePage> {
  const place = await findNumber(deps, campaign, mustBeMsisdn('query.to', to))
  const row = place && (await readRow(deps, campaign, place, explain))
  return { items: row && (status === undefined || row.status === status) ? [row] : [], next: null }
}

async function findMessage(deps: ApiDeps, tenant: TenantId, id: string): Promise<MessageView> {
  const place = parseMessageId(id)
  const campaign = place && (await deps.registry.campaign(tenant, place.campaign))
  if (campaign && isPlanned(campaign)) {
    const row = await readRow(deps, campaign, place, (await explainers(deps))(campaign.pool))
    if (row) return row
  }
  throw new NotFound(
    'message_not_found',
    `there is no message ${id}: GET /v1/campaigns/{id}/messages lists a campaign's`,
  )
}
