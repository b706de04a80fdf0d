/** A route to a peer on loopback, its binds, and messages to send over it. */
import { systemClock, systemRandom } from '../aws/system-clock.ts'
import { Bind } from '../bind-worker/session/bind.ts'
import { RouteCredentials } from '../bind-worker/session/credentials.ts'
import type { SessionHandlers } from '../bind-worker/session/session-contract.ts'
import { SubmitEncoder } from '../bind-worker/session/submit-encoder.ts'
import type { PlanLine } from '../shared/contracts/dispatch.ts'
import { RouteConfig, type RouteInput } from '../shared/contracts/route.ts'
import { CampaignId, Msisdn, PlanId } from '../shared/ids.ts'
import { silentLog } from '../shared/log.ts'
import { TIMING } from '../shared/timing.ts'

export function sampleRoute(port: number, changes: Partial<RouteInput>): RouteConfig {
  return RouteConfig.parse({
    id: 'bench',
    pool: 'bench',
    host: '127.0.0.1',
    port,
    tls: false,
    allowPlaintext: true,
    secret: 'env:NONE',
    ...changes,
  })
}

/** Handlers that do nothing and acknowledge everything, but for those given. */
export function sampleBind<T>(
  index: number,
  route: RouteConfig,
  handlers: Partial<SessionHandlers<T>>,
): Bind<T> {
  return new Bind<T>({
    ...parts,
    index,
    bindAs: 'transceiver',
    route,
    credentials: new RouteCredentials({ ...parts, route, secrets }),
    handlers: {
      onBound() {},
      onResponse() {},
      onLateResponse() {},
      onTimeout() {},
      onDeliver: (_, ack) => ack(0),
      onWritable() {},
      onClose() {},
      ...handlers,
    },
    random: systemRandom,
  })
}

const parts = { timing: TIMING, clock: systemClock, log: silentLog }
const secrets = { read: async () => ({ systemId: 'bench', password: 'bench' }) }

export function sampleLine(page: number, batch: number, messages: number): PlanLine {
  return {
    v: 1,
    campaign: CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ'),
    plan: PlanId.parse('01K9YYYYYYYYYYYYYYYYYYYYYY'),
    page,
    batch,
    lane: 'service',
    header: 'GCMDIA',
    entity: '1701158019811140068',
    template: '1107161191448698079',
    messages: Array.from({ length: messages }, (_, i) => ({
      i,
      to: Msisdn.parse(`9198765432${String(i).padStart(2, '0')}`),
      dc: 0,
      parts: [
        `Your order ORD-${1_000 + i} has been confirmed and will reach you by Friday. Thank you - GCMDIA`,
      ],
    })),
  }
}

export function sampleEncoder(route: RouteConfig, line: PlanLine): SubmitEncoder {
  return new SubmitEncoder(route, line, { referenceBits: 8, validUntil: Date.now() + 86_400_000 })
}
