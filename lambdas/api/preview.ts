import { createRoute, z } from '@hono/zod-openapi'
import { costPaise } from '../../shared/campaign/money.ts'
import { laneOf } from '../../shared/contracts/records.ts'
import { Lane } from '../../shared/contracts/route.ts'
import { fill } from '../../shared/dlt/fill.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { InvalidInput } from '../../shared/errors.ts'
import { DltId } from '../../shared/ids.ts'
import { type ReferenceBits, type Segmented, segment, unicodeCharacters } from '../../shared/sms/segment.ts'
import { type Api, type ApiDeps, newApi, tenantRecord } from './context.ts'
import { json, Money, moneyView, problems } from './responses.ts'

const PreviewInput = z
  .strictObject({
    templateId: DltId,
    variables: z
      .array(z.string().max(2_000))
      .max(100)
      .default([])
      .meta({ description: 'In the order of the template.' }),
  })
  .openapi('PreviewInput')

const PreviewView = z
  .object({
    text: z.string(),
    lane: Lane,
    encoding: z.enum(['GSM7', 'UCS2']),
    units: z.int().meta({ description: 'Septets, or UTF-16 code units.' }),
    segments: z.int(),
    parts: z.array(z.string()),
    price: Money,
    unicodeCharacters: z
      .array(z.object({ character: z.string(), codePoint: z.string(), index: z.int() }))
      .meta({ description: 'What keeps the text out of GSM 03.38, where one segment holds 160 and not 70.' }),
  })
  .openapi('Preview')

const preview = createRoute({
  method: 'post',
  path: '/v1/messages/preview',
  summary: 'What one message would be: text, encoding, segments, price',
  request: { body: { required: true, content: { 'application/json': { schema: PreviewInput } } } },
  responses: { 200: json(PreviewView, 'The preview'), ...problems(400, 413, 415, 422) },
})

export function previewApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(preview, async (c) => {
    const { templateId, variables } = c.req.valid('json')
    const tenant = await tenantRecord(deps, c.get('tenant'))
    const template = await deps.registry.template(tenant.id, templateId)
    if (!template) {
      throw new InvalidInput(
        'template_not_found',
        `body.templateId: there is no template ${templateId}: register it first with POST /v1/templates`,
      )
    }
    const text = filled(template.text, variables)
    const lane = laneOf(template.category)
    const pool = tenant.pools[lane]
    const { referenceBits = 8 } = (pool && (await deps.registry.pool(pool))) || {}
    const { encoding, units, parts } = cut(text, referenceBits)
    const price = moneyView(costPaise(parts.length, tenant.paisePerSegment))
    const view = { text, lane, encoding, units, segments: parts.length, parts, price }
    return c.json({ ...view, unicodeCharacters: unicodeCharacters(text) }, 200)
  })
  return api
}

function filled(template: string, variables: readonly string[]): string {
  const parsed = parseTemplate(template)
  if (!parsed.ok) throw new InvalidInput(parsed.code, `template: ${parsed.message}`)
  const result = fill(parsed, variables)
  if (!result.ok) throw new InvalidInput(result.code, `body.variables: ${result.message}`)
  return result.text
}

function cut(text: string, referenceBits: ReferenceBits): Segmented {
  const segmented = segment(text, referenceBits)
  if (!segmented.ok) throw new InvalidInput(segmented.code, `body.variables: ${segmented.message}`)
  return segmented
}
