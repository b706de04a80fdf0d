import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { DynamoLedger } from '../../aws/dynamo-ledger.ts'
import { systemClock } from '../../aws/system-clock.ts'
import {
  ABANDONED,
  batchOf,
  bidFor,
  holdOf,
  outcomes,
  someCampaign,
  someRoute,
  summary,
  unplaced,
} from '../contracts/ledger.factory.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { fakeIds, seededRandom } from '../support/fake-random.ts'

const aws = withEmulators()
const DAY_SECONDS = 86_400

const partition = async (pk: string) => {
  const { Items = [] } = await aws.clients.dynamodb.send(
    new QueryCommand({
      TableName: aws.config.ledgerTable,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
    }),
  )
  return Items
}

describe('a takeover', () => {
  /** A ledger whose second write, the one that takes over, is overtaken by `rival`. */
  const overtakenBy = (rival: () => Promise<unknown>) => {
    const client = aws.ownClients().dynamodb
    let writes = 0
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutItemCommand' && ++writes === 2) await rival()
        return next(args)
      },
      { step: 'initialize' },
    )
    const options = { client, table: aws.config.ledgerTable, clock: systemClock, random: seededRandom(1) }
    return new DynamoLedger({ ...options, ids: fakeIds(), ttlDays: 90 })
  }

  it('keeps a bit the frozen owner reserved while the takeover was being decided', async () => {
    const batch = batchOf(someCampaign())
    const hold = holdOf(await aws.deps.ledger.claim(bidFor(batch, { reserve: '1000' })))
    const ledger = overtakenBy(() => aws.deps.ledger.reserve(hold, '1001'))
    expect(await ledger.claim(bidFor(batch, { now: ABANDONED, reserve: '0100' }))).toMatchObject({
      granted: true,
      before: { reserved: '1001' },
      claim: { reserved: '1101' },
    })
  })

  it('stands back when the owner renewed its lease while the takeover was being decided', async () => {
    const batch = batchOf(someCampaign())
    const hold = holdOf(await aws.deps.ledger.claim(bidFor(batch)))
    const ledger = overtakenBy(() => aws.deps.ledger.renew(hold, ABANDONED))
    expect(await ledger.claim(bidFor(batch, { now: ABANDONED }))).toMatchObject({
      granted: false,
      why: 'live',
    })
  })
})

describe('the ledger as it lies in DynamoDB', () => {
  it('puts a page into one partition, under the keys of the design', async () => {
    const campaign = someCampaign()
    await aws.deps.ledger.claim(bidFor(batchOf(campaign, 3, 42)))
    await aws.deps.ledger.append([outcomes(campaign, 7, { page: 42 })])
    const items = await partition(`${campaign}#000042`)
    expect(items.map(({ sk }) => sk?.S)).toEqual(['CLAIM#03', 'OUT#01BOOT#000007'])
  })

  it('writes the rows of a slice as one versioned JSON string', async () => {
    const campaign = someCampaign()
    const slice = outcomes(campaign, 0)
    await aws.deps.ledger.append([slice])
    const [item] = await partition(`${campaign}#000000`)
    expect(JSON.parse(item?.data?.S ?? '')).toEqual({ v: 1, rows: slice.rows })
  })

  it('puts the summaries of a campaign into one partition, in the order of the pages', async () => {
    const campaign = someCampaign()
    for (const page of [10, 9]) await aws.deps.ledger.putSummary(campaign, page, summary(1))
    expect((await partition(campaign)).map(({ sk }) => sk?.S)).toEqual(['SUM#000009', 'SUM#000010'])
  })

  it('keeps nothing for ever', async () => {
    const campaign = someCampaign()
    const route = someRoute()
    await aws.deps.ledger.claim(bidFor(batchOf(campaign)))
    await aws.deps.ledger.append([outcomes(campaign, 0)])
    await aws.deps.ledger.putSummary(campaign, 0, summary(1))
    await aws.deps.ledger.putUnplaced([unplaced(route, 'id1')])
    const partitions = [`${campaign}#000000`, campaign, `R#${route}#id1`, `R#${route}#to#919876543210`]
    const items = (await Promise.all(partitions.map(partition))).flat()
    expect(items).toHaveLength(5)
    const inDays = (ttl: string | undefined) => (Number(ttl) - Date.now() / 1000) / DAY_SECONDS
    for (const { ttl } of items) {
      expect(inDays(ttl?.N)).toBeGreaterThanOrEqual(90)
      expect(inDays(ttl?.N)).toBeLessThan(92)
    }
  })

  it('refuses a slice that no item can hold, and writes none of its company', async () => {
    const campaign = someCampaign()
    const rows = [[0, 0, 1, 1, 'accepted', 'x'.repeat(400 * 1024), 0, 0]]
    const writing = aws.deps.ledger.append([outcomes(campaign, 0), outcomes(campaign, 1, { rows } as never)])
    await expect(writing).rejects.toMatchObject({ code: 'slice_too_large', retryable: false })
    expect(await partition(`${campaign}#000000`)).toEqual([])
  })

  it('takes a slice just under the limit of an item', async () => {
    const campaign = someCampaign()
    const rows = [[0, 0, 1, 1, 'accepted', 'x'.repeat(398 * 1024), 0, 0]]
    await aws.deps.ledger.append([outcomes(campaign, 0, { rows } as never)])
    expect(await partition(`${campaign}#000000`)).toHaveLength(1)
  })
})
