/** The least a check needs around it: a campaign that waits to be checked, and a store that forgets what is written. */
import { systemIds } from '../aws/system-clock.ts'
import type { CompileDeps } from '../lambdas/compile/service.ts'
import { type CampaignRecord, type CheckNumbers, NO_GUARD } from '../shared/campaign/record.ts'
import type { CompileJob } from '../shared/contracts/jobs.ts'
import { PoolConfig } from '../shared/contracts/route.ts'
import { CampaignId, PlanId, PoolId, TenantId, Ulid } from '../shared/ids.ts'
import { silentLog } from '../shared/log.ts'
import type { Clock, ObjectStore, Queue, Registry, Suppressions } from '../shared/ports.ts'
import { listKey, type SuppressionList } from '../shared/suppression/list.ts'
import { encodeNumbers } from '../shared/suppression/list-format.ts'
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
const LIST_ID = Ulid.parse('01JD0000000000000000000003')
const TEMPLATE_TEXT =
  'Dear {#var#}, we have received your payment of Rs {#var#} on {#var#}. Thank you for banking with us. Dakghar Bank'

/** The message of a row with these values. */
export function textOfRow(values: readonly string[]): string {
  let n = 0
  return TEMPLATE_TEXT.replace(/\{#var#\}/g, () => values[n++]!)
}

/** `form`: whether rows hold values or whole texts. `suppressed`: numbers in the one suppression list. */
export function checkingCampaign(
  upload: Upload,
  { form, suppressed }: { form: 'values' | 'texts'; suppressed: number },
): CheckBench {
  let campaign = newCampaign(upload.bytes, form)
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
      text: TEMPLATE_TEXT,
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
    sending: async () => null,
    pool: async () => PoolConfig.parse({ id: POOL }),
    noteProgress: async () => {},
  } satisfies Partial<Registry> as unknown as Registry
  const deps: CompileDeps = {
    registry,
    objects: forgetfulStore(upload, suppressed),
    suppressions: oneList,
    queue: {} as Queue,
    ids: systemIds(),
    clock,
    log: silentLog,
    timing: TIMING,
  }
  const job: CompileJob = { kind: 'compile', tenant: TENANT, campaign: CAMPAIGN, plan: PLAN }
  return { deps, job, numbers: () => campaign.numbers }
}

/** Numbers two apart, among which some of the rows are. */
function listOf(count: number): Uint8Array {
  return encodeNumbers(Float64Array.from({ length: count }, (_, n) => 919_000_000_000 + 2 * n))
}

const LIST = {
  ...{ id: LIST_ID, name: 'bench', state: 'loaded', rev: 1, mapping: {} },
  ...{ createdAt: 0, statedAt: 0, loadedAt: 0, digest: '0', problem: null },
  numbers: { rows: 0, accepted: 0, invalid: 0, duplicates: 0, firstInvalid: [] },
} satisfies SuppressionList

const oneList = {
  lists: async () => [LIST],
  entries: async () => ({ items: [], next: null }),
} satisfies Partial<Suppressions> as unknown as Suppressions

const clock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async () => {},
}

function forgetfulStore(upload: Upload, suppressed: number): ObjectStore {
  const list = Buffer.from(listOf(suppressed))
  return {
    get: async (key: string) => (key === listKey(TENANT, LIST) ? list : null),
    head: async () => ({ bytes: upload.bytes, modifiedAt: 0 }),
    getStream: async () => ({ bytes: upload.bytes, body: upload.body() }),
    put: async () => {},
    putStream: async (_key: string, body: AsyncIterable<Uint8Array | string>) => {
      for await (const _ of body);
    },
  } satisfies Partial<ObjectStore> as unknown as ObjectStore
}

function newCampaign(bytesTotal: number, form: 'values' | 'texts'): CampaignRecord {
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
    mapping: form === 'texts' ? { text: 'text' } : {},
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
