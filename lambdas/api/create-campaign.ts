import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { uploadKey } from '../../shared/campaign/plan-keys.ts'
import { type CampaignRecord, ColumnMapping, NO_GUARD } from '../../shared/campaign/record.ts'
import { laneOf } from '../../shared/contracts/records.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { InvalidInput } from '../../shared/errors.ts'
import { CampaignId, DltId, type TenantId } from '../../shared/ids.ts'
import { audited } from './audited.ts'
import { CampaignView, campaignView } from './campaign-view.ts'
import { type Api, type ApiDeps, type ApiEnv, findCampaign, newApi, tenantRecord } from './context.ts'
import { jsonField, mustFit } from './form.ts'
import { IdempotencyHeaders, onceOnly } from './idempotency.ts'
import { json, orNull, problems } from './responses.ts'
import { UploadForm, uploadForm } from './upload.ts'

const CampaignInput = z
  .strictObject({
    name: z.string().min(1).max(200),
    templateId: DltId,
    mapping: z
      .strictObject(ColumnMapping.shape)
      .refine(({ variables, text }) => variables === undefined || text === undefined, {
        path: ['text'],
        message: 'is instead of variables: give one of them',
      })
      .optional()
      .meta({
        description:
          'Which columns are the number and the variables, or the whole text; found by name and position without.',
      }),
    validityHours: z
      .number()
      .positive()
      .max(72)
      .default(24)
      .meta({ description: 'After the launch nothing is sent once these are over.' }),
    policy: z
      .enum(['hold', 'resend'])
      .default('hold')
      .meta({
        description:
          'What happens to a segment that was sent without a response, as after a crash or a lost connection: hold ' +
          'calls it unconfirmed and never sends it again; resend sends it again, and the report counts it as resent.',
      }),
  })
  .openapi('CampaignInput')
type CampaignInput = z.infer<typeof CampaignInput>

const DirectUpload = z.strictObject({
  campaign: z.string().meta({ description: 'A CampaignInput as JSON.' }),
  file: z.instanceof(File).meta({ type: 'string', format: 'binary', description: 'The CSV, at most 4 MiB.' }),
})

const create = createRoute({
  method: 'post',
  path: '/v1/campaigns',
  summary:
    'Create a campaign: as JSON, then upload the CSV with the form in the answer; or with the CSV in one go',
  request: {
    headers: IdempotencyHeaders,
    body: {
      content: {
        'application/json': { schema: CampaignInput },
        'multipart/form-data': { schema: DirectUpload },
      },
    },
  },
  responses: {
    201: json(
      z
        .object({
          campaign: CampaignView,
          upload: orNull(UploadForm).meta({ description: 'Null when the file came along.' }),
        })
        .openapi('CreatedCampaign'),
      'Created, a draft',
    ),
    ...problems(400, 409, 413, 415, 422),
  },
})

export function createCampaignApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(create, async (c) => {
    const request = requestOf(c, c.req.valid('json'), c.req.valid('form'))
    const tenant = c.get('tenant')
    const key = c.req.valid('header')['idempotency-key']
    const id = await onceOnly(deps, c, key, async () => {
      const campaign = await newCampaign(deps, tenant, request.input)
      if (request.file) {
        const bytes = new Uint8Array(await request.file.arrayBuffer())
        await deps.objects.put(campaign.uploadKey, bytes, { contentType: 'text/csv' })
      }
      await deps.registry.createCampaign(campaign)
      await audited(deps, c, { action: 'campaign.create', subject: campaign.id })
      return campaign.id
    })
    const campaign = await findCampaign(deps, tenant, id)
    const upload = request.file ? null : await uploadForm(deps, campaign)
    return c.json({ campaign: campaignView(campaign), upload }, 201)
  })
  return api
}

/** Which of the two ways it came; both validators ran, and left an empty object for the other. */
function requestOf(
  c: Context<ApiEnv>,
  body: unknown,
  form: unknown,
): { input: CampaignInput; file: File | null } {
  const contentType = c.req.header('content-type')
  if (contentType === undefined) {
    throw new InvalidInput(
      'unsupported_media_type',
      'a campaign is created with JSON or multipart/form-data: send a body with its Content-Type',
    )
  }
  if (!contentType.startsWith('multipart/')) return { input: body as CampaignInput, file: null }
  const { campaign, file } = form as z.infer<typeof DirectUpload>
  mustFit(file)
  return { input: jsonField('campaign', campaign, CampaignInput), file }
}

async function newCampaign(deps: ApiDeps, tenant: TenantId, input: CampaignInput): Promise<CampaignRecord> {
  const template = await deps.registry.template(tenant, input.templateId)
  if (!template) {
    throw new InvalidInput(
      'template_not_found',
      `body.templateId: there is no template ${input.templateId}: register it first with POST /v1/templates`,
    )
  }
  mustMapEveryVariable(template.text, input.mapping?.variables)
  const lane = laneOf(template.category)
  const pool = (await tenantRecord(deps, tenant)).pools[lane]
  if (!pool) {
    throw new InvalidInput(
      'lane_without_pool',
      `body.templateId: a template of category ${template.category} travels in the ${lane} lane, ` +
        'for which no pool of routes is set up: ask the operator of this installation for one',
    )
  }
  const id = CampaignId.parse(deps.ids.ulid())
  return {
    tenant,
    id,
    name: input.name,
    state: 'draft',
    rev: 0,
    templateId: template.id,
    header: template.header,
    lane,
    pool,
    mapping: input.mapping ?? {},
    policy: input.policy,
    validityHours: input.validityHours,
    createdAt: deps.clock.now(),
    uploadKey: uploadKey(tenant, id),
    checking: null,
    progress: null,
    numbers: null,
    plan: null,
    launch: null,
    rejects: null,
    guard: NO_GUARD,
    feed: { nextPage: 0, fedAt: null },
    settledAt: null,
    problem: null,
    dueAt: null,
  }
}

function mustMapEveryVariable(text: string, columns: readonly string[] | undefined): void {
  const template = parseTemplate(text)
  if (!columns || !template.ok || template.variables.length === columns.length) return
  throw new InvalidInput(
    'mapping_variables_count',
    `body.mapping.variables: names ${columns.length} columns, the template has ${template.variables.length} variables: ` +
      'give one column for each, in the order of the template',
  )
}
