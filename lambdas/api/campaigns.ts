import { createRoute, z } from '@hono/zod-openapi'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { wasStarted } from '../../shared/campaign/states.ts'
import type { TenantId } from '../../shared/ids.ts'
import { CampaignView, campaignView } from './campaign-view.ts'
import { type Api, type ApiDeps, findCampaign, newApi } from './context.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import { forecastOf } from './forecast-view.ts'
import { IdParam, json, problems, queryInt } from './responses.ts'
import { type Totals, totalsOf } from './totals.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/campaigns',
  summary: 'Campaigns, newest first',
  request: {
    query: z.strictObject({ limit: queryInt(1, 100).default(20), cursor: z.string().optional() }),
  },
  responses: {
    200: json(pageOf(CampaignView, 'CampaignPage'), 'A page of them'),
    ...problems(400, 422),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/campaigns/{id}',
  summary: 'One campaign: state, progress, the numbers of the check, totals',
  request: {
    params: IdParam,
    query: z.strictObject({
      waitSeconds: queryInt(0, 20).default(0).meta({
        description:
          'Answer only when state, progress or totals change, at latest after this; at once while nothing is under way.',
      }),
    }),
  },
  responses: { 200: json(CampaignView, 'The campaign'), ...problems(404, 422) },
})

/** How often a long poll looks. */
const LOOK_MS = 1_000

export function campaignsApi(deps: ApiDeps): Api {
  const api = newApi()

  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const before = cursor === undefined ? undefined : decodeCursor(cursor, CampaignCursor)
    const page = await deps.registry.campaigns(c.get('tenant'), { limit, ...(before && { before }) })
    const items = page.items.map((campaign) => campaignView(campaign))
    return c.json({ items, next: page.next && encodeCursor(page.next) }, 200)
  })

  api.openapi(get, async (c) => {
    const { waitSeconds } = c.req.valid('query')
    const { id } = c.req.valid('param')
    const deadline = deps.clock.now() + waitSeconds * 1_000
    const gone = c.req.raw.signal
    const first = await look(deps, c.get('tenant'), id)
    let seen = first
    const waits = () => !seen.resting && seen.fingerprint === first.fingerprint
    while (waits() && deps.clock.now() < deadline && !gone.aborted) {
      await deps.clock.sleep(Math.min(LOOK_MS, deadline - deps.clock.now()), gone)
      seen = await look(deps, c.get('tenant'), id)
    }
    const { campaign, totals } = seen
    return c.json(campaignView(campaign, { totals, forecast: await forecastOf(deps, campaign) }), 200)
  })

  return api
}

const CampaignCursor = z.string().min(1).max(200)

interface Look {
  campaign: CampaignRecord
  totals: Totals | null
  /** Differs when something differs that a caller waits for. */
  fingerprint: string
  /** Neither the scheduler nor a receipt will change it: a draft, a checked campaign, one that has ended. */
  resting: boolean
}

async function look(deps: ApiDeps, tenant: TenantId, id: string): Promise<Look> {
  const campaign = await findCampaign(deps, tenant, id)
  const totals = wasStarted(campaign) ? totalsOf(campaign, await deps.ledger.summaries(campaign.id)) : null
  const fingerprint = JSON.stringify([
    campaign.state,
    campaign.progress,
    campaign.settledAt,
    totals?.statuses,
  ])
  const resting = campaign.dueAt === null && (totals?.unsettledPages ?? 0) === 0
  return { campaign, totals, fingerprint, resting }
}
