/** The events and the context Lambda hands to a function, made from what the ports give. */
import type { Context, EventBridgeEvent, SQSEvent } from 'aws-lambda'
import type { FunctionSpec, QueueName } from '../shared/contracts/wiring.ts'
import type { EpochMs } from '../shared/ids.ts'
import type { Clock, QueueMessage } from '../shared/ports.ts'

const REGION = 'ap-south-1'
const ACCOUNT = '000000000000'

export function sqsEvent(queue: QueueName, messages: readonly QueueMessage[]): SQSEvent {
  return {
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receiveCount),
        SentTimestamp: String(message.sentAt),
        SenderId: ACCOUNT,
        ApproximateFirstReceiveTimestamp: String(message.sentAt),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`,
      awsRegion: REGION,
    })),
  }
}

export type ScheduledEvent = EventBridgeEvent<'Scheduled Event', Record<string, never>>

export function scheduledEvent(id: string, at: EpochMs): ScheduledEvent {
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: new Date(at).toISOString(),
    region: REGION,
    resources: [],
    detail: {},
  }
}

export function lambdaContext(spec: FunctionSpec, requestId: string, clock: Clock): Context {
  const endsAtMs = clock.monotonicMs() + spec.timeoutSeconds * 1_000
  return {
    functionName: spec.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${spec.name}`,
    memoryLimitInMB: String(spec.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${spec.name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, endsAtMs - clock.monotonicMs()),
    // Leftovers of callback handlers (Node.js 0.10); the type still asks for them.
    done() {},
    fail() {},
    succeed() {},
  }
}
