/** Receipts that reach a worker which does not know their message: over real binds, then through the settler. */
import { afterEach, describe, expect, it } from 'vitest'
import { copyUnplaced } from '../../lambdas/settle/unplaced.ts'
import { pageKey } from '../../shared/campaign/plan-keys.ts'
import type { PoolId, TenantId } from '../../shared/ids.ts'
import { awaitedReceipts } from '../../shared/ledger/awaited.ts'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN, planLine, route as routeConfig } from './factories.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const BATCHES = [short(50), [...short(30), 3, 2], short(40)]
const SEGMENTS = 125

type World = Awaited<ReturnType<typeof workerSetUp>>

/** Statuses of the page as its facts stand, and how many segments still wait. */
async function folded({ deps }: World) {
  const facts = await deps.ledger.readPage(CAMPAIGN, 0)
  const recipients = foldRecipients({ batches: BATCHES }, facts, { receipts: 'part' })
  return { recipients, statuses: new Set(recipients.map(({ status }) => status)) }
}

/** What the settler does with a page that waits for receipts. */
async function settle(world: World) {
  const { deps } = world
  const lines = BATCHES.map((parts, batch) => planLine(parts, { batch }))
  const { plan } = lines[0]!
  await deps.objects.put(pageKey(CAMPAIGN, plan, 0), lines.map((line) => JSON.stringify(line)).join('\n'))
  const locator = { tenant: 'acme' as TenantId, plan, pool: 'demo' as PoolId }
  const { recipients } = await folded(world)
  await copyUnplaced(deps, { campaign: CAMPAIGN, page: 0, locator }, awaitedReceipts(recipients), [
    routeConfig(),
  ])
}

const acknowledged = ({ smsc }: World) => smsc.truth().receipts.acked === SEGMENTS

describe('two workers of one route', () => {
  it('each get receipts of the other, keep them, and the settler gives every message its own', async () => {
    const world = await workerSetUp({ route: { binds: 1 } })
    const { smsc, start, feed, facts } = world
    const workers = [start(), start()].map(({ worker }) => worker)
    await until(() => smsc.binds === 2)
    smsc.inject({ fault: 'receipts-elsewhere' })
    await feed(...BATCHES)
    await until(async () => (await facts()).outcomes.length === SEGMENTS && acknowledged(world))
    const counts = workers.map((worker) => worker.state().receipts)
    expect(counts.map(({ placed }) => placed)).toEqual([0, 0])
    expect(counts.reduce((sum, { keptAside }) => sum + keptAside, 0)).toBe(SEGMENTS)
    expect((await folded(world)).statuses).toEqual(new Set(['sent']))

    await settle(world)
    expect((await folded(world)).statuses).toEqual(new Set(['delivered']))
  })
})

describe('a receipt before its response', () => {
  it('over another bind, is placed or kept aside, and reaches its message either way', async () => {
    const world = await workerSetUp({ route: { binds: 2 } })
    const { smsc, start, feed, facts } = world
    const { worker } = start()
    await until(() => smsc.binds === 2)
    smsc.inject({ fault: 'early-receipts', responseAfterMs: 50 })
    smsc.inject({ fault: 'receipts-elsewhere' })
    await feed(...BATCHES)
    await until(async () => (await facts()).outcomes.length === SEGMENTS && acknowledged(world))
    const { placed, keptAside } = worker.state().receipts
    expect(placed + keptAside).toBe(SEGMENTS)
    expect(keptAside).toBeGreaterThan(0)

    await settle(world)
    expect((await folded(world)).statuses).toEqual(new Set(['delivered']))
  })
})

describe('the form of ids', () => {
  it('is learned over real binds, and told by the worker', async () => {
    const world = await workerSetUp({ route: { idMode: 'auto' } })
    const { smsc, start, feed } = world
    const { worker } = start()
    expect(worker.state().idForm).toBeNull()
    smsc.inject({ fault: 'ids', response: 'short-hex', receipt: 'decimal' })
    await feed(...BATCHES)
    await until(() => acknowledged(world) && worker.state().receipts.unanswered === 0)
    expect(worker.state()).toMatchObject({ idForm: 'dec', awaitedReceipts: 0, oldestAwaitedAt: null })
    expect((await folded(world)).statuses).toEqual(new Set(['delivered']))
  })
})
