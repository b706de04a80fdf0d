/** Everything known about one number: what campaigns sent it, and receipts that could not be told whose they are. */
import { createRoute, z } from '@hono/zod-openapi'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { EpochMs, Msisdn, TenantId } from '../../shared/ids.ts'
import type { UnplacedReceipt } from '../../shared/ledger/facts.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { findNumber, isPlanned, readRow } from './message-pages.ts'
import { MessageView, ReceiptView } from './message-view.ts'
import { mustBeMsisdn } from './number.ts'
import { routesOf } from './pools.ts'
import { type Explain, explainers } from './reason-view.ts'
import { Instant, iso, isoOrNull, json, problems } from './responses.ts'

const UnplacedView = ReceiptView.extend({
  messageId: z.string(),
  header: z.string(),
}).openapi('UnplacedReceipt')

const HistoryView = z
  .object({
    to: z.string(),
    from: Instant,
    items: z.array(MessageView).meta({ description: 'Newest campaign first, at most 100.' }),
    unplacedReceipts: z
      .array(UnplacedView)
      .meta({ description: 'Receipts for this number and your headers whose message is not known.' }),
  })
  .openapi('RecipientHistory')

const get = createRoute({
  method: 'get',
  path: '/v1/recipients/{msisdn}/messages',
  summary: 'What was sent to a number',
  request: {
    params: z.object({ msisdn: z.string().max(40).meta({ description: 'In any usual form.' }) }),
    query: z.strictObject({
      from: Instant.optional().meta({ description: 'Campaigns created since; seven days ago if absent.' }),
    }),
  },
  responses: { 200: json(HistoryView, 'Messages and receipts'), ...problems(422) },
})

const DEFAULT_SPAN_MS = 7 * 86_400_000
const MAX_ROWS = 100
/** Campaigns looked into at once. */
const CAMPAIGNS_AT_ONCE = 20

export function recipientsApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(get, async (c) => {
    const msisdn = mustBeMsisdn('path.msisdn', c.req.valid('param').msisdn)
    const { from } = c.req.valid('query')
    const fromMs = from === undefined ? deps.clock.now() - DEFAULT_SPAN_MS : Date.parse(from)
    const tenant = c.get('tenant')
    const items = await messagesTo(deps, tenant, msisdn, fromMs)
    const unplaced = (await unplacedFor(deps, tenant, msisdn)).filter(
      (receipt) => receipt.arrivedAt >= fromMs,
    )
    return c.json({ to: msisdn, from: iso(fromMs), items, unplacedReceipts: unplaced.map(unplacedView) }, 200)
  })
  return api
}

async function messagesTo(
  deps: ApiDeps,
  tenant: TenantId,
  msisdn: Msisdn,
  fromMs: EpochMs,
): Promise<MessageView[]> {
  const explainerOf = await explainers(deps)
  const rows: MessageView[] = []
  let before: string | null = null
  do {
    const page: { items: CampaignRecord[]; next: string | null } = await deps.registry.campaigns(tenant, {
      limit: CAMPAIGNS_AT_ONCE,
      ...(before !== null && { before }),
    })
    const recent = page.items.filter((campaign) => campaign.createdAt >= fromMs)
    const found = await Promise.all(
      recent.map((campaign) => rowIn(deps, campaign, msisdn, explainerOf(campaign.pool))),
    )
    rows.push(...found.filter((row) => row !== null))
    before = recent.length === page.items.length ? page.next : null
  } while (before !== null && rows.length < MAX_ROWS)
  return rows.slice(0, MAX_ROWS)
}

async function rowIn(
  deps: ApiDeps,
  campaign: CampaignRecord,
  msisdn: Msisdn,
  explain: Explain,
): Promise<MessageView | null> {
  if (!isPlanned(campaign) || campaign.launch === null) return null
  const place = await findNumber(deps, campaign, msisdn)
  return place && readRow(deps, campaign, place, explain)
}

/** A route is shared: only a receipt addressed back to one of the tenant's own headers is the tenant's to see. */
async function unplacedFor(deps: ApiDeps, tenant: TenantId, msisdn: Msisdn): Promise<UnplacedReceipt[]> {
  const [routes, headers] = await Promise.all([routesOf(deps, tenant), deps.registry.headers(tenant)])
  const own = new Set(headers.map((header) => header.name))
  const found = await Promise.all(routes.map((route) => deps.ledger.unplacedByNumber(route.id, msisdn)))
  return found
    .flat()
    .filter((receipt) => own.has(receipt.header))
    .sort((a, b) => b.arrivedAt - a.arrivedAt)
}

const unplacedView = (receipt: UnplacedReceipt): z.infer<typeof UnplacedView> => ({
  messageId: receipt.id,
  header: receipt.header,
  stat: receipt.stat,
  err: receipt.err,
  doneAt: isoOrNull(receipt.doneAt),
  arrivedAt: iso(receipt.arrivedAt),
})
