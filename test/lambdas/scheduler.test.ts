import { describe, expect, it } from 'vitest'
import { PlanLibrary } from '../../lambdas/plan-library.ts'
import { schedulerHandler } from '../../lambdas/scheduler/handler.ts'
import { runScheduler } from '../../lambdas/scheduler/service.ts'
import { parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import { type BootId, Msisdn } from '../../shared/ids.ts'
import { anEntry } from '../suppression/suppression.factory.ts'
import {
  acceptedRows,
  CAMPAIGN,
  DISPATCH,
  deliveredRows,
  HOUR_MS,
  launched,
  numberOf,
  outcomeSlice,
  PLAN,
  receiptSlice,
  summary,
  TENANT,
} from './launched.factory.ts'
import { context } from './sqs-event.ts'

type Launched = Awaited<ReturnType<typeof launched>>
const run = (deps: Launched) => runScheduler(deps, new PlanLibrary(deps), Number.MAX_SAFE_INTEGER)
const stored = async (deps: Launched) => (await deps.registry.campaign(TENANT, CAMPAIGN))!
const jobs = (deps: Launched, queue: 'feed' | 'jobs') =>
  deps.queue.bodies(queue).map((body) => JSON.parse(body))
const toFold = (deps: Launched): number[] =>
  deps.queue
    .bodies('settle')
    .flatMap((body) => JSON.parse(body).pages.map((ref: { page: number }) => ref.page))

const FEED = { kind: 'feed', tenant: TENANT, campaign: CAMPAIGN }
const FED = { nextPage: 1, fedAt: 0 }

describe('scheduler', () => {
  it('launches a scheduled campaign when its time has come', async () => {
    const deps = await launched({ record: { state: 'scheduled' } })
    await deps.registry.setControl(CAMPAIGN, { state: 'paused', at: 0 })
    await run(deps)
    expect((await stored(deps)).state).toBe('sending')
    expect((await deps.registry.controls([CAMPAIGN])).get(CAMPAIGN)).toMatchObject({ state: 'sending' })
    expect(jobs(deps, 'feed')).toEqual([FEED])
  })

  it('looks at a campaign again a minute later, not before', async () => {
    const deps = await launched()
    await run(deps)
    await run(deps)
    expect(jobs(deps, 'feed')).toHaveLength(1)
    expect((await stored(deps)).dueAt).toBe(deps.clock.now() + 60_000)
    await deps.clock.advance(60_000)
    await run(deps)
    expect(jobs(deps, 'feed')).toHaveLength(2)
  })

  it('does not wake the feeder when all pages are fed, or outside sending hours', async () => {
    const all = await launched({ record: { feed: FED } })
    await run(all)
    expect(jobs(all, 'feed')).toEqual([])
    const night = await launched({ hours: true })
    await night.clock.advance(12 * HOUR_MS)
    await run(night)
    expect(jobs(night, 'feed')).toEqual([])
  })

  it('wakes the feeder for batches whose parking is over', async () => {
    const deps = await launched({ record: { feed: FED } })
    const parked = [{ batch: 0, gen: 2, owner: 'x', reason: 'retry', notBefore: deps.clock.now() }]
    await deps.ledger.putSummary(CAMPAIGN, 0, summary({ statuses: { queued: 6 }, parked }))
    await run(deps)
    expect(jobs(deps, 'feed')).toEqual([FEED])
  })

  it('repairs the record from CONTROL#, which is the truth', async () => {
    const deps = await launched()
    await deps.registry.setControl(CAMPAIGN, { state: 'paused', at: deps.clock.now() })
    await run(deps)
    expect((await stored(deps)).state).toBe('paused')
    expect(jobs(deps, 'feed')).toEqual([])
  })

  it('tends the other campaigns when one fails', async () => {
    const deps = await launched()
    const broken = { ...(await stored(deps)), id: '01JCAMPAGN0000000000000000' as never, dueAt: 1 }
    await deps.registry.createCampaign(broken)
    const controls = deps.registry.controls.bind(deps.registry)
    deps.registry.controls = async (ids) => {
      if (ids.includes(broken.id)) throw new Error('throttled')
      return controls(ids)
    }
    await run(deps)
    expect(jobs(deps, 'feed')).toEqual([FEED])
  })

  it('leaves campaigns due that it has no time for', async () => {
    const deps = await launched()
    await runScheduler(deps, new PlanLibrary(deps), deps.clock.now())
    expect(jobs(deps, 'feed')).toEqual([])
    expect(await deps.registry.dueCampaigns(deps.clock.now(), 10)).toHaveLength(1)
  })

  it('takes the event of its schedule', async () => {
    const deps = await launched()
    await schedulerHandler(deps)({ 'detail-type': 'Scheduled Event' }, context())
    expect(jobs(deps, 'feed')).toEqual([FEED])
  })
})

describe('a check that lost its job', () => {
  const checking = (deps?: Launched) => ({
    state: 'checking' as const,
    ...{ launch: null, plan: null, dueAt: 1 },
    checking: { plan: PLAN, startedAt: deps?.clock.now() ?? 0, thenLaunch: false, allowRepeat: false },
  })

  it('gets it again, with the same plan', async () => {
    const deps = await launched({ record: checking() })
    await run(deps)
    expect(jobs(deps, 'jobs')).toEqual([{ kind: 'compile', tenant: TENANT, campaign: CAMPAIGN, plan: PLAN }])
  })

  it('is left alone while jobs are queued that may be its own', async () => {
    const deps = await launched()
    await deps.registry.updateCampaign({ ...(await stored(deps)), ...checking(deps) })
    await deps.queue.send('jobs', ['somebody’s job'])
    await run(deps)
    expect(deps.queue.bodies('jobs')).toEqual(['somebody’s job'])
    await deps.clock.advance(5_400_000)
    await run(deps)
    expect(deps.queue.bodies('jobs')).toHaveLength(2)
  })
})

describe('sweep', () => {
  it('has pages folded whose lookup is due, and only those', async () => {
    const deps = await launched({ size: { pages: 3 }, record: { feed: { nextPage: 3, fedAt: 0 } } })
    const now = deps.clock.now()
    const sent = { statuses: { sent: 6 }, asOf: now }
    await deps.ledger.putSummary(CAMPAIGN, 0, summary({ ...sent, nextLookupAt: now }))
    await deps.ledger.putSummary(CAMPAIGN, 1, summary({ ...sent, nextLookupAt: now + 1 }))
    await deps.ledger.putSummary(CAMPAIGN, 2, summary({ statuses: { delivered: 6 }, settled: true }))
    await run(deps)
    expect(toFold(deps)).toEqual([0])
  })

  it('has pages folded of which nothing was heard: their worker may have died before its notice', async () => {
    const deps = await launched({ size: { pages: 3 } })
    const now = deps.clock.now()
    await deps.registry.updateCampaign({
      ...(await stored(deps)),
      feed: { nextPage: 2, fedAt: now - 120_000 },
    })
    await deps.ledger.putSummary(CAMPAIGN, 0, summary({ statuses: { queued: 6 }, asOf: now - 119_999 }))
    await run(deps)
    expect(toFold(deps)).toEqual([1])
  })

  it('moves on a campaign whose last notice was lost', async () => {
    const deps = await launched({ record: { feed: FED } })
    await deps.ledger.putSummary(CAMPAIGN, 0, summary({ statuses: { delivered: 6 }, settled: true }))
    await run(deps)
    expect(await stored(deps)).toMatchObject({ state: 'settled', dueAt: null })
  })
})

describe('batches whose copies are lost', () => {
  const OWNER = '01JB00000000000000000000BB' as BootId

  async function quiet() {
    const deps = await launched({ size: { batches: 5 } })
    const now = deps.clock.now()
    const feed = { nextPage: 1, fedAt: now - HOUR_MS }
    await deps.registry.updateCampaign({ ...(await stored(deps)), feed })
    const bid = (batch: number, leaseUntil: number) =>
      deps.ledger.claim({
        ...{ campaign: CAMPAIGN, page: 0, batch, owner: OWNER, lineHash: 'h', reserve: '000' },
        ...{ now, leaseUntil, takeoverGraceMs: 5_000 },
      })
    const hold = (batch: number) => ({ campaign: CAMPAIGN, page: 0, batch, owner: OWNER, gen: 1 })
    // 0 was never claimed, 1 is held by a dead worker, 2 by a living one, 3 is finished, 4 was given back.
    await bid(1, now - 5_001)
    await bid(2, now + 1)
    await deps.ledger.finish([(await bid(3, now + 1)).claim])
    await bid(4, now + 1)
    await deps.ledger.release(hold(4), '000')
    return deps
  }
  const fedBatches = (deps: Launched) =>
    deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).line.batch)

  it('are fed again an hour after the page was fed', async () => {
    const deps = await quiet()
    await run(deps)
    expect(fedBatches(deps)).toEqual([0, 1, 4])
    expect((await stored(deps)).feed).toEqual({ nextPage: 1, fedAt: deps.clock.now() })
  })

  it('are fed again without those suppressed meanwhile', async () => {
    const deps = await quiet()
    await deps.suppressions.putEntry(TENANT, anEntry({ msisdn: Msisdn.parse(numberOf(0, 1, 2)) }))
    await run(deps)
    const skips = deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).skip)
    expect(skips).toEqual([[], [2], []])
  })

  it('are not fed again within the hour', async () => {
    const deps = await quiet()
    await deps.registry.updateCampaign({
      ...(await stored(deps)),
      feed: { nextPage: 1, fedAt: deps.clock.now() - HOUR_MS + 1 },
    })
    await run(deps)
    expect(fedBatches(deps)).toEqual([])
  })

  it('are not fed again while anything is in their queue, even in flight', async () => {
    const deps = await quiet()
    await deps.queue.send(DISPATCH, ['another batch'])
    await deps.queue.receive(DISPATCH, { max: 1, waitSeconds: 0, visibilitySeconds: 60 })
    await run(deps)
    expect(deps.queue.bodies(DISPATCH)).toEqual(['another batch'])
  })
})

describe('waiting for receipts', () => {
  async function waiting(graceOverMs: number) {
    const deps = await launched()
    const now = deps.clock.now()
    const launch = {
      at: 0,
      terms: { ...deps.campaign.launch!.terms, expiresAt: now - 24 * HOUR_MS - graceOverMs },
    }
    await deps.registry.updateCampaign({ ...(await stored(deps)), state: 'sent', launch, feed: FED })
    await deps.ledger.append([
      outcomeSlice(0, acceptedRows(deps.size, now)),
      receiptSlice(0, deliveredRows(deps.size, now).slice(0, 2)),
    ])
    const nextLookupAt = now + HOUR_MS
    await deps.ledger.putSummary(CAMPAIGN, 0, summary({ statuses: { sent: 4, delivered: 2 }, nextLookupAt }))
    return deps
  }
  const noReceipts = async (deps: Launched) =>
    (await deps.ledger.readPage(CAMPAIGN, 0)).slices.flatMap((slice) =>
      slice.kind === 'receipts' ? slice.rows.filter((row) => row[4] === 'NO_RECEIPT') : [],
    )

  it('ends a day after the validity, with a fact for each segment that still waits', async () => {
    const deps = await waiting(0)
    await run(deps)
    const now = deps.clock.now()
    expect(await noReceipts(deps)).toEqual([
      [0, 2, 1, 'id-0-2', 'NO_RECEIPT', '', null, now],
      [1, 0, 1, 'id-1-0', 'NO_RECEIPT', '', null, now],
      [1, 1, 1, 'id-1-1', 'NO_RECEIPT', '', null, now],
      [1, 2, 1, 'id-1-2', 'NO_RECEIPT', '', null, now],
    ])
    expect(toFold(deps)).toEqual([0])
  })

  it('is ended once for each segment, however often the scheduler looks', async () => {
    const deps = await waiting(0)
    const interim = [1, 2, 1, 'id-1-2', 'ENROUTE', '', null, deps.clock.now()] as const
    await deps.ledger.append([receiptSlice(0, [interim], 1)])
    for (let look = 0; look < 3; look++) {
      await run(deps)
      await deps.clock.advance(60_000)
    }
    expect(await noReceipts(deps)).toHaveLength(4)
  })

  it('goes on until then', async () => {
    const deps = await waiting(-1)
    await run(deps)
    expect(await noReceipts(deps)).toEqual([])
    expect(toFold(deps)).toEqual([])
  })
})
