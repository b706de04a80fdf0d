/**
 * Hostility below the ports: SDK clients whose requests are sent twice because the first answer was lost, arrive
 * once more late, and are served only in part. What an adapter in aws/ must absorb without its caller noticing.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Random } from '../../shared/ports.ts'

export interface SdkHostility {
  random: Random
  /** Chance that a write is applied, its answer lost, and the same request sent again. */
  sentTwice: number
  /** Chance that a write arrives once more after the next one: a packet that took the long way round. */
  late: number
  /** Chance that an entry of a batch is left unprocessed. */
  unprocessed: number
}

type Answer = { output: Record<string, unknown> }
type Next = (args: { input: object }) => Promise<Answer>

const RESENT = new Set([
  'PutItemCommand',
  'UpdateItemCommand',
  'BatchWriteItemCommand',
  'DeleteMessageBatchCommand',
  'ChangeMessageVisibilityBatchCommand',
])

/** Makes `client` hostile from here on; answers counters, so that a test can show that something happened. */
export function makeHostile(client: DynamoDBClient | SQSClient, hostility: SdkHostility) {
  const { random, sentTwice, late } = hostility
  const counts = { sentTwice: 0, late: 0, unprocessed: 0 }
  const stragglers: (() => Promise<unknown>)[] = []

  const send = async (name: string, next: Next, input: object): Promise<Answer> => {
    if (!RESENT.has(name)) return next({ input })
    const arrivingNow = stragglers.splice(0)
    if (random.next() < late) stragglers.push(() => next({ input }))
    if (random.next() < sentTwice) {
      counts.sentTwice++
      await next({ input }).catch(ignore)
    }
    counts.late += arrivingNow.length
    return next({ input }).finally(() => Promise.all(arrivingNow.map((arrive) => arrive().catch(ignore))))
  }

  const middleware = (next: Next, context: { commandName?: string }) => async (args: { input: object }) => {
    const name = context.commandName ?? ''
    const cut = CUTS[name]?.(args.input, () => random.next() < hostility.unprocessed)
    if (!cut || cut.left === 0) return send(name, next, args.input)
    counts.unprocessed += cut.left
    const answer = cut.rest ? await send(name, next, cut.rest) : { output: {} }
    return { ...answer, output: cut.merge(answer.output) }
  }

  const stack = client.middlewareStack as unknown as Pick<DynamoDBClient['middlewareStack'], 'add'>
  stack.add(middleware as never, { step: 'initialize', name: 'hostility' })
  return counts
}

interface Cut {
  left: number
  /** What is sent after all; null when nothing is left to send. */
  rest: object | null
  merge(output: Record<string, unknown>): Record<string, unknown>
}

type Cutter = (input: object, leaveOut: () => boolean) => Cut

const CUTS: Readonly<Record<string, Cutter | undefined>> = {
  BatchWriteItemCommand(input, leaveOut) {
    const { RequestItems } = input as { RequestItems: Record<string, object[]> }
    const [table, requests] = Object.entries(RequestItems)[0] as [string, object[]]
    const [left, kept] = parted(requests, leaveOut)
    return {
      left: left.length,
      rest: kept.length > 0 ? { ...input, RequestItems: { [table]: kept } } : null,
      merge: (output) => ({ ...output, UnprocessedItems: { [table]: left } }),
    }
  },
  BatchGetItemCommand(input, leaveOut) {
    const { RequestItems } = input as { RequestItems: Record<string, { Keys: object[] }> }
    const [table, request] = Object.entries(RequestItems)[0] as [string, { Keys: object[] }]
    const [left, kept] = parted(request.Keys, leaveOut)
    return {
      left: left.length,
      rest: kept.length > 0 ? { ...input, RequestItems: { [table]: { ...request, Keys: kept } } } : null,
      merge: (output) => ({ ...output, UnprocessedKeys: { [table]: { ...request, Keys: left } } }),
    }
  },
  SendMessageBatchCommand: failEntries,
  DeleteMessageBatchCommand: failEntries,
  ChangeMessageVisibilityBatchCommand: failEntries,
}

function failEntries(input: object, leaveOut: () => boolean): Cut {
  const { Entries } = input as { Entries: { Id: string }[] }
  const [left, kept] = parted(Entries, leaveOut)
  const failed = left.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' }))
  return {
    left: left.length,
    rest: kept.length > 0 ? { ...input, Entries: kept } : null,
    merge: (output) => ({ ...output, Failed: [...((output.Failed as object[]) ?? []), ...failed] }),
  }
}

function parted<T>(items: readonly T[], leaveOut: () => boolean): [T[], T[]] {
  const left: T[] = []
  const kept: T[] = []
  for (const item of items) (leaveOut() ? left : kept).push(item)
  return [left, kept]
}

const ignore = () => {}
