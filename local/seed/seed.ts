import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newApiKey, parseApiKey } from '../../shared/contracts/api-key.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import { Conflict } from '../../shared/errors.ts'
import type { Clock, Ids, Registry } from '../../shared/ports.ts'
import { DEMO_TENANT, demoHeaders, demoPool, demoTemplates, demoTenant } from './demo-tenant.ts'

export interface SeedDeps {
  registry: Registry
  clock: Clock
  ids: Ids
}

/** Puts the demo tenant with all it owns into the registry, and the route as it is at this start; safe to repeat. */
export async function seedDemo(deps: SeedDeps, route: RouteConfig): Promise<void> {
  const { registry } = deps
  const now = deps.clock.now()
  await registry.putPool(demoPool)
  await registry.putRoute(route)
  if (!(await registry.tenant(DEMO_TENANT))) await registry.putTenant(demoTenant(now))
  for (const header of demoHeaders(now)) await registry.registerHeader(DEMO_TENANT, header)
  for (const template of demoTemplates(now)) {
    await registry.createTemplate(DEMO_TENANT, template).catch((error) => {
      if (!(error instanceof Conflict && error.code === 'template_exists')) throw error
    })
  }
}

/**
 * The demo key in plain text. The registry keeps only hashes, so at first start it is written to `demo-key`, for the
 * convenience of whoever tries this on one machine; without a directory each start makes a new one.
 */
export async function demoKey(deps: SeedDeps, directory: string | null): Promise<string> {
  const file = directory && join(directory, 'demo-key')
  const kept = file && existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const id = parseApiKey(kept)?.id
  if (id && (await deps.registry.key(id))) return kept

  const key = { tenant: DEMO_TENANT, name: 'demo', createdAt: deps.clock.now() }
  const { text, record } = newApiKey(deps.ids, randomBytes, key)
  await deps.registry.putKey(record)
  if (file) writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return text
}
