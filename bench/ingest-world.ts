/** The least a check needs around it: a campaign that waits to be checked, and a store that forgets what is written. */
import type { CompileDeps } from '../lambdas/compile/service.ts'
import { type CampaignRecord, type CheckNumbers, NO_GUARD } from '../shared/campaign/record.ts'
import type { CompileJob } from '../shared/contracts/jobs.ts'
import { PoolConfig } from '../shared/contracts/route.ts'
import { CampaignId, PlanId, PoolId, TenantId } from '../shared/ids.ts'
import { silentLog } from '../shared/log.ts'
import type { Clock, ObjectStore, Queue, Registry, Suppressions } from '../shared/ports.ts'
import { TIMING } from '../shared/timing.ts'

export interface CheckBench {
  deps: CompileDeps
  job: CompileJob
  /** What the check found; null until it has ended. */
  numbers(): CheckNumbers | null
}

interface Upload {
  bytes: number
  body: () => AsyncIterable<Uint8Array>
}

const TENANT = TenantId.parse('bench')
const CAMPAIGN = CampaignId.parse('01JD0000000000000000000001')
const PLAN = PlanId.parse('01JD0000000000000000000002')
const POOL = PoolId.parse('main')
const TEMPLATE_ID = '1107160000000000001'

export function checkingCampaign(upload: Upload): CheckBench {
  let campaign = newCampaign(upload.bytes)
  const registry = {
    campaign: async () => campaign,
    updateCampaign: async (changed: CampaignRecord) => {
      campaign = { ...changed, rev: changed.rev + 1 }
      return campaign
    },
    template: async () => ({
      id: TEMPLATE_ID,
      name: 'payment received',
      header: 'DAKGHR',
      category: 'service_implicit',
      text: 'Dear {#var#}, we have received your payment of Rs {#var#} on {#var#}. Thank you for banking with us. Dakghar Bank',
      types: null,
      consentId: null,
      createdAt: 0,
    }),
    tenant: async () => ({
      id: TENANT,
      name: 'Bench',
      entityId: '1101234567890123456',
      pools: { service: POOL },
      paisePerSegment: 12,
      createdAt: 0,
    }),
    rules: async () => ({}),
    routes: async () => [],
    ctas: async () => null,
    remembered: async () => null,
    pool: async () => PoolConfig.parse({ id: POOL }),
    noteProgress: async () => {},
  } satisfies Partial<Registry> as unknown as Registry
  const deps: CompileDeps = {
    registry,
    objects: forgetfulStore(upload),
    suppressions: nothingSuppressed,
    queue: {} as Queue,
    clock,
    log: silentLog,
    timing: TIMING,
  }
  const job: CompileJob = { kind: 'compile', tenant: TENANT, campaign: CAMPAIGN, plan: PLAN }
  return { deps, job, numbers: () => campaign.numbers }
}

const nothingSuppressed = {
  lists: async () => [],
  entries: async () => ({ items: [], next: null }),
} satisfies Partial<Suppressions> as unknown as Suppressions

const clock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async () => {},
}

function forgetfulStore(upload: Upload): ObjectStore {
  return {
    get: async () => null,
    head: async () => ({ bytes: upload.bytes, modifiedAt: 0 }),
    getStream: async () => ({ bytes: upload.bytes, body: upload.body() }),
    put: async () => {},
    putStream: async (_key: string, body: AsyncIterable<Uint8Array | string>) => {
      for await (const _ of body);
    },
  } satisfies Partial<ObjectStore> as unknown as ObjectStore
}

function newCampaign(bytesTotal: number): CampaignRecord {
  return {
    tenant: TENANT,
    id: CAMPAIGN,
    name: 'bench',
    state: 'checking',
    rev: 1,
    templateId: TEMPLATE_ID,
    header: 'DAKGHR',
    lane: 'service',
    pool: POOL,
    mapping: {},
    policy: 'hold',
    validityHours: 24,
    createdAt: 0,
    uploadKey: 'uploads/bench.csv',
    checking: { plan: PLAN, startedAt: 0, thenLaunch: false, allowRepeat: false },
    progress: { bytes: 0, bytesTotal, rows: 0 },
    numbers: null,
    plan: null,
    launch: null,
    rejects: null,
    guard: NO_GUARD,
    feed: { nextPage: 0, fedAt: null },
    settledAt: null,
    problem: null,
    dueAt: null,
  }
}
