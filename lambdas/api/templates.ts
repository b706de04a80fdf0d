import { createRoute, z } from '@hono/zod-openapi'
import { Category, laneOf, SenderHeader, type TemplateRecord } from '../../shared/contracts/records.ts'
import { Lane } from '../../shared/contracts/route.ts'
import type { Template } from '../../shared/dlt/template.ts'
import { VariableType } from '../../shared/dlt/variable-types.ts'
import { InvalidInput, NotFound } from '../../shared/errors.ts'
import { DltId, type TenantId } from '../../shared/ids.ts'
import { judgeTemplate, refusalOf, type TemplateJudgement, templateJudge } from '../template-judge.ts'
import { audited } from './audited.ts'
import { type Api, type ApiDeps, newApi, tenantRecord } from './context.ts'
import { IdParam, Instant, iso, json, orNull, problems } from './responses.ts'

export const Types = z.array(VariableType.nullable()).max(100)
export const TYPES_SAY =
  'For portals that keep `{#var#}` and register the types beside it: one for each variable, null where the tag of the text stands.'

const TemplateInput = z
  .strictObject({
    id: DltId.meta({ description: 'The id the DLT portal gave.', example: '1107161234567890123' }),
    name: z.string().min(1).max(200),
    header: SenderHeader.meta({ description: 'Registered along with the template when it is new.' }),
    category: Category,
    text: z.string().min(1).max(2_000).meta({
      description: 'As approved, variables as `{#var#}` or typed tags.',
      example: 'Dear {#var#}, your order is ready.',
    }),
    types: Types.nullable().default(null).meta({ description: TYPES_SAY }),
    consentId: orNull(DltId).default(null).meta({
      description: 'The consent template, for promotional messages to subscribers on DND.',
    }),
  })
  .openapi('TemplateInput')

const TemplateChange = z
  .strictObject({
    name: z.string().min(1).max(200),
    types: Types.nullable().meta({ description: TYPES_SAY }),
    consentId: orNull(DltId),
  })
  .partial()
  .openapi('TemplateChange')

export const FindingView = z
  .object({ code: z.string(), level: z.enum(['refuse', 'warn']), message: z.string() })
  .openapi('Finding')

const TemplateView = z
  .object({
    id: DltId,
    name: z.string(),
    header: z.string(),
    category: Category,
    lane: Lane,
    text: z.string(),
    variables: z.int().meta({ description: 'How many values a message needs.' }),
    types: z.array(VariableType).meta({ description: 'What each variable takes.' }),
    consentId: DltId.nullable(),
    findings: z.array(FindingView).meta({
      description: 'What the DLT rules say of it, as they apply now. One of level refuse stops a check.',
    }),
    createdAt: Instant,
  })
  .openapi('Template')

const create = createRoute({
  method: 'post',
  path: '/v1/templates',
  summary: 'Register a DLT template, and its sender header with it',
  request: { body: { required: true, content: { 'application/json': { schema: TemplateInput } } } },
  responses: { 201: json(TemplateView, 'Registered'), ...problems(400, 409, 413, 415, 422) },
})

const list = createRoute({
  method: 'get',
  path: '/v1/templates',
  summary: 'All templates',
  responses: { 200: json(z.object({ items: z.array(TemplateView) }), 'By id'), ...problems() },
})

const get = createRoute({
  method: 'get',
  path: '/v1/templates/{id}',
  summary: 'One template',
  request: { params: IdParam },
  responses: { 200: json(TemplateView, 'The template'), ...problems(404) },
})

const change = createRoute({
  method: 'patch',
  path: '/v1/templates/{id}',
  summary: 'Change what is not registered at the portal: name, types beside the text, consent template',
  request: {
    params: IdParam,
    body: { content: { 'application/json': { schema: TemplateChange } } },
  },
  responses: { 200: json(TemplateView, 'As it now is'), ...problems(400, 404, 413, 415, 422) },
})

export function templatesApi(deps: ApiDeps): Api {
  const { registry, clock } = deps
  const api = newApi()
  const judge = async (tenant: TenantId) => templateJudge(registry, await tenantRecord(deps, tenant))

  api.openapi(create, async (c) => {
    const tenant = c.get('tenant')
    const template: TemplateRecord = { ...c.req.valid('json'), createdAt: clock.now() }
    const judgement = mustPass(await judgeTemplate(registry, await tenantRecord(deps, tenant), template))
    await registry.registerHeader(tenant, { name: template.header, createdAt: clock.now() })
    await registry.createTemplate(tenant, template)
    await audited(deps, c, { action: 'template.registered', subject: template.id })
    return c.json(view(template, judgement), 201)
  })

  api.openapi(list, async (c) => {
    const tenant = c.get('tenant')
    const [templates, judgeOne] = await Promise.all([registry.templates(tenant), judge(tenant)])
    return c.json({ items: templates.map((template) => view(template, judgeOne(template))) }, 200)
  })

  api.openapi(get, async (c) => {
    const tenant = c.get('tenant')
    const template = await findTemplate(deps, tenant, c.req.valid('param').id)
    return c.json(view(template, (await judge(tenant))(template)), 200)
  })

  api.openapi(change, async (c) => {
    const tenant = c.get('tenant')
    const before = await findTemplate(deps, tenant, c.req.valid('param').id)
    const template = { ...before, ...withoutUndefined(c.req.valid('json')) }
    const judgement = mustPass((await judge(tenant))(template))
    await registry.updateTemplate(tenant, template)
    const { name, types, consentId } = template
    await audited(deps, c, {
      ...{ action: 'template.changed', subject: template.id, detail: { name, types, consentId } },
    })
    return c.json(view(template, judgement), 200)
  })

  return api
}

async function findTemplate(
  { registry }: Pick<ApiDeps, 'registry'>,
  tenant: TenantId,
  id: string,
): Promise<TemplateRecord> {
  const template = DltId.safeParse(id).success ? await registry.template(tenant, id) : null
  if (template) return template
  throw new NotFound('template_not_found', `there is no template ${id}: POST /v1/templates`)
}

/** @throws InvalidInput with the parser's code and sentence, or all rules that refuse it. */
function mustPass(judgement: TemplateJudgement): TemplateJudgement {
  const refusal = refusalOf(judgement)
  if (!refusal) return judgement
  const { code, message } = refusal
  const place = judgement.parsed.ok ? '' : code.startsWith('variable_type') ? 'body.types: ' : 'body.text: '
  throw new InvalidInput(code, place + message)
}

function view(
  { id, name, header, category, text, consentId, createdAt }: TemplateRecord,
  { parsed, findings }: TemplateJudgement,
): z.infer<typeof TemplateView> {
  const variables: Template['variables'] = parsed.ok ? parsed.variables : []
  return {
    ...{ id, name, header, category, lane: laneOf(category), text, variables: variables.length },
    ...{ types: variables.map(({ type }) => type), consentId, findings, createdAt: iso(createdAt) },
  }
}

function withoutUndefined<T extends object>(changes: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as never
}
