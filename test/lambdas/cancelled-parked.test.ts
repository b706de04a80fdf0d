import { describe, expect, it } from 'vitest'
import { feedCampaign } from '../../lambdas/feeder/service.ts'
import { PlanLibrary } from '../../lambdas/plan-library.ts'
import { runScheduler } from '../../lambdas/scheduler/service.ts'
import { parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import type { BootId } from '../../shared/ids.ts'
import { CAMPAIGN, DISPATCH, HOUR_MS, launched, summary, TENANT } from './launched.factory.ts'

const BOOT = '01JB00000000000000000000BB' as BootId
const JOB = { kind: 'feed', tenant: TENANT, campaign: CAMPAIGN } as const

/** A campaign that was cancelled while its second batch was parked until an hour from now. */
async function cancelledWhileParked() {
  const deps = await launched({ record: { state: 'cancelled', feed: { nextPage: 1, fedAt: 0 } } })
  const notBefore = deps.clock.now() + HOUR_MS
  const parked = { batch: 1, gen: 2, owner: BOOT, reason: 'paused', notBefore }
  await deps.ledger.putSummary(CAMPAIGN, 0, summary({ parked: [parked], statuses: { queued: 3 } }))
  await deps.registry.setControl(CAMPAIGN, { state: 'cancelled', at: deps.clock.now() })
  return deps
}

describe('a campaign cancelled while some of its batches are parked', () => {
  it('has them fed once more, so that a worker claims them and ends them as cancelled', async () => {
    const deps = await cancelledWhileParked()
    expect(await feedCampaign(deps, JOB, Number.MAX_SAFE_INTEGER)).toBe('not_sending')
    const fed = deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).line.batch)
    expect(fed).toEqual([1])
  })

  it('is brought to the feeder by the scheduler, until nothing of it is parked', async () => {
    const deps = await cancelledWhileParked()
    const run = () => runScheduler(deps, new PlanLibrary(deps), Number.MAX_SAFE_INTEGER)
    await run()
    expect(deps.queue.bodies('feed').map((body) => JSON.parse(body))).toEqual([JOB])

    await deps.ledger.putSummary(
      CAMPAIGN,
      0,
      summary({ statuses: { cancelled: 3 }, settled: true, facts: 9 }),
    )
    await deps.clock.advance(60_000)
    await run()
    expect(deps.queue.bodies('feed')).toHaveLength(1)
  })
})
