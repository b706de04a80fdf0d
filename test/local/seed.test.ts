import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { demoRoute } from '../../local/demo-route.ts'
import { demoScrub } from '../../local/seed/demo-scrub.ts'
import {
  DEMO_HEADER,
  DEMO_ROUTE,
  DEMO_TENANT,
  DEMO_VARIABLES,
  demoTemplates,
  demoTenant,
  HINDI_TEMPLATE,
  LONG_TEMPLATE,
  SHORT_TEMPLATE,
} from '../../local/seed/demo-tenant.ts'
import { demoKey, seedDemo } from '../../local/seed/seed.ts'
import { HeaderRecord, TemplateRecord, TenantRecord } from '../../shared/contracts/records.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { segment } from '../../shared/sms/segment.ts'
import { scrubber } from '../../simulator/scrub/scrubber.ts'
import { memoryDeps } from '../support/memory-ports.ts'

const directory = mkdtempSync(join(tmpdir(), 'dakghar-seed-'))
afterAll(() => rmSync(directory, { recursive: true }))

const ROUTE = demoRoute(
  { host: '127.0.0.1', port: 2776, tls: { ca: 'PEM' } },
  { tps: 500, binds: 2, window: 100 },
)

it('makes a tenant that may send, whose records keep every rule', async () => {
  const deps = memoryDeps()
  await seedDemo(deps, ROUTE)
  const tenant = TenantRecord.parse(await deps.registry.tenant(DEMO_TENANT))
  expect(await deps.registry.pool(tenant.pools.service!)).not.toBeNull()
  const headers = (await deps.registry.headers(DEMO_TENANT)).map((header) => HeaderRecord.parse(header).name)
  const templates = (await deps.registry.templates(DEMO_TENANT)).map((one) => TemplateRecord.parse(one))
  expect(templates).toHaveLength(3)
  for (const template of templates) {
    expect(headers).toContain(template.header)
    const parsed = parseTemplate(template.text)
    expect(parsed.ok && parsed.variables).toHaveLength(DEMO_VARIABLES.length)
  }
})

it('may be repeated, and points the route to where the SMSC is now', async () => {
  const deps = memoryDeps()
  await seedDemo(deps, ROUTE)
  await seedDemo(deps, { ...ROUTE, port: 9_999 })
  expect(await deps.registry.templates(DEMO_TENANT)).toHaveLength(3)
  expect(await deps.registry.route(DEMO_ROUTE)).toMatchObject({ port: 9_999 })
})

it.each([
  [SHORT_TEMPLATE, 'Asha', 'GSM7', 1],
  [LONG_TEMPLATE, 'Lakshmi', 'GSM7', 2],
  [HINDI_TEMPLATE, 'विक्रम', 'UCS2', 2],
] as const)('$name takes the segments it says', (template, name, encoding, segments) => {
  const text = template.text.replace('{#var#}', name).replace(/\{#\w+#\}/, '100123')
  expect(segment(text, 8)).toMatchObject({ encoding, parts: { length: segments } })
})

it('is in the operators’ registry as it is here; what is registered later is not', () => {
  const origin = { entityId: demoTenant(0).entityId, source: DEMO_HEADER, chain: null, at: 0 }
  for (const { id, text } of demoTemplates(0)) {
    const message = text.replace('{#var#}', 'Asha').replace(/\{#\w+#\}/, '100123')
    expect(scrubber(demoScrub('refuse'))({ ...origin, templateId: id }, message)).toBeNull()
  }
  const later = { ...origin, templateId: '1107161191448698079' }
  expect(scrubber(demoScrub('refuse'))(later, 'Hello')?.reason).toBe('template_unknown')
  expect(scrubber(demoScrub('pass'))(later, 'Hello')).toBeNull()
})

it('shows the key of the first start again, and a new one when the registry does not know it', async () => {
  const deps = memoryDeps()
  const first = await demoKey(deps, directory)
  expect(await demoKey(deps, directory)).toBe(first)
  expect(await demoKey(memoryDeps(), directory)).not.toBe(first)
})
