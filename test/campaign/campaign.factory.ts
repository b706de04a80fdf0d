import {
  type CampaignRecord,
  type CheckNumbers,
  NO_GUARD,
  type PlanSummary,
} from '../../shared/campaign/record.ts'
import { CampaignId, PlanId, PoolId, TenantId } from '../../shared/ids.ts'

export const CAMPAIGN = CampaignId.parse('01K6CAMPAGN000000000000001')
export const PLAN = PlanId.parse('01K6P1AN000000000000000001')
export const TENANT = TenantId.parse('acme')

/** A draft; give what a test is about. */
export function aCampaign(fields: Partial<CampaignRecord> = {}): CampaignRecord {
  return {
    tenant: TENANT,
    id: CAMPAIGN,
    name: 'Order updates',
    state: 'draft',
    rev: 0,
    templateId: '1107161234567890123',
    header: 'ACMEIN',
    lane: 'service',
    pool: PoolId.parse('main'),
    mapping: {},
    policy: 'hold',
    validityHours: 24,
    createdAt: Date.UTC(2026, 8, 1, 5),
    uploadKey: `uploads/${TENANT}/${CAMPAIGN}.csv`,
    checking: null,
    progress: null,
    numbers: null,
    plan: null,
    rejects: null,
    launch: null,
    guard: NO_GUARD,
    feed: { nextPage: 0, fedAt: null },
    settledAt: null,
    problem: null,
    dueAt: null,
    ...fields,
  }
}

export function aPlan(fields: Partial<PlanSummary> = {}): PlanSummary {
  const plan = { id: PLAN, pages: 1, batches: 1, recipients: 2, segments: 3, fileHash: '' }
  return { ...plan, recipientsPerPage: [2], ...fields }
}

export function someNumbers(fields: Partial<CheckNumbers> = {}): CheckNumbers {
  return {
    rows: 4,
    accepted: 2,
    invalid: 1,
    duplicates: 1,
    suppressed: 0,
    segments: 3,
    unicode: 0,
    long: 1,
    reasons: { number_invalid: 1 },
    costPaise: 36,
    samples: [{ to: '919876543210', text: 'Dear Asha, your order is ready.', segments: 1 }],
    firstInvalid: [{ line: 3, code: 'number_invalid', message: '"123" is no number' }],
    findings: [],
    warnings: {},
    unicodeCost: null,
    repeats: null,
    ...fields,
  }
}

export const aCheckedCampaign = (fields: Partial<CampaignRecord> = {}): CampaignRecord =>
  aCampaign({ state: 'checked', plan: aPlan(), numbers: someNumbers(), rejects: PLAN, ...fields })

/** One that was launched, with terms that hold for a day. */
export function aLaunchedCampaign(fields: Partial<CampaignRecord> = {}): CampaignRecord {
  const at = Date.UTC(2026, 8, 1, 5, 30)
  const terms = { expiresAt: at + 24 * 3_600_000, hours: null, policy: 'hold' } as const
  return aCheckedCampaign({ state: 'sending', launch: { at, terms }, ...fields })
}
