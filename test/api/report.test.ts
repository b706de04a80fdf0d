import { beforeEach, describe, expect, it } from 'vitest'
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
      {
        status: 'undelivered',
        code: 'err:034',
        reason: 'network_fault',
        sentence: 'A fault in the networks between the gateway and the handset.',
        fix: { who: 'gateway', where: 'route' },
        resend: 'later',
        dlt: false,
        known: true,
        recipients: 1,
      },
      {
        status: 'refused',
        code: 'smpp:69',
        reason: 'dlt_fields_wrong',
        sentence: expect.stringContaining('DLT TLVs missing or wrong'),
        fix: { who: 'platform', where: 'route' },
        resend: 'after_fix',
        dlt: true,
        known: true,
        recipients: 1,
      },
    ])
  })

  it('counts codes nobody knows under the code as it came, and says so', async () => {
    await launchedCampaign(at.deps)
    await happened(at.deps, {
      outcomes: [accepted(0, 1, 1, 'a'), accepted(1, 0, 2, 'b'), accepted(2, 1, 1, 'c')],
      receipts: [
        receipt(0, 1, 'a', 'UNDELIV', '9999'),
        receipt(1, 0, 'b', 'UNDELIV', '9999'),
        receipt(2, 1, 'c', 'UNDELIV', '9998'),
      ],
    })
    expect((await report()).reasons).toMatchObject([
      {
        code: 'err:9999',
        known: false,
        recipients: 2,
        sentence: expect.stringContaining('9999, which is not in the catalogue'),
      },
      { code: 'err:9998', known: false, recipients: 1 },
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
