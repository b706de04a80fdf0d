import { describe, expect, it } from 'vitest'
import { feedCampaign } from '../../lambdas/feeder/service.ts'
import type { Launched } from '../../lambdas/launched.ts'
import { PlanLibrary } from '../../lambdas/plan-library.ts'
import { feedLostBatches } from '../../lambdas/scheduler/refeed.ts'
import { tendStarted } from '../../lambdas/scheduler/started.ts'
import { watchCampaign } from '../../lambdas/watch-campaign.ts'
import { nextEvent } from '../../shared/campaign/advance.ts'
import { cancelCampaign, resumeCampaign } from '../../shared/campaign/pause.ts'
import { NO_GUARD } from '../../shared/campaign/record.ts'
import { parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import { CAMPAIGN, DISPATCH, launched, summary, TENANT } from './launched.factory.ts'

const JOB = { kind: 'feed', tenant: TENANT, campaign: CAMPAIGN } as const
const CANARY = { recipients: 150, maxRefusedPercent: 5, waitMinutes: 10 }

/** Two pages of three batches of a hundred; the canary is two of them. */
async function withCanary() {
  const deps = await launched({
    size: { pages: 2, batches: 3, recipients: 100 },
    record: { guard: { ...NO_GUARD, canary: CANARY } },
  })
  const library = new PlanLibrary(deps)
  return Object.assign(deps, {
    feed: () => feedCampaign(deps, JOB, Number.MAX_SAFE_INTEGER),
    sent: () =>
      deps.queue.bodies(DISPATCH).map((body) => {
        const { page, batch } = parseDispatchBody(body).line
        return `${page}.${batch}`
      }),
    watch: (first: PageSummary) =>
      watchCampaign(deps, library, { tenant: TENANT, id: CAMPAIGN }, new Map([[0, first]])),
    stored: async () => (await deps.registry.campaign(TENANT, CAMPAIGN))!,
  })
}

describe('a campaign with a canary', () => {
  it('sends its first batches, and no more before they were judged', async () => {
    const deps = await withCanary()
    expect([await deps.feed(), await deps.feed()]).toEqual(['canary_first', 'canary_first'])
    expect(deps.sent()).toEqual(['0.0', '0.1'])
    expect((await deps.stored()).guard.canarySent).toEqual({
      ...{ batches: 2, recipients: 200, at: deps.clock.now(), allSentAt: null, isJudged: false },
    })
  })

  it('sends the rest, each batch once, when the canary was well received', async () => {
    const deps = await withCanary()
    await deps.feed()
    await deps.watch(summary({ statuses: { delivered: 200, queued: 100 } }))
    expect(deps.queue.bodies('feed')).toEqual([JSON.stringify(JOB)])
    expect(await deps.feed()).toBe('complete')
    expect(deps.sent()).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2'])
  })

  it('pauses when DLT refuses it, says why, and goes on when it is resumed', async () => {
    const deps = await withCanary()
    await deps.feed()
    await deps.watch(
      summary({ statuses: { undelivered: 200, queued: 100 }, reasons: { 'undelivered|err:633': 200 } }),
    )
    const paused = await deps.stored()
    expect(paused).toMatchObject({ state: 'paused', problem: { code: 'canary_refused' } })
    expect((await deps.registry.controls([CAMPAIGN])).get(CAMPAIGN)?.state).toBe('paused')
    expect(await deps.feed()).toBe('not_sending')
    await resumeCampaign(deps, paused)
    expect(await deps.feed()).toBe('complete')
    expect((await deps.stored()).problem).toBeNull()
  })

  it('sends the canary again when it died before it could say that it had', async () => {
    const deps = await withCanary()
    const { updateCampaign } = deps.registry
    deps.registry.updateCampaign = async () => Promise.reject(new Error('killed'))
    await expect(deps.feed()).rejects.toThrow('killed')
    deps.registry.updateCampaign = updateCampaign
    await deps.feed()
    expect(deps.sent()).toEqual(['0.0', '0.1', '0.0', '0.1'])
  })
})

describe('a campaign cancelled during its canary', () => {
  it('has what was kept back ended by the workers, and settles only then', async () => {
    const deps = await withCanary()
    await deps.feed()
    await cancelCampaign(deps, await deps.stored())
    const canaryAlone = new Map([[0, summary({ statuses: { delivered: 200, queued: 100 }, settled: false })]])
    expect(nextEvent(await deps.stored(), canaryAlone)).toBeNull()
    await tendStarted(deps, new PlanLibrary(deps), await deps.stored(), 'boot')
    expect(deps.queue.bodies('feed')).toEqual([JSON.stringify(JOB)])
    await deps.feed()
    expect(deps.sent()).toEqual(['0.0', '0.1', '0.2'])
    expect((await deps.stored()).feed.nextPage).toBe(1)
    expect(nextEvent(await deps.stored(), new Map([[0, summary({ settled: true })]]))).toBe('settle')
  })
})

describe('the batches of a canary', () => {
  it('are fed again when their copies are lost, and only they', async () => {
    const deps = await withCanary()
    await deps.feed()
    const copies = await deps.queue.receive(DISPATCH, { max: 10, waitSeconds: 0, visibilitySeconds: 60 })
    await deps.queue.delete(
      DISPATCH,
      copies.map(({ receipt }) => receipt),
    )
    await deps.clock.advance(deps.timing.refeedMs + 1)
    await feedLostBatches(deps, (await deps.stored()) as Launched, new Map())
    expect(deps.sent()).toEqual(['0.0', '0.1'])
  })
})

describe('a campaign under way', () => {
  it('pauses itself when DLT refuses most of it', async () => {
    const deps = await launched({ size: { pages: 1, batches: 10, recipients: 100 } })
    const refused = summary({ statuses: { undelivered: 600 }, reasons: { 'undelivered|err:633': 600 } })
    const at = { tenant: TENANT, id: CAMPAIGN }
    await watchCampaign(deps, new PlanLibrary(deps), at, new Map([[0, refused]]))
    expect(await deps.registry.campaign(TENANT, CAMPAIGN)).toMatchObject({
      state: 'paused',
      problem: { code: 'dlt_refusals', message: expect.stringContaining('err:633') },
    })
  })
})
