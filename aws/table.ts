import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { EpochMs } from '../shared/ids.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { backoff, MAX_ROUNDS } from './backoff.ts'
import { chunked, eachLimited } from './concurrency.ts'
import { TableThrottled } from './errors.ts'
import type { Condition } from './expressions.ts'
import { type Item, isAlive, type Key } from './items.ts'

/** BatchWriteItem: 25 puts. With items of at most 400 KB its 16 MB are out of reach. */
const MAX_PUTS = 25
/** BatchGetItem: 100 keys. */
const MAX_GETS = 100
const MAX_REQUESTS_AT_ONCE = 8

export interface TableOptions {
  client: DynamoDBClient
  table: string
  clock: Clock
  random: Random
}

/** What a conditional write found: done, or the item that stood in its way (null when there was none). */
export type WriteAnswer = { done: true } | { done: false; item: Item | null }

/** One DynamoDB table as both adapters use it: batches made whole, queries read to the end, expired items unseen. */
export class Table {
  readonly #options: TableOptions

  constructor(options: TableOptions) {
    this.#options = options
  }

  now(): EpochMs {
    return this.#options.clock.now()
  }

  async get(key: Key): Promise<Item | null> {
    const item = await this.#read(key)
    return item && isAlive(item, this.now()) ? item : null
  }

  async put(item: Item): Promise<void> {
    const { client, table: TableName } = this.#options
    await client.send(new PutItemCommand({ TableName, Item: item }))
  }

  async putIf(item: Item, condition: Condition): Promise<WriteAnswer> {
    const { client, table: TableName } = this.#options
    const input: PutItemCommandInput = { TableName, Item: item, ...condition, ...TELL_WHY }
    return this.#conditional({ pk: item.pk, sk: item.sk } as Key, client.send(new PutItemCommand(input)))
  }

  async updateIf(key: Key, update: Condition & { UpdateExpression: string }): Promise<WriteAnswer> {
    const { client, table: TableName } = this.#options
    const input: UpdateItemCommandInput = { TableName, Key: key, ...update, ...TELL_WHY }
    return this.#conditional(key, client.send(new UpdateItemCommand(input)))
  }

  /** All items of a partition that match, strongly consistent unless an index is asked, read page by page. */
  async *query(input: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<Item> {
    const { client, table: TableName } = this.#options
    let from: Item | undefined
    do {
      const answer = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: input.IndexName === undefined,
          ...input,
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      )
      for (const item of answer.Items ?? []) if (isAlive(item, this.now())) yield item
      from = answer.LastEvaluatedKey
    } while (from)
  }

  /** Puts every item; of two with the same key the later one. What DynamoDB leaves unprocessed is put again. */
  async putAll(items: readonly Item[]): Promise<void> {
    const { client, table, clock, random } = this.#options
    const distinct = [...new Map(items.map((item) => [identity(item), item])).values()]
    await eachLimited(chunked(distinct, MAX_PUTS), MAX_REQUESTS_AT_ONCE, async (chunk) => {
      let requests = chunk.map((item) => ({ PutRequest: { Item: item } }))
      for (let round = 1; round <= MAX_ROUNDS; round++) {
        const command = new BatchWriteItemCommand({ RequestItems: { [table]: requests } })
        const { UnprocessedItems } = await client.send(command)
        requests = (UnprocessedItems?.[table] ?? []) as typeof requests
        if (requests.length === 0) return
        await backoff(clock, random, round)
      }
      throw new TableThrottled(
        `Table ${table} left ${requests.length} items unwritten: write them again later.`,
      )
    })
  }

  /** The items there are under `keys`, in no order. Eventually consistent reads cost half. */
  async getAll(keys: readonly Key[], options: { consistent: boolean }): Promise<Item[]> {
    const { client, table, clock, random } = this.#options
    const distinct = [...new Map(keys.map((key) => [identity(key), key])).values()]
    const found: Item[] = []
    await eachLimited(chunked(distinct, MAX_GETS), MAX_REQUESTS_AT_ONCE, async (chunk) => {
      let wanted: Item[] = chunk
      for (let round = 1; round <= MAX_ROUNDS; round++) {
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetItemCommand({
            RequestItems: { [table]: { Keys: wanted, ConsistentRead: options.consistent } },
          }),
        )
        found.push(...(Responses?.[table] ?? []).filter((item) => isAlive(item, clock.now())))
        wanted = UnprocessedKeys?.[table]?.Keys ?? []
        if (wanted.length === 0) return
        await backoff(clock, random, round)
      }
      throw new TableThrottled(`Table ${table} left ${wanted.length} items unread: read them again later.`)
    })
    return found
  }

  async #conditional(key: Key, write: Promise<unknown>): Promise<WriteAnswer> {
    try {
      await write
      return { done: true }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      // DynamoDB sends along what stood there; an emulator may not, and then it is read.
      return { done: false, item: error.Item ?? (await this.#read(key)) }
    }
  }

  async #read(key: Key): Promise<Item | null> {
    const { client, table: TableName } = this.#options
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))
    return Item ?? null
  }
}

const TELL_WHY = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

const identity = (item: { pk?: Item[string]; sk?: Item[string] }) => `${item.pk?.S}\u0000${item.sk?.S}`
