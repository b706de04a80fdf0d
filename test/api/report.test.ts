import { beforeEach, describe, expect, it } from 'vitest'
import { meaningOf } from '../../lambdas/api/meaning.ts'
import { aPlan } from '../campaign/campaign.factory.ts'
import {
  accepted,
  CAMPAIGN,
  happened,
  launchedCampaign,
  receipt,
  sentCampaign,
} from './support/sent-campaign.ts'
import { createCampaign, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

const report = async (id: string = CAMPAIGN) => (await at.call('GET', `/v1/campaigns/${id}/report`)).body

describe('the report', () => {
  it('sums the pages; one of which nothing is known yet counts as queued', async () => {
    await sentCampaign(at.deps)
    expect(await report()).toMatchObject({
      campaign: CAMPAIGN,
      state: 'sending',
      recipients: 4,
      settled: false,
      unsettledPages: 1,
      statuses: { queued: 1, sent: 0, delivered: 1, undelivered: 1, refused: 1 },
      segments: { planned: 5, accepted: 3, delivered: 2, unconfirmed: 0, resent: 0 },
      cost: { paise: 37.5, rupees: '₹0.38' },
      timeline: [{ minute: '2026-09-01T05:30:00.000Z', segments: 3 }],
    })
  })

  it('gives reasons in plain words, most frequent first', async () => {
    await sentCampaign(at.deps)
    expect((await report()).reasons).toEqual([
      { status: 'undelivered', code: 'err:034', meaning: "The operator's error code 034.", recipients: 1 },
      {
        status: 'refused',
        code: 'smpp:69',
        recipients: 1,
        meaning: expect.stringContaining('DLT TLVs missing or wrong'),
      },
    ])
  })

  it('reads percentiles from the histogram, never low and at most 9 % high', async () => {
    await sentCampaign(at.deps)
    const { latency } = await report()
    for (const ms of Object.values(latency)) {
      expect(ms).toBeGreaterThanOrEqual(3_000)
      expect(ms).toBeLessThanOrEqual(3_000 * 1.1)
    }
  })

  it('is as old as the oldest page that is not settled', async () => {
    await launchedCampaign(at.deps)
    await happened(at.deps, { outcomes: [accepted(0, 1, 1, 'a1')] })
    await at.deps.clock.advance(90_000)
    expect((await report()).asOf).toBe('2026-09-01T06:00:00.000Z')
  })

  it('is as young as the question when every page is settled', async () => {
    await sentCampaign(at.deps)
    await at.deps.clock.advance(90_000)
    expect((await report()).asOf).toBe('2026-09-01T06:01:30.000Z')
  })

  it('is settled when every page is', async () => {
    await launchedCampaign(at.deps, { plan: aPlan({ recipients: 3, segments: 4, recipientsPerPage: [3] }) })
    await happened(at.deps, {
      outcomes: [accepted(0, 1, 1, 'a'), accepted(1, 0, 2, 'b'), accepted(2, 1, 1, 'c')],
      receipts: [receipt(0, 1, 'a', 'DELIVRD'), receipt(1, 0, 'b', 'DELIVRD'), receipt(2, 1, 'c', 'DELIVRD')],
    })
    expect(await report()).toMatchObject({ settled: true, unsettledPages: 0, statuses: { delivered: 3 } })
  })

  it('counts what a cancelled campaign never fed as cancelled', async () => {
    await launchedCampaign(at.deps, { state: 'cancelled' })
    expect(await report()).toMatchObject({ statuses: { queued: 0, cancelled: 4 }, settled: true })
  })

  it('of a draft is empty, not settled, without latency', async () => {
    expect(await report(await createCampaign(at))).toMatchObject({
      recipients: 0,
      settled: false,
      reasons: [],
      timeline: [],
      latency: { p50Ms: null, p95Ms: null, p99Ms: null },
    })
  })
})

describe('a reason', () => {
  it.each([
    ['smpp:88', /More messages per second/],
    ['smpp:1279', /0x000004FF, which only its vendor defines/],
    ['stat:EXPIRED', /validity/],
    ['stat:BLOCKED', /The receipt says BLOCKED/],
    ['not_sent', /Not sent before/],
    ['multipart_cut', /connection was lost/],
    ['poison_batch', /set aside/],
    ['list', /suppression list/],
    ['something_new', /^something_new$/],
  ])('%s is told in words', (code, words) => {
    expect(meaningOf(code)).toMatch(words)
  })
})
