import { createRoute, z } from '@hono/zod-openapi'
import { costPaise } from '../../shared/campaign/money.ts'
import { laneOf } from '../../shared/contracts/records.ts'
import { Lane } from '../../shared/contracts/route.ts'
import { valueCtaScanner } from '../../shared/dlt/cta/check.ts'
import { fill } from '../../shared/dlt/fill.ts'
import type { Template } from '../../shared/dlt/template.ts'
import { unicodeCost } from '../../shared/dlt/unicode-cost.ts'
import { InvalidInput } from '../../shared/errors.ts'
import { DltId } from '../../shared/ids.ts'
import { type ReferenceBits, type Segmented, segment } from '../../shared/sms/segment.ts'
import { judgeTemplate } from '../template-judge.ts'
import { type Api, type ApiDeps, newApi, tenantRecord } from './context.ts'
import { json, Money, moneyView, orNull, problems } from './responses.ts'

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
      .array(
        z.object({
          character: z.string(),
          codePoint: z.string(),
          name: z.string().nullable(),
          index: z.int(),
          variable: z.int().nullable().meta({ description: 'From 1; null in the fixed text.' }),
          replacement: z.string().nullable().meta({ description: 'What says the same in GSM 03.38.' }),
        }),
      )
      .meta({ description: 'What keeps the text out of GSM 03.38, where one segment holds 160 and not 70.' }),
    suggestion: orNull(z.object({ variables: z.array(z.string()), segments: z.int(), price: Money })).meta({
      description: 'Values that say the same in fewer segments; null where there are none.',
    }),
    findings: z
      .array(z.object({ code: z.string(), level: z.enum(['refuse', 'warn']), message: z.string() }))
      .meta({
        description:
          'What the DLT rules say of the template and of these values. One that refuses refuses such a row.',
      }),
  })
  .openapi('Preview')

const preview = createRoute({
  method: 'post',
  path: '/v1/messages/preview',
  summary: 'What one message would be: text, encoding, segments, price, what DLT says of it',
  request: { body: { required: true, content: { 'application/json': { schema: PreviewInput } } } },
  responses: { 200: json(PreviewView, 'The preview'), ...problems(400, 413, 415, 422) },
})

export function previewApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(preview, async (c) => {
    const { templateId, variables } = c.req.valid('json')
    const tenant = await tenantRecord(deps, c.get('tenant'))
    const record = await deps.registry.template(tenant.id, templateId)
    if (!record) {
      throw new InvalidInput(
        'template_not_found',
        `body.templateId: there is no template ${templateId}: register it first with POST /v1/templates`,
      )
    }
    const {
      parsed: template,
      findings,
      rules,
      whitelist,
    } = await judgeTemplate(deps.registry, tenant, record)
    if (!template.ok) throw new InvalidInput(template.code, `template: ${template.message}`)
    const text = filled(template, variables)
    const lane = laneOf(record.category)
    const pool = tenant.pools[lane]
    const { referenceBits = 8 } = (pool && (await deps.registry.pool(pool))) || {}
    const { encoding, units, parts } = cut(text, referenceBits)
    const priceOf = (segments: number) => moneyView(costPaise(segments, tenant.paisePerSegment))
    const cost = unicodeCost(template, variables, referenceBits)
    const { suggestedValues, suggestedSegments } = cost
    const scan = valueCtaScanner(template, { header: record.header, whitelist, rules })
    const said = [...findings, ...scan(variables)].map(({ code, level, message }) => ({
      code,
      level,
      message,
    }))
    const view = { text, lane, encoding, units, segments: parts.length, parts, price: priceOf(parts.length) }
    const suggestion =
      suggestedSegments < parts.length
        ? { variables: suggestedValues, segments: suggestedSegments, price: priceOf(suggestedSegments) }
        : null
    return c.json({ ...view, unicodeCharacters: cost.characters, suggestion, findings: said }, 200)
  })
  return api
}

function filled(template: Template, variables: readonly string[]): string {
  const result = fill(template, variables)
  if (!result.ok) throw new InvalidInput(result.code, `body.variables: ${result.message}`)
  return result.text
}

function cut(text: string, referenceBits: ReferenceBits): Segmented {
  const segmented = segment(text, referenceBits)
  if (!segmented.ok) throw new InvalidInput(segmented.code, `body.variables: ${segmented.message}`)
  return segmented
}
