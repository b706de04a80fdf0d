import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { absent } from '../../aws/expressions.ts'
import { key, number, text, ttlAfter } from '../../aws/items.ts'
import { Table } from '../../aws/table.ts'
import { seededRandom } from '../support/fake-random.ts'
import { memoryDeps } from '../support/memory-ports.ts'

const hurried = { ...memoryDeps().clock, sleep: async () => {} }
const DAY_MS = 86_400_000

/** DynamoDB as `answer` tells it; remembers which commands came. */
function scripted(answer: (command: string) => object) {
  const commands: string[] = []
  const send = async (command: { constructor: { name: string } }) => {
    commands.push(command.constructor.name)
    return answer(command.constructor.name)
  }
  const client = { send } as unknown as DynamoDBClient
  return { table: new Table({ client, table: 't', clock: hurried, random: seededRandom(1) }), commands }
}

describe('a table', () => {
  it('takes from the refusal what stood there, without reading it again', async () => {
    const stood = { ...key('a', 'b'), owner: text('somebody') }
    const { table, commands } = scripted(() => {
      throw new ConditionalCheckFailedException({ message: '', $metadata: {}, Item: stood })
    })
    expect(await table.putIf(key('a', 'b'), absent)).toEqual({ done: false, item: stood })
    expect(commands).toEqual(['PutItemCommand'])
  })

  it('reads what stood there when the refusal does not say', async () => {
    const stood = { ...key('a', 'b'), owner: text('somebody') }
    const { table, commands } = scripted((command) => {
      if (command === 'GetItemCommand') return { Item: stood }
      throw new ConditionalCheckFailedException({ message: '', $metadata: {} })
    })
    expect(await table.putIf(key('a', 'b'), absent)).toEqual({ done: false, item: stood })
    expect(commands).toEqual(['PutItemCommand', 'GetItemCommand'])
  })

  it('lets every other failure through', async () => {
    const { table } = scripted(() => {
      throw new Error('no such table')
    })
    await expect(table.putIf(key('a', 'b'), absent)).rejects.toThrow('no such table')
  })

  it('gives up, retryably, when DynamoDB never processes a write', async () => {
    const request = { PutRequest: { Item: key('a', 'b') } }
    const { table } = scripted(() => ({ UnprocessedItems: { t: [request] } }))
    await expect(table.putAll([key('a', 'b')])).rejects.toMatchObject({
      code: 'table_throttled',
      retryable: true,
    })
  })

  it('gives up, retryably, when DynamoDB never processes a read', async () => {
    const { table } = scripted(() => ({ UnprocessedKeys: { t: { Keys: [key('a', 'b')] } } }))
    const reading = table.getAll([key('a', 'b')], { consistent: true })
    await expect(reading).rejects.toMatchObject({ code: 'table_throttled', retryable: true })
  })

  it('counts an item past its ttl as absent', async () => {
    const expired = { ...key('a', 'b'), ttl: number(hurried.now() / 1000 - 1) }
    const { table } = scripted(() => ({ Item: expired, Items: [expired], Responses: { t: [expired] } }))
    expect(await table.get(key('a', 'b'))).toBeNull()
    expect(await table.getAll([key('a', 'b')], { consistent: true })).toEqual([])
    for await (const item of table.query({})) expect.unreachable(`${item.pk?.S} has expired`)
  })
})

describe('the ttl of an item', () => {
  it('is the same all day, so that a slice written twice is the same item', () => {
    const midnight = Date.UTC(2026, 8, 1)
    expect(ttlAfter(midnight, 90)).toEqual(ttlAfter(midnight + DAY_MS - 1, 90))
    expect(ttlAfter(midnight + DAY_MS, 90)).not.toEqual(ttlAfter(midnight, 90))
  })

  it('is at least as many days away as asked for', () => {
    const now = Date.UTC(2026, 8, 1, 17, 30)
    expect(Number(ttlAfter(now, 90).N) * 1000 - now).toBeGreaterThanOrEqual(90 * DAY_MS)
  })
})
