import { createRoute, z } from '@hono/zod-openapi'
import { Category, laneOf, SenderHeader, type TemplateRecord } from '../../shared/contracts/records.ts'
import { Lane } from '../../shared/contracts/route.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { InvalidInput, NotFound } from '../../shared/errors.ts'
import { DltId } from '../../shared/ids.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { IdParam, Instant, iso, json, problems } from './responses.ts'

const TemplateInput = z
  .strictObject({
    id: DltId.meta({ description: 'The id the DLT portal gave.', example: '1107161234567890123' }),
    name: z.string().min(1).max(200),
    header: SenderHeader.meta({ description: 'Registered along with the template when it is new.' }),
    category: Category,
    text: z.string().min(1).max(2_000).meta({
      description: 'As approved, variables as `{#var#}`.',
      example: 'Dear {#var#}, your order is ready.',
    }),
  })
  .openapi('TemplateInput')

const TemplateView = z
  .object({
    id: DltId,
    name: z.string(),
    header: z.string(),
    category: Category,
    lane: Lane,
    text: z.string(),
    variables: z.int().meta({ description: 'How many values a message needs.' }),
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

export function templatesApi({ registry, clock }: ApiDeps): Api {
  const api = newApi()

  api.openapi(create, async (c) => {
    const input = c.req.valid('json')
    mustParse(input.text)
    const template = { ...input, createdAt: clock.now() }
    const tenant = c.get('tenant')
    await registry.registerHeader(tenant, { name: input.header, createdAt: clock.now() })
    await registry.createTemplate(tenant, template)
    return c.json(view(template), 201)
  })

  api.openapi(list, async (c) => {
    const templates = await registry.templates(c.get('tenant'))
    return c.json({ items: templates.map(view) }, 200)
  })

  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const template = DltId.safeParse(id).success ? await registry.template(c.get('tenant'), id) : null
    if (!template) throw new NotFound('template_not_found', `there is no template ${id}: POST /v1/templates`)
    return c.json(view(template), 200)
  })

  return api
}

/** @throws InvalidInput with the parser's code and sentence. */
function mustParse(text: string): void {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new InvalidInput(parsed.code, `body.text: ${parsed.message}`)
}

function view(template: TemplateRecord): z.infer<typeof TemplateView> {
  const { id, name, header, category, text } = template
  const parsed = parseTemplate(text)
  const variables = parsed.ok ? parsed.variables.length : 0
  return {
    id,
    name,
    header,
    category,
    lane: laneOf(category),
    text,
    variables,
    createdAt: iso(template.createdAt),
  }
}
