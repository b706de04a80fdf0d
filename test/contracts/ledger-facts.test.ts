import { beforeEach, describe, expect, it } from 'vitest'
import type { RouteId } from '../../shared/ids.ts'
import type { Ledger } from '../../shared/ports.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import {
  batchOf,
  bidFor,
  NOW,
  outcomes,
  receipts,
  someCampaign,
  someRoute,
  summary,
  unplaced,
} from './ledger.factory.ts'
import { ledgersOn } from './ledgers.ts'

const aws = withEmulators()

describe.each(ledgersOn(aws))('facts of a ledger %s', (_name, make) => {
  let ledger: Ledger
  beforeEach(() => {
    ledger = make()
  })

  describe('append and readPage', () => {
    it('gives back every slice of the page, and every claim', async () => {
      const campaign = someCampaign()
      const slices = [outcomes(campaign, 0), outcomes(campaign, 1), receipts(campaign, 0)]
      await ledger.append(slices)
      const { claim } = await ledger.claim(bidFor(batchOf(campaign, 3)))
      const facts = await ledger.readPage(campaign, 0)
      expect(facts.claims).toEqual([claim])
      expect(facts.slices).toHaveLength(3)
      expect(facts.slices).toEqual(expect.arrayContaining(slices))
    })

    it('writes more slices than one request takes', async () => {
      const campaign = someCampaign()
      await ledger.append(Array.from({ length: 120 }, (_, n) => outcomes(campaign, n)))
      const { slices } = await ledger.readPage(campaign, 0)
      expect(new Set(slices.map(({ n }) => n)).size).toBe(120)
    })

    it('reads a page of many megabytes to its end', async () => {
      const campaign = someCampaign()
      const rows = Array.from(
        { length: 2_000 },
        (_, i) => [0, i, 1, 1, 'accepted', `id-${i}`, NOW, NOW] as const,
      )
      await ledger.append(Array.from({ length: 30 }, (_, n) => outcomes(campaign, n, { rows } as never)))
      const { slices } = await ledger.readPage(campaign, 0)
      expect(slices.map((slice) => slice.rows.length)).toEqual(Array(30).fill(2_000))
    })

    it('keeps one slice when the same is written twice, even in one call', async () => {
      const campaign = someCampaign()
      await ledger.append([outcomes(campaign, 0), outcomes(campaign, 0)])
      await ledger.append([outcomes(campaign, 0)])
      expect((await ledger.readPage(campaign, 0)).slices).toEqual([outcomes(campaign, 0)])
    })

    it('keeps slices of different owners apart, the settler among them', async () => {
      const campaign = someCampaign()
      const slices = ['01BOOT', '02BOOT', 'R#gateway-a'].map((owner) => receipts(campaign, 0, { owner }))
      await ledger.append(slices)
      const found = (await ledger.readPage(campaign, 0)).slices
      expect(found.map(({ owner }) => owner).sort()).toEqual(['01BOOT', '02BOOT', 'R#gateway-a'])
    })

    it('reads one page only', async () => {
      const campaign = someCampaign()
      await ledger.append([outcomes(campaign, 0, { page: 1 }), outcomes(campaign, 0, { page: 11 })])
      expect((await ledger.readPage(campaign, 1)).slices).toHaveLength(1)
      expect(await ledger.readPage(campaign, 0)).toEqual({ claims: [], slices: [] })
    })
  })

  describe('unplaced receipts', () => {
    it('are found by the keys of their ids, of all classes, on their route only', async () => {
      const route = someRoute()
      const kept = [
        unplaced(route, 'a1'),
        unplaced(route, 'a1', { class: 'i', stat: 'ENROUTE' }),
        unplaced(route, 'a2', { class: 'f', stat: 'UNDELIV' }),
      ]
      await ledger.putUnplaced([...kept, unplaced(route, 'a3'), unplaced(someRoute(), 'a1')])
      const found = await ledger.findUnplaced(route as RouteId, ['a1', 'a2', 'a1', 'nobody'])
      expect(found).toHaveLength(3)
      expect(found).toEqual(expect.arrayContaining(kept))
    })

    it('are found among more ids than one request takes', async () => {
      const route = someRoute()
      const all = Array.from({ length: 90 }, (_, n) => unplaced(route, `id${n}`))
      await ledger.putUnplaced(all)
      const found = await ledger.findUnplaced(
        route as RouteId,
        all.map(({ idKey }) => idKey),
      )
      expect(found).toHaveLength(90)
    })

    it('keep the later arrival, whichever is written last', async () => {
      const route = someRoute()
      const early = unplaced(route, 'b1', { class: 'i', stat: 'ENROUTE', arrivedAt: NOW })
      const late = unplaced(route, 'b1', { class: 'i', stat: 'UNKNOWN', arrivedAt: NOW + 1 })
      await ledger.putUnplaced([late])
      await ledger.putUnplaced([early])
      expect(await ledger.findUnplaced(route as RouteId, ['b1'])).toEqual([late])
    })

    it('tell when the latest of their route arrived, whichever is written last', async () => {
      const route = someRoute()
      expect(await ledger.lastUnplacedAt(route as RouteId)).toBeNull()
      await ledger.putUnplaced([
        unplaced(route, 'e1', { arrivedAt: NOW + 2 }),
        unplaced(route, 'e2', { arrivedAt: NOW }),
        unplaced(someRoute(), 'e3', { arrivedAt: NOW + 9 }),
      ])
      await ledger.putUnplaced([unplaced(route, 'e4', { arrivedAt: NOW + 1 })])
      expect(await ledger.lastUnplacedAt(route as RouteId)).toBe(NOW + 2)
    })

    it('are listed by number, newest first, at most a hundred', async () => {
      const route = someRoute()
      const all = Array.from({ length: 120 }, (_, n) => unplaced(route, `c${n}`, { arrivedAt: NOW + n }))
      await ledger.putUnplaced([...all, unplaced(route, 'd', { msisdn: '919999999999' })])
      const listed = await ledger.unplacedByNumber(route as RouteId, '919876543210')
      expect(listed).toEqual(all.reverse().slice(0, 100))
    })
  })

  describe('summaries', () => {
    it('are read back by page', async () => {
      const campaign = someCampaign()
      await ledger.putSummary(campaign, 0, summary(5))
      await ledger.putSummary(campaign, 199, summary(7, { settled: true }))
      expect(await ledger.summaries(campaign)).toEqual(
        new Map([
          [0, summary(5)],
          [199, summary(7, { settled: true })],
        ]),
      )
    })

    it('are not replaced by one that saw fewer facts', async () => {
      const campaign = someCampaign()
      await ledger.putSummary(campaign, 0, summary(5))
      expect(await ledger.putSummary(campaign, 0, summary(4))).toBe(false)
      expect((await ledger.summaries(campaign)).get(0)).toEqual(summary(5))
    })

    it('are replaced by one that saw as many or more', async () => {
      const campaign = someCampaign()
      await ledger.putSummary(campaign, 0, summary(5))
      expect(await ledger.putSummary(campaign, 0, summary(5, { lookups: 1 }))).toBe(true)
      expect(await ledger.putSummary(campaign, 0, summary(6))).toBe(true)
      expect((await ledger.summaries(campaign)).get(0)).toEqual(summary(6))
    })

    it('of a campaign nobody folded yet are none', async () => {
      expect((await ledger.summaries(someCampaign())).size).toBe(0)
    })
  })
})
