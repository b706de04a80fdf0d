import { systemClock } from '../../../aws/system-clock.ts'
import type {
  SessionEnd,
  SessionHandlers,
  SessionOptions,
  SubmitResponse,
} from '../../../bind-worker/session/session-contract.ts'
import { RouteConfig, type RouteInput } from '../../../shared/contracts/route.ts'
import type { Pdu } from '../../../shared/smpp/codec.ts'

export const CREDENTIALS = { systemId: 'dakghar', password: 'secret' }

export const sessionOptions = (changes: Partial<SessionOptions> = {}): SessionOptions => ({
  bindAs: 'transceiver',
  systemType: '',
  window: 10,
  responseTimeoutMs: 20_000,
  enquireAfterMs: 20_000,
  enquireTimeoutMs: 20_000,
  bindTimeoutMs: 20_000,
  clock: systemClock,
  ...changes,
})

export const routeConfig = (changes: Partial<RouteInput> = {}): RouteConfig =>
  RouteConfig.parse({
    id: 'route-1',
    pool: 'pool-1',
    host: '127.0.0.1',
    port: 2775,
    tls: false,
    allowPlaintext: true,
    secret: 'env:SMSC_SECRET',
    ...changes,
  })

/** Handlers that write down everything, and acknowledge deliveries at once unless told otherwise. */
export class Recorder implements SessionHandlers<string> {
  bound = 0
  writable = 0
  readonly responses: { context: string; response: SubmitResponse; latencyMs: number }[] = []
  readonly lateResponses: { context: string; response: SubmitResponse }[] = []
  readonly timeouts: string[] = []
  readonly deliveries: { pdu: Pdu; ack: (status: number) => void }[] = []
  readonly ends: { end: SessionEnd; unanswered: string[] }[] = []
  acknowledge = true

  onBound(): void {
    this.bound++
  }
  onResponse(context: string, response: SubmitResponse, latencyMs: number): void {
    this.responses.push({ context, response, latencyMs })
  }
  onLateResponse(context: string, response: SubmitResponse): void {
    this.lateResponses.push({ context, response })
  }
  onTimeout(context: string): void {
    this.timeouts.push(context)
  }
  onDeliver(pdu: Pdu, ack: (status: number) => void): void {
    this.deliveries.push({ pdu, ack })
    if (this.acknowledge) ack(0)
  }
  onWritable(): void {
    this.writable++
  }
  onClose(end: SessionEnd, unanswered: string[]): void {
    this.ends.push({ end, unanswered })
  }

  get end(): SessionEnd | undefined {
    return this.ends.at(-1)?.end
  }
  get unanswered(): string[] | undefined {
    return this.ends.at(-1)?.unanswered
  }
}
