import { expect, test } from 'vitest'
import { dltTlvs } from '../../bind-worker/session/dlt-tlvs.ts'
import { chainHash } from '../../shared/dlt/chain-hash.ts'
import { routeConfig } from './support/factories.ts'

const ENTITY = '1101172974420810001'
const OTHER = '1701158019811140068'
const [TM_2, TM_4] = ['1101172974420820002', '1101172974420830004'] as const

const route = routeConfig({
  dlt: { chain: 'tmIds' },
  telemarketerIds: [TM_4],
  chains: { [ENTITY]: { mode: 'hash', telemarketerIds: [TM_2, TM_4] }, [OTHER]: { mode: 'none' } },
})
const chainOf = (entity: string) =>
  dltTlvs(route, { entity, template: '1107161191448698079' })
    .find(([tag]) => tag === 0x1402)?.[1]
    .toString()

test.each([
  ['its own, where the route has one for it', ENTITY, chainHash(ENTITY, [TM_2, TM_4])],
  ['none, where the route has that for it', OTHER, undefined],
  ["the route's, otherwise", '110100001483', TM_4],
])('the chain of a principal entity is %s', (_, entity, value) => {
  expect(chainOf(entity)).toBe(value)
})
