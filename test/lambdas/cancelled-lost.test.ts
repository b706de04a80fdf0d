import { describe, expect, it } from 'vitest'
import { PlanLibrary } from '../../lambdas/plan-library.ts'
import { runScheduler } from '../../lambdas/scheduler/service.ts'
import { parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import type { BootId } from '../../shared/ids.ts'
import { CAMPAIGN, DISPATCH, HOUR_MS, launched, summary, TENANT } from './launched.factory.ts'

const OWNER = '01JB00000000000000000000BB' as BootId

/** A fed page of two batches: the first parked until tomorrow, the second never claimed; then cancelled, at night. */
async function cancelled() {
  const deps = await launched({ hours: true })
  await deps.clock.advance(12 * HOUR_MS)
  const now = deps.clock.now()
  const notBefore = now + 12 * HOUR_MS
  const key = { campaign: CAMPAIGN, page: 0, batch: 0, owner: OWNER }
  const lease = { now: 0, leaseUntil: 1, takeoverGraceMs: 1, lineHash: 'h', reserve: '000' }
  await deps.ledger.claim({ ...key, ...lease })
  await deps.ledger.park({ ...key, gen: 1 }, '000', 'hours', notBefore)
  const parked = [{ batch: 0, gen: 2, owner: OWNER, reason: 'hours', notBefore }]
  await deps.ledger.putSummary(CAMPAIGN, 0, summary({ statuses: { queued: 6 }, parked, asOf: now }))
  const stored = (await deps.registry.campaign(TENANT, CAMPAIGN))!
  const feed = { nextPage: 1, fedAt: now - HOUR_MS }
  await deps.registry.updateCampaign({ ...stored, state: 'cancelled', feed, dueAt: now })
  await deps.registry.setControl(CAMPAIGN, { state: 'cancelled', at: now })
  const run = () => runScheduler(deps, new PlanLibrary(deps), Number.MAX_SAFE_INTEGER)
  const fed = () => deps.queue.bodies(DISPATCH).map((body) => parseDispatchBody(body).line.batch)
  return { deps, run, fed }
}

describe('a campaign that was cancelled: its workers end what they get as cancelled', () => {
  it('has batches sent to them whose copies are lost, at any hour', async () => {
    const { run, fed } = await cancelled()
    await run()
    expect(fed()).toEqual([1])
  })
})
