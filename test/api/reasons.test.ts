import { beforeEach, describe, expect, it } from 'vitest'
import { RouteConfig, type RouteInput } from '../../shared/contracts/route.ts'
import { BALU, CAMPAIGN, happened, launchedCampaign, receipt, sentCampaign } from './support/sent-campaign.ts'
import { type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
  await sentCampaign(at.deps)
})

const putRoute = (fields: Partial<RouteInput> & { id: string }) =>
  at.deps.registry.putRoute(
    RouteConfig.parse({ pool: 'main', host: 'h', port: 2776, secret: 'env:S', ...fields }),
  )
const overrides = {
  'err:34': { sentence: 'Night works.', reason: 'gateway_fault', fix: { who: 'platform' } },
} as const
const reasonOfBalu = {
  sentence: 'Night works.',
  reason: 'gateway_fault',
  fix: { who: 'platform', where: 'route' },
}

/** Every view that shows a reason, with Balu's in it. */
const VIEWS: [string, string, (body: never) => unknown][] = [
  ['the report', `/v1/campaigns/${CAMPAIGN}/report`, (body: { reasons: unknown[] }) => body.reasons[0]],
  [
    'the list of messages',
    `/v1/campaigns/${CAMPAIGN}/messages?status=undelivered`,
    (body: { items: { reason: unknown }[] }) => body.items[0]!.reason,
  ],
  [
    'the messages to a number of a campaign',
    `/v1/campaigns/${CAMPAIGN}/messages?to=${BALU}`,
    (body: { items: { reason: unknown }[] }) => body.items[0]!.reason,
  ],
  ['a message', `/v1/messages/${CAMPAIGN}.0.0.1`, (body: { reason: unknown }) => body.reason],
  [
    'the history of a number',
    `/v1/recipients/${BALU}/messages?from=2026-01-01T00:00:00Z`,
    (body: { items: { reason: unknown }[] }) => body.items[0]!.reason,
  ],
]

describe.each(VIEWS)('%s', (_, path, reasonIn) => {
  const reason = async () => reasonIn((await at.call('GET', path)).body as never)

  it('says why, who fixes it where, and whether to resend', async () => {
    expect(await reason()).toMatchObject({
      code: 'err:034',
      reason: 'network_fault',
      fix: { who: 'gateway', where: 'route' },
      resend: 'later',
      known: true,
    })
  })

  it("says what the pool's routes are configured to mean by a code, whatever those of other pools mean", async () => {
    await putRoute({ id: 'north', reasonOverrides: overrides })
    await putRoute({ id: 'elsewhere', pool: 'other' })
    expect(await reason()).toMatchObject(reasonOfBalu)
  })

  it('leaves out what the routes of the pool do not agree on', async () => {
    await putRoute({ id: 'north', reasonOverrides: overrides })
    await putRoute({ id: 'south' })
    expect(await reason()).toMatchObject({ reason: 'network_fault' })
  })
})

it('codes are read in the dialect of the route', async () => {
  at = await world()
  await putRoute({ id: 'north', dialect: 'route-mobile' })
  await launchedCampaign(at.deps)
  await happened(at.deps, { receipts: [receipt(0, 1, 'a1', 'REJECTD', '408')] })
  const { reasons } = (await at.call('GET', `/v1/campaigns/${CAMPAIGN}/report`)).body
  expect(reasons).toMatchObject([{ code: 'err:408', reason: 'dnd', recipients: 1 }])
})
