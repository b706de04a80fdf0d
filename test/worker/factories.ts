import { HeldBatch } from '../../bind-worker/intake/held-batch.ts'
import type { LaunchTerms, PlanLine } from '../../shared/contracts/dispatch.ts'
import { RouteConfig, type RouteInput } from '../../shared/contracts/route.ts'
import type { BootId, CampaignId, Msisdn, PlanId, PoolId, RouteId } from '../../shared/ids.ts'

export const CAMPAIGN = '01JCCCCCCCCCCCCCCCCCCCCCCC' as CampaignId
export const BOOT = '01JBBBBBBBBBBBBBBBBBBBBBBB' as BootId
export const OTHER_BOOT = '01JDDDDDDDDDDDDDDDDDDDDDDD' as BootId
export const FAR_FUTURE = Date.UTC(2030, 0, 1)
export const QUEUE = 'dispatch-demo-service'

export const TERMS: LaunchTerms = { expiresAt: FAR_FUTURE, hours: null, policy: 'hold' }

/** A route to a loopback SMSC without TLS; override what a test is about. */
export function route(over: Partial<RouteInput> = {}): RouteConfig {
  return RouteConfig.parse({
    id: 'demo' as RouteId,
    pool: 'demo' as PoolId,
    host: '127.0.0.1',
    port: 2775,
    tls: false,
    allowPlaintext: true,
    secret: 'env:SMPP_SECRET',
    binds: 1,
    tps: 1_000,
    ...over,
  })
}

/** A plan line whose messages have as many parts as `parts` says: `[1, 3]` is one short and one of three parts. */
export function planLine(parts: readonly number[] = [1], over: Partial<PlanLine> = {}): PlanLine {
  return {
    v: 1,
    campaign: CAMPAIGN,
    plan: '01JPPPPPPPPPPPPPPPPPPPPPPP' as PlanId,
    page: 0,
    batch: 0,
    lane: 'service',
    header: 'DAKGHR',
    entity: '1701158019811140068',
    template: '1107161191448698079',
    messages: parts.map((count, i) => ({
      i,
      to: `91987654${String(3_210 + (over.batch ?? 0) * 100 + i).padStart(4, '0')}` as Msisdn,
      dc: 0,
      parts: Array.from({ length: count }, (_, part) => `message ${i} part ${part + 1} of ${count}`),
    })),
    ...over,
  }
}

/** A batch claimed by {@link BOOT}, everything reserved, nothing sent. */
export function heldBatch(
  line: PlanLine = planLine(),
  over: { reserved?: string; terms?: LaunchTerms; fenceAtMs?: number; maySecond?: Set<number> } = {},
): HeldBatch {
  const { campaign, page, batch, messages } = line
  return new HeldBatch({
    dispatch: { launch: over.terms ?? TERMS, skip: [], line, rawLine: JSON.stringify(line) },
    claim: {
      ...{ campaign, page, batch, owner: BOOT, gen: 1, state: 'held', crashes: 0, leaseUntil: 0 },
      ...{ reserved: over.reserved ?? '1'.repeat(messages.length), lineHash: 'h', parked: null },
    },
    copy: { queue: QUEUE, receipt: `receipt-${line.batch}`, body: '' },
    toSend: new Set(line.messages.map((message) => message.i)),
    maySecond: over.maySecond ?? new Set(),
    fenceAtMs: over.fenceAtMs ?? Number.POSITIVE_INFINITY,
  })
}
