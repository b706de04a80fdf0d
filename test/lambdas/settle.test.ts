import { describe, expect, it, vi } from 'vitest'
import { publishLocator } from '../../lambdas/campaign-locator.ts'
import { isLaunched } from '../../lambdas/launched.ts'
import { settleHandler } from '../../lambdas/settle/handler.ts'
import type { UnplacedReceipt } from '../../shared/ledger/facts.ts'
import {
  acceptedRows,
  CAMPAIGN,
  deliveredRows,
  launched,
  numberOf,
  outcomeSlice,
  receiptSlice,
  summary,
  TENANT,
} from './launched.factory.ts'
import { sqsEventOf } from './sqs-event.ts'

const notice = (...pages: number[]) => ({
  kind: 'settle',
  pages: pages.map((page) => ({ campaign: CAMPAIGN, page })),
})

/** Fed, and known to the settler. */
async function fed(pages = 1) {
  const deps = await launched({ size: { pages }, record: { feed: { nextPage: pages, fedAt: 0 } } })
  if (isLaunched(deps.campaign)) await publishLocator(deps.objects, deps.campaign)
  const handle = settleHandler(deps)
  return Object.assign(deps, {
    settle: (...bodies: unknown[]) => handle(sqsEventOf('settle', ...bodies)),
    summaryOf: async (page: number) => (await deps.ledger.summaries(CAMPAIGN)).get(page),
    stored: async () => (await deps.registry.campaign(TENANT, CAMPAIGN))!,
  })
}

describe('settle', () => {
  it('folds the facts of a page into its summary', async () => {
    const deps = await fed()
    const now = deps.clock.now()
    await deps.ledger.append([outcomeSlice(0, acceptedRows(deps.size, now))])
    expect(await deps.settle(notice(0))).toEqual({ batchItemFailures: [] })
    expect(await deps.summaryOf(0)).toMatchObject({ statuses: { sent: 6 }, settled: false, asOf: now })
  })

  it('folds a page once however many notices of the event name it', async () => {
    const deps = await fed(2)
    const read: number[] = []
    const readPage = deps.ledger.readPage.bind(deps.ledger)
    deps.ledger.readPage = (campaign, page) => {
      read.push(page)
      return readPage(campaign, page)
    }
    await deps.settle(notice(0, 1), notice(1), notice(0, 0))
    expect(read.sort()).toEqual([0, 1])
  })

  it('reports the notices of pages that failed and bodies that are none, and settles the rest', async () => {
    const deps = await fed(1)
    const stranger = { kind: 'settle', pages: [{ campaign: 'never-fed', page: 0 }] }
    const answer = await deps.settle(notice(0), stranger, '{}')
    expect(answer.batchItemFailures.map((failure) => failure.itemIdentifier)).toEqual([
      'message-1',
      'message-2',
    ])
    expect(await deps.summaryOf(0)).toMatchObject({ statuses: { queued: 6 } })
  })

  it('keeps a summary that saw more facts', async () => {
    const deps = await fed()
    await deps.ledger.putSummary(CAMPAIGN, 0, summary({ facts: 1_000, statuses: { delivered: 6 } }))
    await deps.settle(notice(0))
    expect(await deps.summaryOf(0)).toMatchObject({ facts: 1_000 })
  })

  it('moves the campaign to sent when nobody is queued, to settled when every page is', async () => {
    const deps = await fed(2)
    const now = deps.clock.now()
    await deps.ledger.append([outcomeSlice(0, acceptedRows(deps.size, now))])
    await deps.settle(notice(0))
    expect((await deps.stored()).state).toBe('sending')

    await deps.ledger.append([outcomeSlice(1, acceptedRows(deps.size, now))])
    await deps.ledger.append([receiptSlice(1, deliveredRows(deps.size, now))])
    await deps.settle(notice(1))
    expect((await deps.stored()).state).toBe('sent')

    await deps.ledger.append([receiptSlice(0, deliveredRows(deps.size, now))])
    await deps.settle(notice(0))
    expect(await deps.stored()).toMatchObject({ state: 'settled', settledAt: now, dueAt: null })
  })

  it('asks the feeder when the parking of a batch is over', async () => {
    const deps = await fed()
    const bid = { campaign: CAMPAIGN, page: 0, batch: 0, owner: '01JB00000000000000000000BB' as never }
    const now = deps.clock.now()
    await deps.ledger.claim({
      ...bid,
      now,
      leaseUntil: now,
      takeoverGraceMs: 0,
      lineHash: 'h',
      reserve: '000',
    })
    await deps.ledger.park({ ...bid, gen: 1 }, '000', 'retry', now + 60_000)
    await deps.settle(notice(0))
    expect(deps.queue.bodies('feed')).toEqual([])
    await deps.clock.advance(60_000)
    await deps.settle(notice(0))
    expect(deps.queue.bodies('feed').map((body) => JSON.parse(body))).toEqual([
      { kind: 'feed', tenant: TENANT, campaign: CAMPAIGN },
    ])
  })
})

describe('receipts nobody could place', () => {
  const orphan = (over: Partial<UnplacedReceipt>): UnplacedReceipt => ({
    ...{ route: 'one', idKey: 'id-1-2', class: 'd', id: 'ID-1-2', stat: 'DELIVRD', err: '000', doneAt: null },
    ...{ arrivedAt: 0, msisdn: numberOf(0, 1, 2), header: 'ACMEIN' },
    ...over,
  })

  async function waiting(over: Partial<UnplacedReceipt> = {}) {
    const deps = await fed()
    const now = deps.clock.now()
    await deps.ledger.append([outcomeSlice(0, acceptedRows(deps.size, now))])
    await deps.ledger.putUnplaced([orphan({ arrivedAt: now, ...over })])
    return deps
  }
  const slices = async (deps: Awaited<ReturnType<typeof waiting>>) =>
    (await deps.ledger.readPage(CAMPAIGN, 0)).slices.filter((slice) => slice.owner.startsWith('R#'))

  it('are looked up when the page is ten seconds old, then at widening intervals, and copied into it', async () => {
    const deps = await waiting()
    await deps.settle(notice(0))
    expect(await deps.summaryOf(0)).toMatchObject({ statuses: { sent: 6 }, lookups: 0 })
    await deps.clock.advance(10_000)
    await deps.settle(notice(0))
    expect(await deps.summaryOf(0)).toMatchObject({
      ...{ statuses: { sent: 5, delivered: 1 }, lookups: 1 },
      nextLookupAt: deps.clock.now() + 20_000,
    })
    expect(await slices(deps)).toMatchObject([
      {
        owner: 'R#one',
        kind: 'receipts',
        rows: [[1, 2, 1, 'ID-1-2', 'DELIVRD', '000', null, deps.clock.now() - 10_000]],
      },
    ])
  })

  it('survive a settler killed between the copy and the summary', async () => {
    const deps = await waiting()
    await deps.settle(notice(0))
    await deps.clock.advance(10_000)
    const putSummary = deps.ledger.putSummary.bind(deps.ledger)
    deps.ledger.putSummary = async () => Promise.reject(new Error('killed'))
    expect((await deps.settle(notice(0))).batchItemFailures).toHaveLength(1)
    deps.ledger.putSummary = putSummary
    const late = orphan({
      idKey: 'id-0-0',
      id: 'id-0-0',
      arrivedAt: deps.clock.now(),
      msisdn: numberOf(0, 0, 0),
    })
    await deps.ledger.putUnplaced([late])
    await deps.settle(notice(0))
    expect(await deps.summaryOf(0)).toMatchObject({ statuses: { sent: 4, delivered: 2 } })
    expect(await slices(deps)).toHaveLength(2)
  })

  it.each([
    [
      'arrived more than a minute before the message was submitted',
      { arrivedAt: Date.UTC(2026, 8, 1, 5, 58) },
    ],
    ['is of another number: another route of the pool gave the same id', { msisdn: '919811111111' }],
    ['came on a route of another pool', { route: 'elsewhere' }],
  ])('are not taken when the receipt %s', async (_why, over) => {
    const deps = await waiting(over)
    await deps.settle(notice(0))
    await deps.clock.advance(10_000)
    await deps.settle(notice(0))
    expect(await deps.summaryOf(0)).toMatchObject({ statuses: { sent: 6 }, lookups: 1 })
  })

  it.each([
    ['a minute', -60_000, 1],
    ['more than a minute', -60_001, 0],
  ])(
    'are looked for id by id only when the latest arrived no earlier than a minute before: %s',
    async (_, ms, asked) => {
      const deps = await fed()
      const now = deps.clock.now()
      await deps.ledger.append([outcomeSlice(0, acceptedRows(deps.size, now))])
      await deps.ledger.putUnplaced([orphan({ arrivedAt: now + ms })])
      const findUnplaced = vi.spyOn(deps.ledger, 'findUnplaced')
      await deps.settle(notice(0))
      await deps.clock.advance(10_000)
      await deps.settle(notice(0))
      expect(findUnplaced).toHaveBeenCalledTimes(asked)
      expect(await deps.summaryOf(0)).toMatchObject({ lookups: 1 })
    },
  )

  it('are not looked for once a page is settled', async () => {
    const deps = await fed()
    const now = deps.clock.now()
    await deps.ledger.append([
      outcomeSlice(0, acceptedRows(deps.size, now)),
      receiptSlice(0, deliveredRows(deps.size, now)),
    ])
    await deps.settle(notice(0))
    expect(await deps.summaryOf(0)).toMatchObject({ settled: true, nextLookupAt: null })
  })
})
