import { describe, expect, it } from 'vitest'
import { RouteConfig, type RouteInput } from '../../shared/contracts/route.ts'

const BASE = { id: 'r', pool: 'p', host: 'h', port: 2776, secret: 'env:S' }
const parse = (fields: Partial<RouteInput>) => RouteConfig.parse({ ...BASE, ...fields })
const faultsOf = (fields: object) =>
  RouteConfig.safeParse({ ...BASE, ...fields }).error?.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  ) ?? []

const ENTITY = '1101172974420810001'
const TM = '1101172974420830004'

describe('reasonOverrides of a route', () => {
  it('take a text as the sentence, and read back what they gave', () => {
    const { reasonOverrides } = parse({
      reasonOverrides: { 'err:633': 'Ours.', 'smpp:69': { reason: 'dnd' } },
    })
    expect(reasonOverrides).toEqual({ 'err:633': { sentence: 'Ours.' }, 'smpp:69': { reason: 'dnd' } })
    expect(parse({ reasonOverrides }).reasonOverrides).toEqual(reasonOverrides)
  })

  it.each(['err:633', 'err:ABSENT-SUB', 'stat:NDNC REJECTED', 'smpp:1032', 'multipart_cut'])(
    'take %s',
    (code) => {
      expect(faultsOf({ reasonOverrides: { [code]: 'x' } })).toEqual([])
    },
  )

  it.each([
    ['a code without its kind', { '633': 'x' }, /^reasonOverrides\.633: a code must be err:CODE/],
    ['a status in hexadecimal', { 'smpp:0x45': 'x' }, /^reasonOverrides\.smpp:0x45: a code must be/],
    ['an empty sentence', { 'err:633': '' }, /^reasonOverrides\.err:633\.sentence: /],
    ['nothing at all', { 'err:633': {} }, /^reasonOverrides\.err:633: must set sentence, reason or fix/],
    ['a reason nobody has', { 'err:633': { reason: 'luck' } }, /^reasonOverrides\.err:633\.reason: /],
    ['a fixer nobody is', { 'err:633': { fix: { who: 'me' } } }, /^reasonOverrides\.err:633\.fix\.who: /],
    ['a field that is none', { 'err:633': { sentense: 'x' } }, /^reasonOverrides\.err:633: .*"sentense"/],
  ])('refuse %s, with its place', (_, reasonOverrides, words) => {
    expect(faultsOf({ reasonOverrides })[0]).toMatch(words)
  })
})

describe('chains of a route', () => {
  it.each(['none', 'tmIds', 'hash'])('take the mode %s', (mode) => {
    expect(faultsOf({ chains: { [ENTITY]: { mode, telemarketerIds: [TM] } } })).toEqual([])
  })

  it('need no telemarketers to send none', () => {
    expect(parse({ chains: { [ENTITY]: { mode: 'none' } } }).chains[ENTITY]).toEqual({
      mode: 'none',
      telemarketerIds: [],
    })
  })

  it.each([
    ['no telemarketer', { mode: 'hash' }, 'telemarketerIds: the chain names no telemarketer'],
    [
      'a fault in an id',
      { mode: 'tmIds', telemarketerIds: [TM, '1'] },
      'telemarketerIds.1: telemarketer 2 has 1',
    ],
    [
      'the entity again',
      { mode: 'tmIds', telemarketerIds: [ENTITY] },
      'telemarketerIds.0: telemarketer 1 is the',
    ],
  ])('refuse %s, with its place', (_, chain, place) => {
    expect(faultsOf({ chains: { [ENTITY]: chain } })).toEqual([
      expect.stringContaining(`chains.${ENTITY}.${place}`),
    ])
  })

  it('refuse an entity whose id is none', () => {
    expect(faultsOf({ chains: { acme: { mode: 'none' } } })).toHaveLength(1)
  })
})
