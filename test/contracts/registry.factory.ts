import type { CampaignRecord } from '../../shared/campaign/record.ts'
import {
  ApiKeyRecord,
  AuditRecord,
  Heartbeat,
  TemplateRecord,
  TenantRecord,
} from '../../shared/contracts/records.ts'
import { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import { CampaignId, TenantId } from '../../shared/ids.ts'
import { aCampaign } from '../campaign/campaign.factory.ts'
import { fakeIds } from '../support/fake-random.ts'

export const NOW = Date.UTC(2026, 8, 1, 6)

const ids = fakeIds(1_000_000)
export const someUlid = () => ids.ulid()
/** A tenant no other test knows: emulators are shared by all tests of a file. */
export const someTenant = () => TenantId.parse(`tenant-${ids.ulid().toLowerCase()}`)

let headers = 0
/** Six letters no other test of the file uses. */
export const someHeader = () => {
  let rest = headers++
  const letter = () => {
    const character = String.fromCharCode(65 + (rest % 26))
    rest = Math.floor(rest / 26)
    return character
  }
  return Array.from({ length: 6 }, letter).join('')
}

export const tenantRecord = (id = someTenant()) =>
  TenantRecord.parse({ id, name: 'Asha Stores', entityId: '1101234567890123456', pools: {}, createdAt: NOW })

export const keyRecord = (tenant = someTenant()) =>
  ApiKeyRecord.parse({
    id: someUlid(),
    tenant,
    name: 'main',
    secretHash: '0'.repeat(64),
    createdAt: NOW,
    revokedAt: null,
  })

export const templateRecord = (id: string, text = 'Hello {#var#}') =>
  TemplateRecord.parse({
    id,
    name: 'greeting',
    header: 'ASHAST',
    category: 'service_implicit',
    text,
    createdAt: NOW,
  })

export const auditRecord = (changes: Partial<AuditRecord> = {}) =>
  AuditRecord.parse({
    ...{ id: someUlid(), at: NOW, actor: 'platform', action: 'template.registered', subject: '1' },
    ...changes,
  })

export const campaignRecord = (changes: Partial<CampaignRecord> = {}): CampaignRecord =>
  aCampaign({ tenant: someTenant(), id: CampaignId.parse(someUlid()), ...changes })

export const checkingRecord = (changes: Partial<CampaignRecord> = {}) =>
  campaignRecord({
    state: 'checking',
    checking: {
      plan: someUlid(),
      startedAt: NOW,
      thenLaunch: false,
      allowRepeat: false,
    } as CampaignRecord['checking'],
    ...changes,
  })

export const poolConfig = (id: string) => PoolConfig.parse({ id })

export const routeConfig = (id: string) =>
  RouteConfig.parse({ id, pool: 'main', host: 'smsc.example', port: 2776, secret: 'env:SMSC' })

export const heartbeat = (bind: number, boot = someUlid()) =>
  Heartbeat.parse({
    boot,
    bind,
    state: 'bound',
    since: NOW,
    at: NOW,
    window: 100,
    inFlight: 3,
    submitted: 10,
    receipts: 9,
    lastError: null,
  })
