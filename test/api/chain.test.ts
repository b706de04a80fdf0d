import { beforeEach, describe, expect, it } from 'vitest'
import { RouteConfig, type RouteInput } from '../../shared/contracts/route.ts'
import { chainHash } from '../../shared/dlt/chain-hash.ts'
import { type World, world } from './support/world.ts'

const OWN_ENTITY = '1101234567890123456'
const ENTITY = '1101172974420810001'
const TMS = ['1101172974420820002', '1101172974420830004']
const HASH = 'ba38bbe4ab3780a70aad6071c006e720eed8efc1ff70b00691d3b6844e6497e2'

let at: World
beforeEach(async () => {
  at = await world()
})

const chain = (json: unknown) => at.call('POST', '/v1/dlt/chain', { json })
const putRoute = (fields: Partial<RouteInput>) =>
  at.deps.registry.putRoute(
    RouteConfig.parse({ id: 'north', pool: 'main', host: 'h', port: 2776, secret: 'env:S', ...fields }),
  )

describe('a chain', () => {
  it('is computed in both forms, with the TLV of either', async () => {
    const { status, body } = await chain({ entityId: ENTITY, telemarketerIds: TMS })
    expect(status).toBe(200)
    expect(body).toEqual({
      entityId: ENTITY,
      tmIds: TMS.join(','),
      hash: HASH,
      tlv: {
        tmIds: `14020027${Buffer.from(TMS.join(',')).toString('hex')}`,
        hash: `14020040${Buffer.from(HASH).toString('hex')}`,
      },
      verdict: null,
      routes: [],
    })
  })

  it('is that of the own entity when none is named', async () => {
    const { body } = await chain({ telemarketerIds: TMS })
    expect(body).toMatchObject({ entityId: OWN_ENTITY, hash: chainHash(OWN_ENTITY, TMS) })
  })

  it.each([
    [HASH, { matches: true, because: null, sentence: null }],
    [HASH.toUpperCase(), { matches: false, because: 'upper_case', sentence: expect.any(String) }],
    ['f'.repeat(64), { matches: false, because: 'other_chain', sentence: expect.any(String) }],
  ])('is held against the hash %s', async (hash, verdict) => {
    const { body } = await chain({ entityId: ENTITY, telemarketerIds: TMS, hash })
    expect(body.verdict).toEqual(verdict)
  })

  it('with faults is refused with all of them, each at its place', async () => {
    const { status, body } = await chain({ entityId: '12', telemarketerIds: [TMS[0], ` ${TMS[1]}`, TMS[0]] })
    expect(status).toBe(422)
    expect(body.code).toBe('invalid_request')
    expect(body.errors).toEqual([
      { path: 'body.entityId', message: expect.stringContaining('has 2 digits') },
      { path: 'body.telemarketerIds.1', message: expect.stringContaining('no spaces') },
      { path: 'body.telemarketerIds.2', message: expect.stringContaining('telemarketer 1 again') },
    ])
  })

  it('without telemarketers is refused at the list', async () => {
    const { body } = await chain({ telemarketerIds: [] })
    expect(body.errors).toMatchObject([{ path: 'body.telemarketerIds' }])
  })
})

describe('the routes of a tenant', () => {
  const sent = async () => (await chain({ telemarketerIds: TMS })).body.routes

  it('that send no chain are shown so', async () => {
    expect(await sent()).toEqual([{ route: 'north', sends: null, agrees: false }])
  })

  it.each([
    ['tmIds', TMS, true],
    ['hash', TMS, true],
    ['hash', [...TMS].reverse(), false],
  ] as const)('that send their own chain as %s of %j agree: %s', async (mode, telemarketerIds, agrees) => {
    await putRoute({ chains: { [OWN_ENTITY]: { mode, telemarketerIds: [...telemarketerIds] } } })
    expect(await sent()).toMatchObject([{ route: 'north', agrees }])
  })

  it('are not shown for the entity of somebody else', async () => {
    await putRoute({ chains: { [ENTITY]: { mode: 'tmIds', telemarketerIds: TMS } } })
    const { body } = await chain({ entityId: ENTITY, telemarketerIds: TMS })
    expect(body.routes).toEqual([])
  })
})
