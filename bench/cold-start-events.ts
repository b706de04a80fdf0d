import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { scheduledEvent, sqsEvent } from '../local/lambda-events.ts'
import type { FeedJob, InboundMessage, Job, SettleNotice } from '../shared/contracts/jobs.ts'
import type { FunctionSpec, WorkQueueName } from '../shared/contracts/wiring.ts'
import { CampaignId, PlanId, TenantId } from '../shared/ids.ts'

const tenant = TenantId.parse('nobody')
const campaign = CampaignId.parse('01M00000000000000000000000')
const plan = PlanId.parse('01M00000000000000000000001')
const compile: Job = { kind: 'compile', tenant, campaign, plan }
const feed: FeedJob = { kind: 'feed', tenant, campaign }
const settle: SettleNotice = { kind: 'settle', pages: [{ campaign, page: 0 }] }
const inbound: InboundMessage = {
  ...{ kind: 'inbound', route: 'demo', from: '919845000001', to: '56161', text: 'HELLO', dataCoding: 0 },
  arrivedAt: 1_700_000_000_000,
}

/** An event of the function's own source that makes it look something up and leaves nothing more to do. */
export const FIRST_EVENTS: Readonly<Record<FunctionSpec['name'], unknown>> = {
  api: httpGet('/v1/campaigns', `dk_${campaign}_${'x'.repeat(43)}`),
  compile: record('jobs', compile),
  feeder: record('feed', feed),
  settle: record('settle', settle),
  scheduler: scheduledEvent('tick', inbound.arrivedAt),
  inbound: record('inbound', inbound),
}

function record(queue: WorkQueueName, body: object) {
  const message = {
    body: JSON.stringify(body),
    receipt: 'none',
    messageId: 'first',
    receiveCount: 1,
    sentAt: 0,
  }
  return sqsEvent(queue, [message])
}

/** Payload format 2.0, as much of it as is read. */
function httpGet(path: string, key: string): Partial<APIGatewayProxyEventV2> {
  const http = { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' }
  return {
    ...{ version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: '', isBase64Encoded: false },
    headers: { host: 'api.example.com', authorization: `Bearer ${key}` },
    requestContext: { http, domainName: 'api.example.com' } as APIGatewayProxyEventV2['requestContext'],
  }
}
