import { describe, expect, it } from 'vitest'
import { nextEvent } from '../../shared/campaign/advance.ts'
import { changeCampaign } from '../../shared/campaign/change.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { Conflict } from '../../shared/errors.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import { CAMPAIGN, launched, summary, TENANT } from './launched.factory.ts'

const QUEUED = summary({ statuses: { queued: 1, delivered: 5 } })
const SENT = summary({ statuses: { sent: 6 } })
const SETTLED = summary({ statuses: { delivered: 6 }, settled: true })

/** Two pages; `fed` of them were fed. */
async function eventOf(state: CampaignRecord['state'], fed: number, ...pages: (PageSummary | undefined)[]) {
  const { campaign } = await launched({ size: { pages: 2 } })
  const found = pages.flatMap((page, n): [number, PageSummary][] => (page ? [[n, page]] : []))
  return nextEvent({ ...campaign, state, feed: { nextPage: fed, fedAt: 1 } }, new Map(found))
}

describe('what the summaries bring to a campaign', () => {
  it('is sent once every page was fed and nobody is queued', async () => {
    expect(await eventOf('sending', 2, SENT, SETTLED)).toBe('handedOver')
    expect(await eventOf('sending', 2, SENT, QUEUED)).toBeNull()
    expect(await eventOf('sending', 2, SENT)).toBeNull()
    expect(await eventOf('sending', 1, SENT, SETTLED)).toBeNull()
  })

  it('is settled once every page is', async () => {
    expect(await eventOf('sent', 2, SETTLED, SETTLED)).toBe('settle')
    expect(await eventOf('sent', 2, SETTLED, SENT)).toBeNull()
  })

  it('settles a cancelled campaign when the pages that were fed are', async () => {
    expect(await eventOf('cancelled', 1, SETTLED)).toBe('settle')
    expect(await eventOf('cancelled', 1, SENT)).toBeNull()
  })

  it.each(['draft', 'checking', 'paused', 'settled'] as const)('is nothing while it is %s', async (state) => {
    expect(await eventOf(state, 2, SETTLED, SETTLED)).toBeNull()
  })
})

describe('changing a campaign', () => {
  it('reads again when somebody else was faster, and gives up when they always are', async () => {
    const deps = await launched()
    const update = deps.registry.updateCampaign.bind(deps.registry)
    let rivals = 1
    deps.registry.updateCampaign = async (campaign) => {
      if (rivals-- > 0) await update({ ...(await deps.registry.campaign(TENANT, CAMPAIGN))!, name: 'Holi' })
      return update(campaign)
    }
    const changed = await changeCampaign(deps.registry, TENANT, CAMPAIGN, (c) => ({ ...c, dueAt: 5 }))
    expect(changed).toMatchObject({ name: 'Holi', dueAt: 5 })

    rivals = Number.POSITIVE_INFINITY
    const change = changeCampaign(deps.registry, TENANT, CAMPAIGN, (c) => ({ ...c, dueAt: 6 }))
    await expect(change).rejects.toThrow(Conflict)
  })

  it('writes nothing when there is nothing to do', async () => {
    const deps = await launched()
    const before = await deps.registry.campaign(TENANT, CAMPAIGN)
    expect(await changeCampaign(deps.registry, TENANT, CAMPAIGN, () => null)).toEqual(before)
    expect(await deps.registry.campaign(TENANT, CAMPAIGN)).toEqual(before)
  })
})
