/**
 * Counts what every call of the AWS SDK would be billed as, and lets it take as long as AWS takes. DynamoDB's capacity is
 * what the emulator says it consumed; SQS bills each 64 KB of a payload as a request; S3 bills by kind of request.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type ConsumedCapacity,
} from '@aws-sdk/client-dynamodb'
import type { Clients } from '../aws/clients.ts'
import { DUE_INDEX } from '../shared/contracts/wiring.ts'
import { add, type Usage } from './cost-prices.ts'
import type { SimulatedTime } from './simulated-time.ts'

type Item = Record<string, AttributeValue>

/** Calls of one kind: `units` are of capacity, or of 64 KB. */
export interface Calls {
  calls: number
  units: number
}

/** Milliseconds until an answer, in the order of what AWS takes within a region; an assumption. */
const ANSWER_MS = { dynamodb: 5, sqs: 10, s3: 30 }
/** SQS: each 64 KB chunk of a payload is billed as one request. */
const CHUNK_BYTES = 64 * 1_024
/** An entry of the due index that moves is deleted and put, keys alone: an upper bound, as it may stay where it is. */
const DUE_INDEX_UNITS = 2

const S3_PUTS = /^(Put|CreateMultipart|UploadPart|CompleteMultipart)/

export class Meter {
  /** What the messages cause. */
  readonly usage: Usage = {}
  /** By what it was for: `ledger facts`, `queue settle`. */
  readonly kinds = new Map<string, Calls>()
  /** Facts and finished claims, as they are kept. */
  ledgerBytes = 0
  /** Uploads and plans. */
  objectBytes = 0

  kind(name: string, units: number): void {
    const kind = this.kinds.get(name) ?? { calls: 0, units: 0 }
    this.kinds.set(name, { calls: kind.calls + 1, units: kind.units + units })
  }
}

export function meterClients(clients: Clients, meter: Meter, time: SimulatedTime): void {
  askForCapacity(clients.dynamodb)
  wrap(clients.dynamodb, (name, input, send) => meteredTable(meter, name, input, send), ANSWER_MS.dynamodb)
  wrap(clients.sqs, (name, input, send) => meteredQueue(meter, name, input, send), ANSWER_MS.sqs)
  wrap(clients.s3, (name, input, send) => meteredStore(meter, name, input, send), ANSWER_MS.s3)

  /** Around each attempt: time may pass between two of them, and each is billed. */
  function wrap(client: { middlewareStack: unknown }, metered: Metered, answerMs: number): void {
    const middleware =
      (next: Next, context: { commandName?: string }) =>
      async (args: { input: object }): Promise<Answer> => {
        const name = (context.commandName ?? '').replace(/Command$/, '')
        const answer = await time.during(metered(name, args.input, () => next(args)))
        await time.clock.sleep(answerMs)
        return answer
      }
    const stack = client.middlewareStack as Clients['dynamodb']['middlewareStack']
    stack.add(middleware as never, { step: 'finalizeRequest', priority: 'low', name: 'meter' })
  }
}

/** Has every answer of DynamoDB say what it consumed. */
function askForCapacity({ middlewareStack }: Clients['dynamodb']): void {
  const middleware = (next: Next) => (args: { input: object }) =>
    next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } })
  middlewareStack.add(middleware as never, { step: 'initialize', name: 'capacity' })
}

type Answer = { output: object }
type Next = (args: { input: object }) => Promise<Answer>
type Send = () => Promise<Answer>
type Metered = (name: string, input: object, send: Send) => Promise<Answer>

async function meteredTable(meter: Meter, name: string, input: object, send: Send): Promise<Answer> {
  const isWrite = /Put|Update|Write/.test(name)
  const purpose = purposeOf(input)
  const count = (units: number) => {
    meter.kind(`${purpose.name} ${isWrite ? 'written' : 'read'}`, units)
    if (!purpose.isStanding) add(meter.usage, isWrite ? 'dynamodbWriteUnit' : 'dynamodbReadUnit', units)
  }
  try {
    const answer = await send()
    const { ConsumedCapacity = [] } = answer.output as {
      ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[]
    }
    const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
    // A read of nothing is billed as the smallest one.
    count(Math.max(units, isWrite ? 1 : 0.5) + (purpose.isIndexed ? DUE_INDEX_UNITS : 0))
    if (name === 'BatchWriteItem') meter.ledgerBytes += purpose.bytes
    return answer
  } catch (error) {
    // A write whose condition does not hold is billed like one that does.
    if (error instanceof ConditionalCheckFailedException) count(1)
    throw error
  }
}

interface Purpose {
  name: string
  /** Caused by a worker or the scheduler being there, not by messages. */
  isStanding: boolean
  isIndexed: boolean
  /** Of the items to be put. */
  bytes: number
}

/** What a call is for, by the keys of its first item. */
function purposeOf(input: object): Purpose {
  const { Item, Key, RequestItems, IndexName, ExpressionAttributeValues } = input as {
    Item?: Item
    Key?: Item
    RequestItems?: Record<string, { PutRequest: { Item: Item } }[] | { Keys: Item[] }>
    IndexName?: string
    ExpressionAttributeValues?: Item
  }
  const many = RequestItems && Object.values(RequestItems)[0]!
  const items = Array.isArray(many) ? many.map(({ PutRequest }) => PutRequest.Item) : (many?.Keys ?? [])
  const first = items[0] ?? Item ?? Key ?? {}
  const pk = first.pk?.S ?? ExpressionAttributeValues?.[':pk']?.S ?? ''
  const sk = first.sk?.S ?? Object.values(ExpressionAttributeValues ?? {}).at(-1)?.S ?? ''
  return {
    name: IndexName ? 'due campaigns' : nameOf(pk, sk),
    isStanding: IndexName !== undefined || /^ROUTE#/.test(pk),
    isIndexed: Item?.[DUE_INDEX.hash] !== undefined,
    bytes: items.reduce((sum, item) => sum + bytesOf(item), 0),
  }
}

function nameOf(pk: string, sk: string): string {
  if (/^R#/.test(pk)) return 'unplaced receipts'
  if (/^ROUTE#/.test(pk)) return 'heartbeats'
  if (/^CLAIM#/.test(sk)) return 'claims'
  if (/^(OUT|RCPT)#/.test(sk)) return 'facts'
  if (/^SUM#/.test(sk)) return 'summaries'
  if (/^\w{26}#\d{6}$/.test(pk)) return 'pages'
  return 'registry'
}

/** Names and values in UTF-8; numbers take about half an octet a digit. */
const bytesOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, { S, N }]) =>
      sum + name.length + Buffer.byteLength(S ?? '') + Math.ceil((N ?? '').length / 2),
    0,
  )

async function meteredQueue(meter: Meter, name: string, input: object, send: Send): Promise<Answer> {
  const answer = await send()
  const { QueueUrl, Entries = [] } = input as { QueueUrl: string; Entries?: { MessageBody?: string }[] }
  const { Messages = [] } = answer.output as { Messages?: { Body?: string }[] }
  const queue = new URL(QueueUrl).pathname.split('/').at(-1)
  const bodies = [...Entries.map(({ MessageBody }) => MessageBody), ...Messages.map(({ Body }) => Body)]
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body ?? ''), 0)
  const units = Math.max(1, Math.ceil(bytes / CHUNK_BYTES))
  // A poll that finds nothing is there with or without messages.
  const isIdle = name === 'ReceiveMessage' && Messages.length === 0
  meter.kind(isIdle ? 'idle polls' : `queue ${queue}`, units)
  if (!isIdle) add(meter.usage, 'sqsRequest', units)
  return answer
}

/** What is not found is billed as well. */
function meteredStore(meter: Meter, name: string, input: object, send: Send): Promise<Answer> {
  const isPut = S3_PUTS.test(name)
  const { Body } = input as { Body?: string | Uint8Array }
  if (isPut && Body !== undefined) meter.objectBytes += Buffer.byteLength(Body)
  meter.kind(isPut ? 'objects written' : 'objects read', 1)
  add(meter.usage, isPut ? 's3Put' : 's3Get', 1)
  return send()
}
