/** What callers do to a campaign: check, launch, pause, resume, cancel. Each answers the campaign as it then is. */
import { createRoute, z } from '@hono/zod-openapi'
import { launchCampaign } from '../../shared/campaign/launch.ts'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../shared/campaign/pause.ts'
import {
  type CampaignRecord,
  Canary,
  DEFAULT_REFUSED_PERCENT,
  RefusedPercent,
} from '../../shared/campaign/record.ts'
import { move } from '../../shared/campaign/states.ts'
import type { CompileJob } from '../../shared/contracts/jobs.ts'
import { InvalidInput } from '../../shared/errors.ts'
import { PlanId } from '../../shared/ids.ts'
import { audited } from './audited.ts'
import { CampaignView, campaignView } from './campaign-view.ts'
import { type Api, type ApiDeps, findCampaign, newApi } from './context.ts'
import { IdempotencyHeaders, onceOnly } from './idempotency.ts'
import { IdParam, Instant, json, orNull, problems } from './responses.ts'

const accepted = { 202: json(CampaignView, 'Accepted'), ...problems(400, 404, 409, 413, 415, 422) }

const ALLOW_REPEAT =
  'Launch although the same file was sent with the same template in the last 24 hours: everybody gets it again.'

const CheckInput = z
  .strictObject({
    thenLaunch: z
      .boolean()
      .default(false)
      .meta({ description: 'Launch at once when the check is complete.' }),
    allowRepeat: z.boolean().default(false).meta({ description: ALLOW_REPEAT }),
  })
  .openapi('CheckInput')

const LaunchInput = z
  .strictObject({
    at: Instant.optional().meta({ description: 'Start then instead of now; ISO 8601 with zone.' }),
    allowRepeat: z.boolean().optional().meta({ description: ALLOW_REPEAT }),
    canary: z
      .strictObject({
        recipients: Canary.shape.recipients.default(500),
        maxRefusedPercent: Canary.shape.maxRefusedPercent.default(5),
        waitMinutes: Canary.shape.waitMinutes.default(10),
      })
      .optional()
      .meta({
        description:
          'Send to some first, wait for their receipts, and pause when DLT refuses more than a share of them.',
      }),
    pauseAtRefusedPercent: orNull(RefusedPercent)
      .optional()
      .meta({
        description: `Pause when DLT refuses more than this of what left lately; ${DEFAULT_REFUSED_PERCENT} by default, null never pauses.`,
      }),
  })
  .openapi('LaunchInput')

const NoInput = z.strictObject({}).openapi('NoInput')

const check = createRoute({
  method: 'post',
  path: '/v1/campaigns/{id}/check',
  summary: 'Check every row of the uploaded file and make the plan',
  request: { params: IdParam, body: { content: { 'application/json': { schema: CheckInput } } } },
  responses: accepted,
})

const launch = createRoute({
  method: 'post',
  path: '/v1/campaigns/{id}/launch',
  summary: 'Start sending a checked campaign, now or at a time; a scheduled one may be given another time',
  request: {
    params: IdParam,
    headers: IdempotencyHeaders,
    body: { content: { 'application/json': { schema: LaunchInput } } },
  },
  responses: accepted,
})

const steering = <Path extends string>(path: Path, summary: string) =>
  createRoute({
    method: 'post',
    path,
    summary,
    request: { params: IdParam, body: { content: { 'application/json': { schema: NoInput } } } },
    responses: accepted,
  })

const pause = steering(
  '/v1/campaigns/{id}/pause',
  'Stop sending; a scheduled campaign is taken off the schedule',
)
const resume = steering('/v1/campaigns/{id}/resume', 'Go on where it was paused')
const cancel = steering('/v1/campaigns/{id}/cancel', 'End it: nothing more is sent, receipts still arrive')

export function courseApi(deps: ApiDeps): Api {
  const api = newApi()

  api.openapi(check, async (c) => {
    const campaign = await findCampaign(deps, c.get('tenant'), c.req.valid('param').id)
    // No body at all passes the validator as {}, without its defaults.
    const { thenLaunch = false, allowRepeat = false } = c.req.valid('json')
    const checking = await startCheck(deps, campaign, { thenLaunch, allowRepeat })
    await audited(deps, c, { action: 'campaign.check', subject: campaign.id, detail: { thenLaunch } })
    return c.json(campaignView(checking), 202)
  })

  api.openapi(launch, async (c) => {
    const { id } = c.req.valid('param')
    const { at, allowRepeat = false, canary = null } = c.req.valid('json')
    const { pauseAtRefusedPercent = DEFAULT_REFUSED_PERCENT } = c.req.valid('json')
    const key = c.req.valid('header')['idempotency-key']
    const tenant = c.get('tenant')
    await findCampaign(deps, tenant, id)
    await onceOnly(deps, c, key, async () => {
      const campaign = await findCampaign(deps, tenant, id)
      await launchCampaign(deps, campaign, {
        ...{ by: c.get('actor'), allowRepeat, guard: { canary, pauseAtRefusedPercent } },
        ...(at !== undefined && { at: futureMs(at, deps.clock.now()) }),
      })
      return campaign.id
    })
    return c.json(campaignView(await findCampaign(deps, tenant, id)), 202)
  })

  for (const [route, act] of [
    [pause, pauseCampaign],
    [resume, resumeCampaign],
    [cancel, cancelCampaign],
  ] as const) {
    api.openapi(route, async (c) => {
      const campaign = await findCampaign(deps, c.get('tenant'), c.req.valid('param').id)
      return c.json(campaignView(await act(deps, campaign, { by: c.get('actor') })), 202)
    })
  }

  return api
}

/** The record first, then the job: a check whose job was lost is found by the scheduler, a job without check is not. */
async function startCheck(
  deps: ApiDeps,
  campaign: CampaignRecord,
  then: Pick<NonNullable<CampaignRecord['checking']>, 'thenLaunch' | 'allowRepeat'>,
): Promise<CampaignRecord> {
  const upload = await deps.objects.head(campaign.uploadKey)
  if (!upload) {
    throw new InvalidInput(
      'upload_missing',
      'no file has been uploaded for this campaign: post it with the form that came when the campaign was created',
    )
  }
  const plan = PlanId.parse(deps.ids.ulid())
  const event = { kind: 'check', plan, ...then, bytesTotal: upload.bytes } as const
  const moment = { now: deps.clock.now(), timing: deps.timing }
  const checking = await deps.registry.updateCampaign(move(campaign, event, moment))
  const job: CompileJob = { kind: 'compile', tenant: campaign.tenant, campaign: campaign.id, plan }
  await deps.queue.send('jobs', [JSON.stringify(job)])
  return checking
}

/** Clocks differ by seconds; a time further back is a mistake, a wrong zone most likely. */
const PAST_TOLERANCE_MS = 60_000

function futureMs(at: string, now: number): number {
  const ms = Date.parse(at)
  if (ms >= now - PAST_TOLERANCE_MS) return ms
  throw new InvalidInput('launch_in_past', `body.at: ${at} is over: leave it out to launch now`)
}
