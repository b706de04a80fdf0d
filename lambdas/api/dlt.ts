import { createRoute, z } from '@hono/zod-openapi'
import { rulesOfTenant } from '../../shared/campaign/dlt-rules.ts'
import { CtaWhitelist } from '../../shared/dlt/cta/whitelist.ts'
import { DltRuleOverrides } from '../../shared/dlt/rules/overrides.ts'
import { RULES, type RuleCode } from '../../shared/dlt/rules/rule-table.ts'
import type { DltRules } from '../../shared/dlt/rules/rules.ts'
import { audited } from './audited.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { json, orNull, problems } from './responses.ts'

const RuleView = z
  .object({
    code: z.string(),
    about: z.string(),
    level: z.enum(['refuse', 'warn', 'off']).meta({ description: 'As it applies to this tenant.' }),
    overridable: z.boolean(),
    says: z.string(),
    source: z.string(),
  })
  .openapi('Rule')

const RulesView = z
  .object({
    version: z.string().meta({ description: 'Of the table of defaults.' }),
    overrides: DltRuleOverrides,
    rules: z.array(RuleView),
  })
  .openapi('Rules')

const WhitelistView = z
  .object({
    ctas: orNull(CtaWhitelist).meta({
      description: 'Null when nobody has said: then CTAs are only warned of.',
    }),
  })
  .openapi('CtaWhitelistView')

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

const getRules = createRoute({
  method: 'get',
  path: '/v1/entity/rules',
  summary: 'The DLT rules as they apply to this tenant, before what its routes add',
  responses: { 200: json(RulesView, 'The rules'), ...problems() },
})

const putRules = createRoute({
  method: 'put',
  path: '/v1/entity/rules',
  summary: 'Set where the rules differ for this tenant; replaces what was set before',
  request: body(DltRuleOverrides),
  responses: { 200: json(RulesView, 'The rules as they now apply'), ...problems(400, 413, 415, 422) },
})

const getCtas = createRoute({
  method: 'get',
  path: '/v1/entity/ctas',
  summary: 'The URLs, numbers and e-mail addresses whitelisted at the portal',
  responses: { 200: json(WhitelistView, 'The whitelist'), ...problems() },
})

const putCtas = createRoute({
  method: 'put',
  path: '/v1/entity/ctas',
  summary: 'Say what is whitelisted at the portal; replaces what was said before',
  request: body(CtaWhitelist),
  responses: { 200: json(WhitelistView, 'The whitelist'), ...problems(400, 413, 415, 422) },
})

/** What the tenant's entity has at its portal besides headers and templates, and how it wants to be checked. */
export function dltApi(deps: ApiDeps): Api {
  const { registry } = deps
  const api = newApi()

  api.openapi(getRules, async (c) => {
    const tenant = c.get('tenant')
    return c.json(rulesView(await registry.rules(tenant), await rulesOfTenant(registry, tenant)), 200)
  })

  api.openapi(putRules, async (c) => {
    const tenant = c.get('tenant')
    const overrides = c.req.valid('json')
    await registry.putRules(tenant, overrides)
    await audited(deps, c, { action: 'rules.set', subject: tenant, detail: { overrides: plain(overrides) } })
    return c.json(rulesView(overrides, await rulesOfTenant(registry, tenant)), 200)
  })

  api.openapi(getCtas, async (c) => c.json({ ctas: await registry.ctas(c.get('tenant')) }, 200))

  api.openapi(putCtas, async (c) => {
    const tenant = c.get('tenant')
    const ctas = c.req.valid('json')
    await registry.putCtas(tenant, ctas)
    const { urls, numbers, emails } = ctas
    const detail = { urls: urls.length, numbers: numbers.length, emails: emails.length }
    await audited(deps, c, { action: 'ctas.set', subject: tenant, detail })
    return c.json({ ctas }, 200)
  })

  return api
}

function rulesView(overrides: DltRuleOverrides, { version, levels }: DltRules): z.infer<typeof RulesView> {
  const rules = Object.entries(RULES).map(([code, { about, overridable, says, source }]) => ({
    ...{ code, about, level: levels[code as RuleCode], overridable, says, source },
  }))
  return { version, overrides, rules }
}

const plain = (overrides: DltRuleOverrides) => JSON.parse(JSON.stringify(overrides))
