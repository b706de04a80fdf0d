import { createRoute, z } from '@hono/zod-openapi'
import { costPaise } from '../../shared/campaign/money.ts'
import { type CampaignRecord, CampaignState } from '../../shared/campaign/record.ts'
import type { EpochMs } from '../../shared/ids.ts'
import { percentileMs } from '../../shared/ledger/latency.ts'
import { STATUSES } from '../../shared/ledger/summary.ts'
import { type Api, type ApiDeps, findCampaign, newApi, tenantRecord } from './context.ts'
import { type Explain, explainers, ReasonView, reasonView } from './reason-view.ts'
import { IdParam, Instant, iso, json, Money, moneyView, problems } from './responses.ts'
import { type Summaries, type Totals, totalsOf } from './totals.ts'

const Percentile = z.int().nullable().meta({ description: 'Milliseconds; null before the first receipt.' })

const ReportView = z
  .object({
    campaign: z.string(),
    state: CampaignState,
    asOf: Instant.meta({ description: 'No number is older than this.' }),
    recipients: z.int(),
    statuses: z.object(Object.fromEntries(STATUSES.map((status) => [status, z.int()]))),
    segments: z.object({
      planned: z.int(),
      accepted: z.int(),
      delivered: z.int(),
      unconfirmed: z.int().meta({ description: 'Sent without ever getting a response.' }),
      resent: z.int().meta({ description: 'Sent more than once under policy resend: may have come twice.' }),
    }),
    reasons: z
      .array(ReasonView.extend({ status: z.enum(STATUSES), recipients: z.int() }).openapi('CountedReason'))
      .meta({ description: 'By status and code, most frequent first.' }),
    latency: z.object({ p50Ms: Percentile, p95Ms: Percentile, p99Ms: Percentile }).meta({
      description: 'From submit to final receipt, of segments; read from a histogram, at most 9 % high.',
    }),
    cost: Money.meta({ description: 'Of the segments accepted so far.' }),
    timeline: z
      .array(z.object({ minute: Instant, segments: z.int() }))
      .meta({ description: 'Segments accepted in each minute.' }),
    settled: z.boolean().meta({ description: 'Whether no status will change without somebody acting.' }),
    unsettledPages: z.int(),
  })
  .openapi('Report')
type ReportView = z.infer<typeof ReportView>

const get = createRoute({
  method: 'get',
  path: '/v1/campaigns/{id}/report',
  summary: 'What became of a campaign, in numbers',
  request: { params: IdParam },
  responses: { 200: json(ReportView, 'The report'), ...problems(404) },
})

export function reportApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(get, async (c) => {
    const tenant = c.get('tenant')
    const campaign = await findCampaign(deps, tenant, c.req.valid('param').id)
    const [{ paisePerSegment }, summaries, explainerOf] = await Promise.all([
      tenantRecord(deps, tenant),
      deps.ledger.summaries(campaign.id),
      explainers(deps),
    ])
    const terms = { paisePerSegment, explain: explainerOf(campaign.pool), now: deps.clock.now() }
    return c.json(reportOf(campaign, summaries, terms), 200)
  })
  return api
}

/** Pure: the report is the sum of the page summaries, with the codes in it explained. */
function reportOf(
  campaign: CampaignRecord,
  summaries: Summaries,
  { paisePerSegment, explain, now }: { paisePerSegment: number; explain: Explain; now: EpochMs },
): ReportView {
  const totals = totalsOf(campaign, summaries)
  return {
    campaign: campaign.id,
    state: campaign.state,
    asOf: iso(asOf(summaries, now)),
    recipients: totals.recipients,
    statuses: Object.fromEntries(STATUSES.map((status) => [status, totals.statuses[status] ?? 0])),
    segments: totals.segments,
    reasons: reasonsOf(totals, explain),
    latency: {
      p50Ms: percentileMs(totals.latency, 0.5),
      p95Ms: percentileMs(totals.latency, 0.95),
      p99Ms: percentileMs(totals.latency, 0.99),
    },
    cost: moneyView(costPaise(totals.segments.accepted, paisePerSegment)),
    timeline: Object.entries(totals.timeline)
      .map(([minute, segments]) => ({ minute: iso(Number(minute) * 60_000), segments }))
      .sort((a, b) => (a.minute < b.minute ? -1 : 1)),
    settled: totals.recipients > 0 && totals.unsettledPages === 0,
    unsettledPages: totals.unsettledPages,
  }
}

/** A settled page stays true; of the others the one folded longest ago decides. */
function asOf(summaries: Summaries, now: EpochMs): EpochMs {
  const open = [...summaries.values()].filter((page) => !page.settled)
  return open.reduce((oldest, page) => Math.min(oldest, page.asOf), now)
}

function reasonsOf(totals: Totals, explain: Explain): ReportView['reasons'] {
  return Object.entries(totals.reasons)
    .map(([key, recipients]) => {
      const bar = key.indexOf('|')
      const status = key.slice(0, bar) as (typeof STATUSES)[number]
      return { status, ...reasonView(explain(key.slice(bar + 1))), recipients }
    })
    .sort((a, b) => b.recipients - a.recipients || (a.code < b.code ? -1 : 1))
}
