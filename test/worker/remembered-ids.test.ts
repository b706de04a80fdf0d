import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOfPacked, PackedKey } from '../../bind-worker/receipts/packed-key.ts'
import { PageTable } from '../../bind-worker/receipts/page-table.ts'
import { RememberedIds, type SegmentRef } from '../../bind-worker/receipts/remembered-ids.ts'
import type { CampaignId } from '../../shared/ids.ts'
import { CAMPAIGN } from './factories.ts'

const ref = (over: Partial<SegmentRef & { submittedAt: number }> = {}) => ({
  ...{ page: { campaign: CAMPAIGN, page: 3 }, batch: 49, i: 99, part: 1, to: '919876543210' },
  ...{ submittedAt: 1_000, ...over },
})
const known = (ids: RememberedIds, ...keys: string[]) => keys.filter((key) => ids.find(key) !== undefined)

/** Two ids whose whole hash is the same: among 300,000, some ten pairs are. */
function twoOfOneHash(): [string, string] {
  const byHash = new Map<number, string>()
  const packed = new PackedKey()
  for (let n = 0; n < 1_000_000; n++) {
    const id = (0x39f9_9dd5 + n).toString(16)
    packed.pack(id)
    const hash = hashOfPacked(packed.words, 0, packed.length)
    const earlier = byHash.get(hash)
    if (earlier !== undefined) return [earlier, id]
    byHash.set(hash, id)
  }
  throw new Error('no two ids of one hash among a million')
}
const OF_ONE_HASH = twoOfOneHash()

describe('a remembered id', () => {
  it('gives back all that was said of its segment', () => {
    const ids = new RememberedIds(4)
    const { submittedAt: _, ...expected } = ref()
    ids.remember('39f99dd5', ref())
    expect(ids.find('39f99dd5')).toEqual(expected)
    expect(ids.find('39f99dd6')).toBeUndefined()
  })

  it('may be of every part of its message, which is part 0', () => {
    const ids = new RememberedIds(4)
    ids.remember('a', ref({ part: 0 }))
    expect(ids.find('a')?.part).toBe(0)
  })

  it.each([
    ['of one digit', '0'],
    ['a UUID with dashes', '74e02ee1-4e2f-4a6e-a78b-4b247d756a22'],
    ['as long as a record holds', 'x'.repeat(37)],
    ['longer than a record holds', 'x'.repeat(38)],
    ['that ends with zeros', '1000'],
    ['of every character a record holds', '-_.:/+=@#$|~!*()[]{}<>, ;&%?az09'],
    ['in upper case', 'ABC'],
    ['with a NUL', 'a\0b'],
    ['as long as a response can be', 'x'.repeat(256)],
    ['beyond ASCII', 'ÿé'],
    ['beyond latin-1', 'क42'],
  ])('is found %s', (_form, key) => {
    const ids = new RememberedIds(2)
    ids.remember('other', ref({ i: 1 }))
    ids.remember(key, ref({ i: 2 }))
    expect(ids.find(key)?.i).toBe(2)
    expect(known(ids, `${key}x`, `${key}0`, `0${key}`, key.slice(0, -1))).toEqual([])
    ids.forget(key)
    expect(ids.find(key)).toBeUndefined()
  })

  it.each([
    '919876543210',
    '999999999999999',
    '1',
    '',
    '0919876543210',
    '+919876543210',
    '1234567890123456',
    'DAKGHR',
  ])('keeps the number as it was: %j', (to) => {
    const ids = new RememberedIds(1)
    ids.remember('a', ref({ to }))
    expect(ids.find('a')?.to).toBe(to)
    ids.remember('b', ref({ to: '919876543210' }))
    expect(ids.find('b')?.to).toBe('919876543210')
  })

  it('is the newer message when the gateway gives it twice', () => {
    const ids = new RememberedIds(4)
    ids.remember('a', ref({ i: 1 }))
    ids.markFinal('a', 5)
    ids.remember('a', ref({ i: 2 }))
    expect(ids.find('a')?.i).toBe(2)
    expect([ids.size, ids.awaited]).toEqual([1, 1])
  })

  it('is none when the SMSC gave none', () => {
    const ids = new RememberedIds(4)
    ids.remember('', ref())
    expect(ids.size).toBe(0)
  })

  it('is never taken for another with the same hash', () => {
    const [one, another] = OF_ONE_HASH
    const ids = new RememberedIds(4)
    ids.remember(one, ref({ i: 1 }))
    expect(ids.find(another)).toBeUndefined()
    ids.remember(another, ref({ i: 2 }))
    expect([ids.find(one)?.i, ids.find(another)?.i]).toEqual([1, 2])
    ids.forget(one)
    expect(known(ids, one, another)).toEqual([another])
  })
})

describe('room for another id', () => {
  it('is made by the message remembered longest ago', () => {
    const ids = new RememberedIds(2)
    ids.remember('a', ref({ submittedAt: 1_000 }))
    ids.remember('b', ref({ submittedAt: 2_000 }))
    ids.remember('c', ref({ submittedAt: 3_000 }))
    expect(known(ids, 'a', 'b', 'c')).toEqual(['b', 'c'])
    expect(ids.oldestAwaitedAt).toBe(2_000)
  })

  it('is made by one with its final receipt first, of those by the one that got it first', () => {
    const ids = new RememberedIds(3)
    for (const key of ['a', 'b', 'c']) ids.remember(key, ref())
    ids.markFinal('c', 10)
    ids.markFinal('b', 11)
    ids.markFinal('c', 12)
    ids.remember('d', ref())
    expect(known(ids, 'a', 'b', 'c', 'd')).toEqual(['a', 'b', 'd'])
    ids.remember('e', ref())
    expect(known(ids, 'a', 'b', 'd', 'e')).toEqual(['a', 'd', 'e'])
    ids.remember('f', ref())
    expect(known(ids, 'a', 'd', 'e', 'f')).toEqual(['d', 'e', 'f'])
  })

  it('is made by none while there is some', () => {
    const ids = new RememberedIds(2)
    ids.remember('a', ref())
    ids.remember('b', ref())
    ids.forget('a')
    ids.remember('c', ref())
    expect(known(ids, 'b', 'c')).toEqual(['b', 'c'])
  })
})

describe('a message with its final receipt', () => {
  it('is known until it is forgotten as one of long ago, and waits no more', () => {
    const ids = new RememberedIds(4)
    ids.remember('a', ref())
    ids.remember('b', ref())
    ids.markFinal('a', 5_000)
    expect([ids.size, ids.awaited]).toEqual([2, 1])
    ids.forgetFinal(5_000)
    expect(known(ids, 'a', 'b')).toEqual(['a', 'b'])
    ids.forgetFinal(6_000)
    expect(known(ids, 'a', 'b')).toEqual(['b'])
    ids.markFinal('gone', 1)
    expect(ids.size).toBe(1)
  })

  it('tells how long it waited for it, once', () => {
    const ids = new RememberedIds(4)
    ids.remember('a', ref({ submittedAt: 1_000 }))
    expect(ids.markFinal('a', 5_500)).toBe(4_500)
    expect(ids.markFinal('a', 9_000)).toBeNull()
    expect(ids.markFinal('gone', 9_000)).toBeNull()
  })
})

describe('whatever is remembered, marked and forgotten', () => {
  const key = fc.constantFrom(
    '0',
    '1',
    '2',
    'a',
    'b',
    'cafe',
    'x'.repeat(60),
    'क',
    OF_ONE_HASH[0],
    OF_ONE_HASH[1],
  )
  const step = fc.oneof(
    fc.record({
      do: fc.constant('remember' as const),
      key,
      page: fc.nat(3),
      to: fc.constantFrom('91', '091', '+9'),
    }),
    fc.record({ do: fc.constantFrom('markFinal' as const, 'forget' as const), key }),
    fc.record({ do: fc.constant('forgetFinal' as const), age: fc.nat(5) }),
  )

  it('what is found is what a plain list of it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { minLength: 30, maxLength: 100 }),
        (capacity, steps) => {
          const ids = new RememberedIds(capacity)
          const model = new Model(capacity)
          for (const [now, step] of steps.entries()) {
            if (step.do === 'remember') {
              const page = { campaign: CAMPAIGN, page: step.page }
              ids.remember(step.key, ref({ page, i: now, to: step.to }))
              model.remember(step.key, now, step.page)
            } else if (step.do === 'forgetFinal') {
              ids.forgetFinal((now - step.age) * 1_000)
              model.forgetFinal(now - step.age)
            } else {
              ids[step.do](step.key, now * 1_000)
              model[step.do](step.key, now)
            }
            const found = model.keys.map((key) => ids.find(key)?.i)
            expect(found).toEqual(model.entries.map(({ i }) => i))
            expect([ids.size, ids.awaited, ids.pages]).toEqual([
              model.entries.length,
              model.awaited.length,
              new Set(model.entries.map(({ page }) => page)).size,
            ])
          }
        },
      ),
    )
  })

  it('pages are kept only while a message names them', () => {
    const pages = new PageTable()
    const name = (page: number) => ({ campaign: CAMPAIGN, page })
    const first = pages.hold(name(1))
    expect(pages.hold(name(1))).toBe(first)
    const second = pages.hold({ campaign: 'another' as CampaignId, page: 1 })
    expect(pages.at(second)).toEqual({ campaign: 'another', page: 1 })
    pages.release(first)
    expect([pages.size, pages.at(first)]).toEqual([2, name(1)])
    pages.release(first)
    expect(pages.size).toBe(1)
    expect(pages.at(pages.hold(name(2)))).toEqual(name(2))
    expect(pages.at(pages.hold(name(1)))).toEqual(name(1))
    expect(pages.size).toBe(3)
  })
})

/** The same in the plainest way. */
class Model {
  readonly #capacity: number
  entries: { key: string; i: number; page: number; finalAt: number | null }[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get keys(): string[] {
    return this.entries.map(({ key }) => key)
  }

  get awaited() {
    return this.entries.filter(({ finalAt }) => finalAt === null)
  }

  remember(key: string, i: number, page: number): void {
    this.forget(key)
    if (this.entries.length === this.#capacity) {
      const final = this.entries.filter(({ finalAt }) => finalAt !== null)
      const [oldest] = final.length > 0 ? final.sort((a, b) => a.finalAt! - b.finalAt!) : this.awaited
      this.forget(oldest!.key)
    }
    this.entries.push({ key, i, page, finalAt: null })
  }

  markFinal(key: string, now: number): void {
    for (const entry of this.entries) if (entry.key === key) entry.finalAt ??= now
  }

  forgetFinal(before: number): void {
    this.entries = this.entries.filter(({ finalAt }) => finalAt === null || finalAt >= before)
  }

  forget(key: string): void {
    this.entries = this.entries.filter((entry) => entry.key !== key)
  }
}
