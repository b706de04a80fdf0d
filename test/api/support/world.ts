/** Two tenants who share a pool and its route, and the API in this process. */
import { createApp } from '../../../lambdas/api/app.ts'
import { newApiKey } from '../../../shared/contracts/api-key.ts'
import { PoolConfig, RouteConfig } from '../../../shared/contracts/route.ts'
import { PoolId, TenantId } from '../../../shared/ids.ts'
import { type MemoryDeps, memoryDeps } from '../../support/memory-ports.ts'
import { documentOf, mustConform, type OpenApiDocument } from './contract.ts'

export const ACME = TenantId.parse('acme')
export const RIVAL = TenantId.parse('rival')
export const TEMPLATE_ID = '1107161234567890123'
const MAIN = PoolId.parse('main')

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: its shape was checked against the OpenAPI document
  body: any
}

export interface Call {
  json?: unknown
  body?: string | FormData | Uint8Array
  headers?: Record<string, string>
  /** Null sends no key at all; Acme's without. */
  key?: string | null
}

export interface World {
  deps: MemoryDeps
  app: ReturnType<typeof createApp>
  document: OpenApiDocument
  keys: { acme: string; rival: string }
  /** Calls the API; fails when the answer is not as the OpenAPI document announces it. */
  call(method: Method, path: string, call?: Call): Promise<Answer>
}

export async function world(): Promise<World> {
  const deps = memoryDeps()
  await deps.registry.putPool(PoolConfig.parse({ id: MAIN }))
  await deps.registry.putRoute(
    RouteConfig.parse({
      id: 'north',
      pool: MAIN,
      host: 'smsc.example.com',
      port: 2776,
      secret: 'env:SMSC_SECRET',
    }),
  )
  const keys = { acme: await tenantWithKey(deps, ACME), rival: await tenantWithKey(deps, RIVAL) }
  const app = createApp(deps)
  const document = await documentOf(app)
  return { deps, app, document, keys, call: caller(app, document, keys.acme) }
}

let keysMade = 0

async function tenantWithKey(deps: MemoryDeps, tenant: TenantId): Promise<string> {
  const createdAt = deps.clock.now()
  await deps.registry.putTenant({
    id: tenant,
    name: tenant,
    entityId: '1101234567890123456',
    pools: { service: MAIN, otp: MAIN },
    paisePerSegment: 12.5,
    createdAt,
  })
  const seed = ++keysMade
  const { text, record } = newApiKey(deps.ids, (count) => new Uint8Array(count).fill(seed), {
    tenant,
    name: 'test',
    createdAt,
  })
  await deps.registry.putKey(record)
  return text
}

function caller(app: World['app'], document: OpenApiDocument, acme: string): World['call'] {
  return async (method, path, { json, body, headers = {}, key = acme } = {}) => {
    const response = await app.request(path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(body !== undefined && { body }),
    })
    const parsed: unknown = await response.json()
    const contentType = response.headers.get('content-type') ?? ''
    const pathname = path.split('?')[0]!
    mustConform(document, { method, path: pathname, status: response.status, contentType, body: parsed })
    return { status: response.status, headers: response.headers, body: parsed }
  }
}

/** Registers a template of Acme's with one variable. */
export async function registerTemplate(
  { call }: Pick<World, 'call'>,
  fields: Record<string, unknown> = {},
): Promise<Answer> {
  const text = 'Dear {#var#}, your order is ready.'
  const template = {
    id: TEMPLATE_ID,
    name: 'Order ready',
    header: 'ACMEIN',
    category: 'service_implicit',
    text,
  }
  return call('POST', '/v1/templates', { json: { ...template, ...fields } })
}

/** Creates a campaign of Acme's by JSON and answers its id. */
export async function createCampaign({ call }: Pick<World, 'call'>): Promise<string> {
  await registerTemplate({ call })
  const { body } = await call('POST', '/v1/campaigns', { json: { name: 'Orders', templateId: TEMPLATE_ID } })
  return body.campaign.id
}
