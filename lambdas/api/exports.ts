/** Rows of a campaign as a file: asked for, written by a job, fetched by a link. */
import { createRoute, z } from '@hono/zod-openapi'
import { exportKey, exportProblemKey, exportRequestKey } from '../../shared/campaign/plan-keys.ts'
import { ExportJob } from '../../shared/contracts/jobs.ts'
import { Conflict, NotFound } from '../../shared/errors.ts'
import { Ulid } from '../../shared/ids.ts'
import { STATUSES } from '../../shared/ledger/summary.ts'
import { audited } from './audited.ts'
import { type Api, type ApiDeps, findCampaign, newApi } from './context.ts'
import { isPlanned } from './message-pages.ts'
import { IdParam, Instant, iso, json, orNull, problems } from './responses.ts'

const ExportInput = z
  .strictObject({
    status: z.enum(STATUSES).optional().meta({ description: 'Recipients of this status alone.' }),
  })
  .openapi('ExportInput')

const Problem = z.object({ code: z.string(), message: z.string() })

const ExportView = z
  .object({
    id: Ulid,
    status: z.enum(STATUSES).nullable(),
    requestedAt: Instant,
    state: z.enum(['writing', 'late', 'ready', 'failed']).meta({
      description:
        'late: asked for so long ago that its job may be lost. failed: it will never be written. Either has a problem ' +
        'that says what to do.',
    }),
    problem: Problem.nullable(),
    file: orNull(
      z.object({
        url: z.string().meta({ description: 'Opens without a key until it expires.' }),
        bytes: z.int(),
        expiresAt: Instant,
      }),
    ),
  })
  .openapi('Export')

const EXPIRES_SECONDS = 900

/** The job has fifteen minutes (wiring.ts), and some to wait for its turn. */
const LATE_AFTER_MS = 20 * 60_000

const create = createRoute({
  method: 'post',
  path: '/v1/campaigns/{id}/exports',
  summary:
    'Write a CSV with a row per recipient: status, reason with its sentence, who must fix it, times, text',
  request: { params: IdParam, body: { content: { 'application/json': { schema: ExportInput } } } },
  responses: { 202: json(ExportView, 'Accepted'), ...problems(400, 404, 409, 413, 415, 422) },
})

const get = createRoute({
  method: 'get',
  path: '/v1/campaigns/{id}/exports/{export}',
  summary: 'An export: whether it is ready, and a link to it',
  request: { params: IdParam.extend({ export: z.string() }) },
  responses: { 200: json(ExportView, 'The export'), ...problems(404) },
})

/** What was asked for, kept beside the file it leads to. */
const ExportRequest = z.object({ job: ExportJob, requestedAt: z.number().int() })
type ExportRequest = z.infer<typeof ExportRequest>

export function exportsApi(deps: ApiDeps): Api {
  const api = newApi()

  api.openapi(create, async (c) => {
    const { status = null } = c.req.valid('json')
    const tenant = c.get('tenant')
    const campaign = await findCampaign(deps, tenant, c.req.valid('param').id)
    if (!isPlanned(campaign)) {
      throw new Conflict('not_checked', `campaign ${campaign.id} has no recipients yet: POST …/check first`)
    }
    const job: ExportJob = {
      ...{ kind: 'export', tenant, campaign: campaign.id, plan: campaign.plan.id },
      ...{ export: Ulid.parse(deps.ids.ulid()), status },
    }
    const request: ExportRequest = { job, requestedAt: deps.clock.now() }
    await deps.objects.put(exportRequestKey(campaign.id, job.export), JSON.stringify(request))
    await deps.queue.send('jobs', [JSON.stringify(job)])
    await audited(deps, c, { action: 'campaign.export', subject: campaign.id, detail: { status } })
    return c.json(await view(deps, request), 202)
  })

  api.openapi(get, async (c) => {
    const { id, export: exportId } = c.req.valid('param')
    const campaign = await findCampaign(deps, c.get('tenant'), id)
    const known = Ulid.safeParse(exportId)
    const stored = known.success && (await deps.objects.get(exportRequestKey(campaign.id, known.data)))
    if (!stored) {
      throw new NotFound(
        'export_not_found',
        `campaign ${campaign.id} has no export ${exportId}: POST …/exports`,
      )
    }
    return c.json(await view(deps, ExportRequest.parse(JSON.parse(stored.toString('utf8')))), 200)
  })

  return api
}

async function view(deps: ApiDeps, { job, requestedAt }: ExportRequest): Promise<z.infer<typeof ExportView>> {
  const { objects, clock } = deps
  const key = exportKey(job.campaign, job.export)
  const written = await objects.head(key)
  const about = { id: job.export, status: job.status, requestedAt: iso(requestedAt) }
  if (!written) return { ...about, ...(await unwritten(deps, { job, requestedAt })), file: null }
  const url = await objects.presignGet(key, {
    ...{ expiresSeconds: EXPIRES_SECONDS, fileName: `${job.campaign}-${job.status ?? 'messages'}.csv` },
  })
  const expiresAt = iso(clock.now() + EXPIRES_SECONDS * 1_000)
  return { ...about, state: 'ready', problem: null, file: { url, bytes: written.bytes, expiresAt } }
}

async function unwritten(
  { objects, clock }: ApiDeps,
  { job, requestedAt }: ExportRequest,
): Promise<Pick<z.infer<typeof ExportView>, 'state' | 'problem'>> {
  const failed = await objects.get(exportProblemKey(job.campaign, job.export))
  if (failed) return { state: 'failed', problem: Problem.parse(JSON.parse(failed.toString('utf8'))) }
  if (clock.now() - requestedAt <= LATE_AFTER_MS) return { state: 'writing', problem: null }
  return { state: 'late', problem: LATE }
}

const LATE: z.infer<typeof Problem> = {
  code: 'export_late',
  message:
    'It should have been written by now, and may still be. Do not wait: ask for another one with POST …/exports; when that is late too, tell the ' +
    'operator of this installation.',
}
