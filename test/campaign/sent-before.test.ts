import { beforeEach, describe, expect, it } from 'vitest'
import { launchCampaign, startScheduled } from '../../shared/campaign/launch.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { sentBefore } from '../../shared/campaign/sent-before.ts'
import { CampaignId } from '../../shared/ids.ts'
import { type MemoryDeps, memoryDeps } from '../support/memory-ports.ts'
import { aCheckedCampaign, aPlan, CAMPAIGN } from './campaign.factory.ts'

const SECOND = CampaignId.parse('01K6CAMPAGN000000000000002')
const THIRD = CampaignId.parse('01K6CAMPAGN000000000000003')
const HOUR_MS = 3_600_000

let deps: MemoryDeps
beforeEach(() => {
  deps = memoryDeps()
})

async function stored(fields: Partial<CampaignRecord> = {}): Promise<CampaignRecord> {
  const campaign = aCheckedCampaign({ plan: aPlan({ fileHash: 'cafe' }), ...fields })
  await deps.registry.createCampaign(campaign)
  return campaign
}

describe('a file that was sent before', () => {
  it('with the same template is not launched again within a day, unless that is wanted', async () => {
    await launchCampaign(deps, await stored())
    const second = await stored({ id: SECOND })
    expect(await sentBefore(deps, second, 'cafe')).toBe(CAMPAIGN)
    await expect(launchCampaign(deps, second)).rejects.toMatchObject({ code: 'sent_before' })
    expect(await deps.registry.controls([SECOND])).toEqual(new Map())
    expect((await launchCampaign(deps, second, { allowRepeat: true })).state).toBe('sending')
  })

  it('may be launched after a day', async () => {
    await launchCampaign(deps, await stored())
    await deps.clock.advance(24 * HOUR_MS)
    expect((await launchCampaign(deps, await stored({ id: SECOND }))).state).toBe('sending')
  })

  it.each([
    ['another file', { plan: aPlan({ fileHash: 'babe' }) }],
    ['another template', { templateId: '1107161234567890999' }],
    ['the file of a plan that was made before files were hashed', { plan: aPlan({ fileHash: '' }) }],
  ])('does not stand in the way of %s', async (_, fields) => {
    await launchCampaign(deps, await stored())
    expect((await launchCampaign(deps, await stored({ id: SECOND, ...fields }))).state).toBe('sending')
  })

  it.each([
    ['cancelled before it began', { state: 'cancelled', launch: null }],
    ['unscheduled', { state: 'checked', launch: null }],
  ] as const)('does not count when its campaign was %s, and who sent it since does', async (_, fields) => {
    const first = await launchCampaign(deps, await stored(), { at: deps.clock.now() + HOUR_MS })
    await deps.registry.updateCampaign({ ...first, ...fields })
    await deps.clock.advance(HOUR_MS)
    expect((await launchCampaign(deps, await stored({ id: SECOND }))).state).toBe('sending')
    await deps.clock.advance(HOUR_MS)
    await expect(launchCampaign(deps, await stored({ id: THIRD }))).rejects.toThrow(SECOND)
  })

  it('that was allowed to be a repeat stands in the way of the next', async () => {
    await launchCampaign(deps, await stored())
    await deps.clock.advance(20 * HOUR_MS)
    await launchCampaign(deps, await stored({ id: SECOND }), { allowRepeat: true })
    await deps.clock.advance(20 * HOUR_MS)
    await expect(launchCampaign(deps, await stored({ id: THIRD }))).rejects.toThrow(SECOND)
  })

  it('counts for a day from its start, however long it was scheduled before', async () => {
    const scheduled = await launchCampaign(deps, await stored(), { at: deps.clock.now() + 48 * HOUR_MS })
    await deps.clock.advance(48 * HOUR_MS)
    expect((await startScheduled(deps, scheduled)).state).toBe('sending')
    await deps.clock.advance(23 * HOUR_MS)
    await expect(launchCampaign(deps, await stored({ id: SECOND }))).rejects.toThrow(CAMPAIGN)
  })

  it('counts from the first moment of its launch', async () => {
    const [first, second] = [await stored(), await stored({ id: SECOND })]
    const both = await Promise.allSettled([launchCampaign(deps, first), launchCampaign(deps, second)])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })
})
