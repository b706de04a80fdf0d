import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainFaults } from '../../shared/dlt/chain-faults.ts'
import { chainHash, chainOf, chainTlv, chainValue, sha256 } from '../../shared/dlt/chain-hash.ts'
import { verifyChainHash } from '../../shared/dlt/chain-verify.ts'

const ENTITY = '1101172974420810001'
const TM_2 = '1101172974420820002'
const TM_3 = '1101172974420820003'
const TM_4 = '1101172974420830004'

const someId = fc.stringMatching(/^[1-9]\d{11,18}$/)
const someChain = fc
  .uniqueArray(someId, { minLength: 2, maxLength: 6 })
  .map(([entity, ...telemarketerIds]) => ({ entity: entity!, telemarketerIds }))

describe('the hash of a chain', () => {
  // Sample ids of an operator's manual (facts A6).
  it.each([
    [[TM_4], 'c0c951afca257c5b87c3da535c09112080483f35b7e6faf35e2428b3b526b694'],
    [[TM_2, TM_4], 'ba38bbe4ab3780a70aad6071c006e720eed8efc1ff70b00691d3b6844e6497e2'],
    [[TM_2, TM_3, TM_4], 'd3133e436040034d9e95932ea93a1f82c37e1d98803229f835d8f3124e77e07f'],
  ])('over the telemarketers %j is %s', (telemarketerIds, hash) => {
    expect(chainHash(ENTITY, telemarketerIds)).toBe(hash)
  })

  it('tells any two chains apart', () => {
    fc.assert(
      fc.property(someChain, someChain, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b)
        expect(chainHash(a.entity, a.telemarketerIds) === chainHash(b.entity, b.telemarketerIds)).toBe(same)
      }),
    )
  })
})

describe('the TLV of a chain', () => {
  it.each([
    [{ mode: 'none', telemarketerIds: [TM_4] }, null],
    [{ mode: 'tmIds', telemarketerIds: [] }, null],
    [{ mode: 'hash', telemarketerIds: [] }, null],
    [{ mode: 'tmIds', telemarketerIds: [TM_2, TM_4] }, `${TM_2},${TM_4}`],
    [{ mode: 'hash', telemarketerIds: [TM_2, TM_4] }, chainHash(ENTITY, [TM_2, TM_4])],
  ] as const)('of %j holds %s', (chain, value) => {
    expect(chainValue(ENTITY, chain)).toBe(value)
  })

  it('goes out as tag, length and ASCII without NUL', () => {
    expect(chainTlv(`${TM_2},${TM_4}`).toString('latin1')).toBe(`\x14\x02\0\x27${TM_2},${TM_4}`)
  })

  it("is the entity's own where the route has one for it, else the route's", () => {
    const own = { mode: 'hash' as const, telemarketerIds: [TM_3] }
    const dlt = { chain: 'tmIds' } as Parameters<typeof chainOf>[0]['dlt']
    const route = { dlt, telemarketerIds: [TM_4], chains: { [ENTITY]: own } }
    expect(chainOf(route, ENTITY)).toEqual(own)
    expect(chainOf(route, '110100001483')).toEqual({ mode: 'tmIds', telemarketerIds: [TM_4] })
    expect(chainOf(route, 'constructor')).toEqual({ mode: 'tmIds', telemarketerIds: [TM_4] })
  })
})

describe('a chain as somebody wrote it', () => {
  it('has no fault when all ids are of 12 to 19 digits and nobody is in it twice', () => {
    fc.assert(
      fc.property(someChain, ({ entity, telemarketerIds }) => {
        expect(chainFaults(entity, telemarketerIds)).toEqual([])
      }),
    )
  })

  it.each([
    ['no telemarketer', ENTITY, [], 'list', 'list_empty', /names no telemarketer/],
    ['a short entity', '11011729744', [TM_4], 'entity', 'id_form', /entity's id has 11 digits: .* 12 to 19/],
    ['a long id', ENTITY, ['1'.repeat(20)], 0, 'id_form', /telemarketer 1 has 20 digits/],
    ['letters', ENTITY, [TM_2, '11011729744ABC'], 1, 'id_form', /telemarketer 2 is "11011729744ABC"/],
    ['a space', ENTITY, [TM_2, ` ${TM_4}`], 1, 'id_space', /no spaces/],
    ['a line end', ENTITY, [`${TM_4}\n`], 0, 'id_space', /no spaces or line ends/],
    ['an encoded comma', ENTITY, [`${TM_2}%2C${TM_4}`], 0, 'id_separator', /%2C.*never percent-encoded/],
    ['a semicolon', ENTITY, [`${TM_2};${TM_4}`], 0, 'id_separator', /one by one/],
    ['a comma too many', ENTITY, [TM_2, ''], 1, 'id_empty', /comma too many/],
    ['what Excel made of it', ENTITY, ['1.10117E+18'], 0, 'id_exponent', /spreadsheet/],
    ['the entity first', ENTITY, [ENTITY, TM_4], 0, 'id_repeated', /leave it out/],
    ['a telemarketer twice', ENTITY, [TM_2, TM_4, TM_2], 2, 'id_repeated', /is telemarketer 1 again/],
  ] as const)('with %s is told so, and where', (_, entity, telemarketerIds, at, code, words) => {
    const faults = chainFaults(entity, telemarketerIds)
    expect(faults).toMatchObject([{ at, code }])
    expect(faults[0]!.message).toMatch(words)
  })

  it('is told all its faults at once', () => {
    expect(chainFaults('', [' ', TM_4, TM_4]).map(({ at }) => at)).toEqual(['entity', 0, 2])
  })
})

describe('a hash held against a chain', () => {
  const verify = (hash: string) => verifyChainHash(hash, ENTITY, [TM_2, TM_3, TM_4])
  const because = (text: string) => verify(sha256(text))
  const ids = [ENTITY, TM_2, TM_3, TM_4]

  it('matches its own', () => {
    fc.assert(
      fc.property(someChain, ({ entity, telemarketerIds }) => {
        const hash = chainHash(entity, telemarketerIds)
        expect(verifyChainHash(hash, entity, telemarketerIds)).toEqual({ matches: true })
        expect(verifyChainHash(hash, entity, [...telemarketerIds, '999999999999'])).toMatchObject({
          matches: false,
          because: 'telemarketer_missing',
        })
      }),
    )
  })

  it.each([
    ['upper_case', verify(chainHash(ENTITY, [TM_2, TM_3, TM_4]).toUpperCase()), /lower case/],
    ['not_a_hash', verify('abc'), /3 characters/],
    ['separator', because(ids.join(', ')), /", " between them/],
    ['separator', because(ids.join('%2C')), /"%2C" between them/],
    ['separator', because(ids.join('')), /nothing between them/],
    ['line_end', because(`${ids.join(',')}\n`), /line end/],
    ['entity_missing', because([TM_2, TM_3, TM_4].join(',')), /telemarketers alone/],
    [
      'order',
      because([TM_4, TM_3, TM_2, ENTITY].join(',')),
      new RegExp([TM_4, TM_3, TM_2, ENTITY].join(',')),
    ],
    ['telemarketer_missing', because([ENTITY, TM_2, TM_4].join(',')), new RegExp(`without .* ${TM_3}`)],
    ['other_chain', because('110100001483,110100001484'), /other ids/],
  ])('that is wrong because of %s is told so', (mistake, verdict, words) => {
    expect(verdict).toMatchObject({
      matches: false,
      because: mistake,
      sentence: expect.stringMatching(words),
    })
  })

  it('answers at once for a chain too long to try every order of', () => {
    const long = Array.from({ length: 20 }, (_, i) => `${110_100_000_000 + i}`)
    expect(verifyChainHash('0'.repeat(64), ENTITY, long)).toMatchObject({ because: 'other_chain' })
  })
})
