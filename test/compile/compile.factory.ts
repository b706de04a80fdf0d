import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { CompileJob } from '../../shared/contracts/jobs.ts'
import { PoolConfig } from '../../shared/contracts/route.ts'
import { PlanId } from '../../shared/ids.ts'
import type { ObjectStore } from '../../shared/ports.ts'
import { aCampaign, CAMPAIGN, PLAN, TENANT } from '../campaign/campaign.factory.ts'
import { type MemoryDeps, memoryDeps } from '../support/memory-ports.ts'

export { CAMPAIGN, PLAN, TENANT } from '../campaign/campaign.factory.ts'

export const JOB: CompileJob = { kind: 'compile', tenant: TENANT, campaign: CAMPAIGN, plan: PLAN }
export const OTHER_PLAN = PlanId.parse('01K6P1AN000000000000000002')

export interface Bench extends MemoryDeps {
  /** The campaign as it stands. */
  campaign(): Promise<CampaignRecord>
  /** Text of an object of the plan, null when it is not there. */
  planText(name: string): Promise<string | null>
}

/** A campaign that waits for its check, with this upload; null for none. */
export async function checking(
  upload: string | Uint8Array | null,
  options: { text?: string; thenLaunch?: boolean; record?: Partial<CampaignRecord> } = {},
): Promise<Bench> {
  const deps = memoryDeps()
  const campaign = aCampaign({
    state: 'checking',
    checking: {
      plan: PLAN,
      startedAt: deps.clock.now(),
      thenLaunch: options.thenLaunch ?? false,
      allowRepeat: false,
    },
    progress: { bytes: 0, bytesTotal: upload?.length ?? 0, rows: 0 },
    ...options.record,
  })
  const { registry, objects } = deps
  await registry.putTenant({
    id: TENANT,
    name: 'Acme',
    entityId: '1101234567890123456',
    pools: { service: campaign.pool },
    paisePerSegment: 12.5,
    createdAt: 0,
  })
  await registry.createTemplate(TENANT, {
    id: campaign.templateId,
    name: 'greeting',
    header: 'ACMEIN',
    category: 'service_implicit',
    text: options.text ?? 'Dear {#var#}, your order is ready.',
    types: null,
    consentId: null,
    createdAt: 0,
  })
  await registry.putPool(PoolConfig.parse({ id: campaign.pool }))
  await registry.createCampaign(campaign)
  if (upload !== null) await objects.put(campaign.uploadKey, upload)
  return Object.assign(deps, {
    campaign: async () => (await registry.campaign(TENANT, CAMPAIGN))!,
    planText: async (name: string) =>
      (await objects.get(`plans/${CAMPAIGN}/${PLAN}/${name}`))?.toString('utf8') ?? null,
  })
}

/** Rows of every kind: plain, long, Hindi, refused, duplicate. */
export function mixedCsv(rows: number): string {
  const lines = ['mobile,name']
  for (let n = 0; n < rows; n++) {
    const number = String(9_000_000_000 + n * 7_919)
    if (n % 50 === 7) lines.push(`12,Asha ${n}`)
    else if (n % 50 === 9) lines.push('9000000000,again')
    else if (n % 10 === 3) lines.push(`${number},आशा देवी`)
    else lines.push(`${number},"Rao, Asha ${n}"`)
  }
  return `${lines.join('\r\n')}\r\n`
}

/** Passes everything on but the n-th write, from 0, which fails: before it is done, or after (its answer is lost). */
export function failingAt(objects: ObjectStore, failure: number, when: 'before' | 'after'): ObjectStore {
  let writes = 0
  const guarded = async (write: () => Promise<void>): Promise<void> => {
    const fails = writes++ === failure
    if (fails && when === 'before') throw new Error('the store is gone')
    await write()
    if (fails) throw new Error('the answer is lost')
  }
  return {
    put: (key, body, options) => guarded(() => objects.put(key, body, options)),
    putStream: (key, body, options) => guarded(() => objects.putStream(key, body, options)),
    get: (key) => objects.get(key),
    getStream: (key) => objects.getStream(key),
    head: (key) => objects.head(key),
    presignPost: (key, options) => objects.presignPost(key, options),
    presignGet: (key, options) => objects.presignGet(key, options),
  }
}

/** The port with some of its methods replaced. */
export function overriding<T extends object>(port: T, methods: Partial<T>): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(name in methods ? methods : target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
