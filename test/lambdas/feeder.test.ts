import { describe, expect, it } from 'vitest'
import { feederHandler } from '../../lambdas/feeder/handler.ts'
import { feedCampaign } from '../../lambdas/feeder/service.ts'
import { parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import { Conflict } from '../../shared/errors.ts'
import { type BootId, Msisdn } from '../../shared/ids.ts'
import { anEntry } from '../suppression/suppression.factory.ts'
import { CAMPAIGN, DISPATCH, launched, numberOf, planLine, summary, TENANT } from './launched.factory.ts'
import { context, sqsEventOf } from './sqs-event.ts'

const JOB = { kind: 'feed', tenant: TENANT, campaign: CAMPAIGN } as const
const NEVER = Number.MAX_SAFE_INTEGER
const OTHER_BOOT = '01JB00000000000000000000BB' as BootId

type Launched = Awaited<ReturnType<typeof launched>>
const feed = (deps: Launched, deadline = NEVER) => feedCampaign(deps, JOB, deadline)
const cursor = async (deps: Launched) => (await deps.registry.campaign(TENANT, CAMPAIGN))!.feed

describe('feeder', () => {
  it('copies every page to the queue of the pool and lane, lines unchanged, and moves the cursor', async () => {
    const deps = await launched({ size: { pages: 3 } })
    expect(await feed(deps)).toBe('complete')
    const sent = deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body))
    const lines = [0, 1, 2].flatMap((page) => [0, 1].map((batch) => planLine(page, batch, deps.size)))
    expect(sent.map(({ rawLine }) => rawLine)).toEqual(lines)
    expect(sent[0]).toMatchObject({ launch: deps.campaign.launch!.terms, skip: [] })
    expect(await cursor(deps)).toEqual({ nextPage: 3, fedAt: deps.clock.now() })
  })

  it.each(['paused', 'cancelled'] as const)(
    'feeds nothing while control says %s, whatever the record says',
    async (state) => {
      const deps = await launched()
      await deps.registry.setControl(CAMPAIGN, { state, at: deps.clock.now() })
      expect(await feed(deps)).toBe('not_sending')
      expect(deps.queue.bodies(DISPATCH)).toEqual([])
    },
  )

  it('stops between two pages when the campaign is paused meanwhile', async () => {
    const deps = await launched({ size: { pages: 3 } })
    const send = deps.queue.send.bind(deps.queue)
    deps.queue.send = async (...call) => {
      await send(...call)
      await deps.registry.setControl(CAMPAIGN, { state: 'paused', at: deps.clock.now() })
    }
    expect(await feed(deps)).toBe('not_sending')
    expect(deps.queue.bodies(DISPATCH)).toHaveLength(2)
    expect((await cursor(deps)).nextPage).toBe(1)
  })

  it('feeds a page again after a crash between SQS and the cursor', async () => {
    const deps = await launched({ size: { pages: 2 } })
    const update = deps.registry.updateCampaign.bind(deps.registry)
    deps.registry.updateCampaign = async () => Promise.reject(new Error('killed'))
    await expect(feed(deps)).rejects.toThrow('killed')
    expect((await cursor(deps)).nextPage).toBe(0)

    deps.registry.updateCampaign = update
    expect(await feed(deps)).toBe('complete')
    const pages = deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).line.page)
    expect(pages).toEqual([0, 0, 0, 0, 1, 1])
  })

  it('leaves the cursor where it is when SQS refused a line', async () => {
    const deps = await launched()
    deps.queue.send = async () => Promise.reject(new Error('1 of 2 messages could not be sent'))
    await expect(feed(deps)).rejects.toThrow('could not be sent')
    expect((await cursor(deps)).nextPage).toBe(0)
  })

  it('moves the cursor although somebody else changed the campaign at the same time', async () => {
    const deps = await launched()
    const update = deps.registry.updateCampaign.bind(deps.registry)
    let rivals = 2
    deps.registry.updateCampaign = async (campaign) => {
      if (rivals-- > 0) throw new Conflict('campaign_changed', 'read it again', { retryable: true })
      return update(campaign)
    }
    expect(await feed(deps)).toBe('complete')
    expect((await cursor(deps)).nextPage).toBe(1)
  })

  it('never moves the cursor back when another feeder was faster', async () => {
    const deps = await launched({ size: { pages: 3 } })
    const send = deps.queue.send.bind(deps.queue)
    deps.queue.send = async (...call) => {
      await send(...call)
      const stored = (await deps.registry.campaign(TENANT, CAMPAIGN))!
      await deps.registry.updateCampaign({ ...stored, feed: { nextPage: 3, fedAt: 1 } })
    }
    expect(await feed(deps)).toBe('complete')
    expect(deps.queue.bodies(DISPATCH)).toHaveLength(2)
    expect(await cursor(deps)).toEqual({ nextPage: 3, fedAt: 1 })
  })

  it('stops when ten minutes of work are queued and goes on when called again with room', async () => {
    // 6 segments in 2 batches a page; 0.01 a second make 6 in ten minutes: one page.
    const deps = await launched({ size: { pages: 3 }, tps: 0.01 })
    expect(await feed(deps)).toBe('queue_full')
    expect(await feed(deps)).toBe('queue_full')
    expect((await cursor(deps)).nextPage).toBe(1)

    const taken = await deps.queue.receive(DISPATCH, { max: 10, waitSeconds: 0, visibilitySeconds: 60 })
    await deps.queue.delete(
      DISPATCH,
      taken.map(({ receipt }) => receipt),
    )
    await feed(deps)
    expect((await cursor(deps)).nextPage).toBe(2)
  })

  it('hands on to a job of its own before its time is over', async () => {
    const deps = await launched({ size: { pages: 2 } })
    expect(await feed(deps, deps.clock.now())).toBe('out_of_time')
    expect(deps.queue.bodies('feed').map((body) => JSON.parse(body))).toEqual([JOB])
  })

  it('feeds promotional traffic from 10:00 until a minute before 21:00 in India', async () => {
    // The clock of the tests starts at 11:30 in India.
    const deps = await launched({ hours: true, size: { pages: 4 }, tps: 0.01 })
    await deps.clock.advance(9.5 * 3_600_000 - 60_000)
    expect(await feed(deps)).toBe('outside_hours')
    await deps.clock.advance(12 * 3_600_000 + 3_600_000 + 59_999)
    expect(await feed(deps)).toBe('outside_hours')
    await deps.clock.advance(1)
    expect(await feed(deps)).toBe('queue_full')
  })

  it('has messages skipped to numbers that were suppressed after the plan was made', async () => {
    const deps = await launched({ size: { pages: 2 } })
    await deps.suppressions.putEntry(TENANT, anEntry({ msisdn: Msisdn.parse(numberOf(1, 0, 2)) }))
    await feed(deps)
    const sent = deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body))
    expect(sent.map(({ skip }) => skip)).toEqual([[], [], [2], []])
    expect(sent[2]!.rawLine).toBe(planLine(1, 0, deps.size))
  })

  describe('parked batches', () => {
    async function parked(notBeforeIn: number) {
      const deps = await launched({ record: { feed: { nextPage: 1, fedAt: 0 } } })
      const key = { campaign: CAMPAIGN, page: 0, batch: 1 }
      const lease = { now: 0, leaseUntil: 1, takeoverGraceMs: 1, lineHash: 'h', reserve: '000' }
      await deps.ledger.claim({ ...key, owner: OTHER_BOOT, ...lease })
      const notBefore = deps.clock.now() + notBeforeIn
      await deps.ledger.park({ ...key, owner: OTHER_BOOT, gen: 1 }, '000', 'retry', notBefore)
      const entry = { batch: 1, gen: 2, owner: OTHER_BOOT, reason: 'retry', notBefore }
      await deps.ledger.putSummary(CAMPAIGN, 0, summary({ statuses: { queued: 3 }, parked: [entry] }))
      return deps
    }
    const claims = async (deps: Launched) => (await deps.ledger.readPage(CAMPAIGN, 0)).claims

    it('are sent again once their time has come, then queued, and the page is folded anew', async () => {
      const deps = await parked(1_000)
      await feed(deps)
      expect(deps.queue.bodies(DISPATCH)).toEqual([])
      await deps.clock.advance(1_000)
      await feed(deps)
      expect(deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).line.batch)).toEqual([1])
      expect(await claims(deps)).toMatchObject([{ batch: 1, state: 'queued', gen: 3, parked: null }])
      expect(deps.queue.bodies('settle').map((body) => JSON.parse(body))).toEqual([
        { kind: 'settle', pages: [{ campaign: CAMPAIGN, page: 0 }] },
      ])
    })

    it('are sent again without those suppressed meanwhile', async () => {
      const deps = await parked(0)
      await deps.suppressions.putEntry(TENANT, anEntry({ msisdn: Msisdn.parse(numberOf(0, 1, 0)) }))
      await feed(deps)
      expect(deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).skip)).toEqual([[0]])
    })

    it('stay parked when the line could not be sent', async () => {
      const deps = await parked(0)
      deps.queue.send = async () => Promise.reject(new Error('throttled'))
      await expect(feed(deps)).rejects.toThrow('throttled')
      expect(await claims(deps)).toMatchObject([{ state: 'parked' }])
    })

    it('are left alone when a worker took them over since the summary was made', async () => {
      const deps = await parked(0)
      const hold = { campaign: CAMPAIGN, page: 0, batch: 1, owner: OTHER_BOOT, gen: 2 }
      await deps.ledger.requeue(hold)
      const lease = { now: 0, leaseUntil: 1, takeoverGraceMs: 1, lineHash: 'h', reserve: '000' }
      await deps.ledger.claim({ ...hold, ...lease })
      await feed(deps)
      expect(await claims(deps)).toMatchObject([{ state: 'held', gen: 4 }])
    })
  })
})

describe('feeder handler', () => {
  it('reports a body that is no job, and nothing else', async () => {
    const deps = await launched()
    const gone = { ...JOB, campaign: 'unknown' }
    const answer = await feederHandler(deps)(sqsEventOf('feed', JOB, gone, 'no json'), context())
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-2' }] })
  })
})
