import { beforeEach, describe, expect, it } from 'vitest'
import { FINAL_GEN } from '../../aws/claim-rules.ts'
import type { Ledger } from '../../shared/ports.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import {
  ABANDONED,
  batchOf,
  bidFor,
  holdOf,
  LEASE_MS,
  NOW,
  someCampaign,
  someOwner,
} from './ledger.factory.ts'
import { ledgersOn } from './ledgers.ts'

const aws = withEmulators()

describe.each(ledgersOn(aws))('claims of a ledger %s', (_name, make) => {
  let ledger: Ledger
  beforeEach(() => {
    ledger = make()
  })

  const stored = async ({ campaign, page, batch }: ReturnType<typeof batchOf>) => {
    const { claims } = await ledger.readPage(campaign, page)
    return claims.find((claim) => claim.batch === batch)
  }

  describe('claim', () => {
    it('grants a batch nobody had, reserving the bits it asks for', async () => {
      const batch = batchOf(someCampaign(), 7, 12)
      const bid = bidFor(batch, { reserve: '1100' })
      const answer = await ledger.claim(bid)
      const { owner, leaseUntil, lineHash } = bid
      expect(answer).toEqual({
        granted: true,
        before: null,
        claim: {
          ...batch,
          owner,
          leaseUntil,
          lineHash,
          state: 'held',
          parked: null,
          gen: 1,
          crashes: 0,
          reserved: '1100',
        },
      })
      expect(await stored(batch)).toEqual(answer.claim)
    })

    it('tells another owner that the lease is live, up to the end of its grace', async () => {
      const batch = batchOf(someCampaign())
      const first = await ledger.claim(bidFor(batch))
      const second = await ledger.claim(bidFor(batch, { now: ABANDONED - 1 }))
      expect(second).toEqual({ granted: false, claim: first.claim, why: 'live' })
    })

    it('tells the owner itself that the lease is live when it bids again', async () => {
      const batch = batchOf(someCampaign())
      const owner = someOwner()
      await ledger.claim(bidFor(batch, { owner }))
      expect(await ledger.claim(bidFor(batch, { owner }))).toMatchObject({ granted: false, why: 'live' })
    })

    it('grants the very same bid again, because its first answer may have been lost', async () => {
      const bid = bidFor(batchOf(someCampaign()))
      const first = await ledger.claim(bid)
      expect(await ledger.claim(bid)).toEqual(first)
    })

    it('says again what stood there when the lost answer was that of a takeover', async () => {
      const batch = batchOf(someCampaign())
      const abandoned = await ledger.claim(bidFor(batch, { reserve: '1000' }))
      const bid = bidFor(batch, { now: ABANDONED })
      await ledger.claim(bid)
      expect(await ledger.claim(bid)).toMatchObject({ granted: true, before: abandoned.claim })
    })

    it('takes over an abandoned lease, counting the crash and keeping every reserved bit', async () => {
      const batch = batchOf(someCampaign())
      const first = await ledger.claim(bidFor(batch, { reserve: '1010' }))
      const second = await ledger.claim(bidFor(batch, { now: ABANDONED, reserve: '0011' }))
      expect(second).toMatchObject({
        granted: true,
        before: first.claim,
        claim: { gen: 2, crashes: 1, reserved: '1011' },
      })
      expect(await stored(batch)).toEqual(second.claim)
    })

    it('leaves a lease alone that was renewed in time', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      await ledger.renew(hold, ABANDONED)
      expect(await ledger.claim(bidFor(batch, { now: ABANDONED }))).toMatchObject({
        granted: false,
        why: 'live',
      })
    })

    it('grants a released batch at once, with the bits that stayed and no crash', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch, { reserve: '1111' })))
      await ledger.release(hold, '0100')
      expect(await ledger.claim(bidFor(batch, { reserve: '1000' }))).toMatchObject({
        granted: true,
        before: { state: 'queued', reserved: '0100', gen: 2 },
        claim: { state: 'held', reserved: '1100', gen: 3, crashes: 0 },
      })
    })

    it('refuses a copy whose line is another one', async () => {
      const batch = batchOf(someCampaign())
      await ledger.claim(bidFor(batch))
      const other = bidFor(batch, { lineHash: 'b'.repeat(64), now: ABANDONED })
      expect(await ledger.claim(other)).toMatchObject({ granted: false, why: 'mismatch' })
    })

    it('refuses a finished batch for ever', async () => {
      const batch = batchOf(someCampaign())
      await ledger.finish([(await ledger.claim(bidFor(batch))).claim])
      const answer = await ledger.claim(bidFor(batch, { now: ABANDONED }))
      expect(answer).toMatchObject({ granted: false, why: 'finished' })
    })

    it('refuses a parked batch until the feeder has put it back', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      await ledger.park(hold, '0000', 'hours', ABANDONED)
      expect(await ledger.claim(bidFor(batch, { now: ABANDONED }))).toMatchObject({
        granted: false,
        why: 'parked',
      })
      await ledger.requeue({ ...hold, gen: hold.gen + 1 })
      expect(await ledger.claim(bidFor(batch, { now: ABANDONED }))).toMatchObject({ granted: true })
    })

    it.each([
      ['new', async () => {}],
      ['abandoned', async (batch: ReturnType<typeof batchOf>) => void (await ledger.claim(bidFor(batch)))],
      [
        'released',
        async (batch: ReturnType<typeof batchOf>) =>
          void (await ledger.release(holdOf(await ledger.claim(bidFor(batch))), '0000')),
      ],
    ])('gives a %s batch to exactly one of many who bid at once', async (_state, prepare) => {
      const batch = batchOf(someCampaign())
      await prepare(batch)
      const bids = Array.from({ length: 12 }, () => bidFor(batch, { now: ABANDONED }))
      const answers = await Promise.all(bids.map((bid) => ledger.claim(bid)))
      const winners = answers.filter((answer) => answer.granted)
      expect(winners).toHaveLength(1)
      expect(await stored(batch)).toEqual(winners[0]?.claim)
    })
  })

  describe('reserve', () => {
    it('sets bits and is repeatable', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      expect(await ledger.reserve(hold, '1100')).toBe(true)
      expect(await ledger.reserve(hold, '1100')).toBe(true)
      expect(await stored(batch)).toMatchObject({ reserved: '1100', gen: 1 })
    })

    it('clears no bit when an earlier call arrives late', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      await ledger.reserve(hold, '1110')
      expect(await ledger.reserve(hold, '1000')).toBe(true)
      expect(await stored(batch)).toMatchObject({ reserved: '1110' })
    })

    it('keeps bits it does not name', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch, { reserve: '1100' })))
      expect(await ledger.reserve(hold, '0010')).toBe(true)
      expect(await stored(batch)).toMatchObject({ reserved: '1110' })
    })

    it('is refused once somebody took over, and changes nothing', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      await ledger.claim(bidFor(batch, { now: ABANDONED }))
      expect(await ledger.reserve(hold, '1111')).toBe(false)
      expect(await stored(batch)).toMatchObject({ reserved: '0000', gen: 2 })
    })
  })

  describe('renew', () => {
    it('moves the end of the lease without a new gen', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      expect(await ledger.renew(hold, NOW + 2 * LEASE_MS)).toBe(true)
      expect(await stored(batch)).toMatchObject({ leaseUntil: NOW + 2 * LEASE_MS, gen: 1 })
    })

    it('never shortens a lease: an earlier renewal that arrives late is ignored', async () => {
      const batch = batchOf(someCampaign())
      const hold = holdOf(await ledger.claim(bidFor(batch)))
      await ledger.renew(hold, NOW + 3 * LEASE_MS)
      expect(await ledger.renew(hold, NOW + 2 * LEASE_MS)).toBe(true)
      expect(await stored(batch)).toMatchObject({ leaseUntil: NOW + 3 * LEASE_MS })
    })
  })

  describe('the moves out of a hold', () => {
    const moves = {
      park: (hold: ReturnType<typeof holdOf>) => ledger.park(hold, '0100', 'route', NOW + 1),
      release: (hold: ReturnType<typeof holdOf>) => ledger.release(hold, '0100'),
    }
    const ends = {
      park: { state: 'parked', reserved: '0100', parked: { reason: 'route', notBefore: NOW + 1 }, gen: 2 },
      release: { state: 'queued', reserved: '0100', parked: null, gen: 2 },
    }

    describe.each(['park', 'release'] as const)('%s', (move) => {
      it('ends the hold, one gen on', async () => {
        const batch = batchOf(someCampaign())
        const hold = holdOf(await ledger.claim(bidFor(batch, { reserve: '1111' })))
        expect(await moves[move](hold)).toBe(true)
        expect(await stored(batch)).toMatchObject({ ...ends[move], owner: hold.owner })
      })

      it('answers true again when its first answer was lost', async () => {
        const batch = batchOf(someCampaign())
        const hold = holdOf(await ledger.claim(bidFor(batch)))
        await moves[move](hold)
        expect(await moves[move](hold)).toBe(true)
        expect(await stored(batch)).toMatchObject({ gen: 2 })
      })

      it('is refused to who lost the batch', async () => {
        const batch = batchOf(someCampaign())
        const hold = holdOf(await ledger.claim(bidFor(batch)))
        await ledger.claim(bidFor(batch, { now: ABANDONED }))
        expect(await moves[move](hold)).toBe(false)
        expect(await stored(batch)).toMatchObject({ state: 'held', gen: 2 })
      })

      it('is refused where there is no claim', async () => {
        const hold = { ...batchOf(someCampaign()), owner: someOwner(), gen: 1 }
        expect(await moves[move](hold)).toBe(false)
      })

      it('leaves nothing to extend', async () => {
        const hold = holdOf(await ledger.claim(bidFor(batchOf(someCampaign()))))
        await moves[move](hold)
        expect(await ledger.renew(hold, ABANDONED)).toBe(false)
        expect(await ledger.reserve(hold, '1111')).toBe(false)
      })
    })
  })

  describe('finish', () => {
    const claimed = async (batch = batchOf(someCampaign())) =>
      (await ledger.claim(bidFor(batch, { reserve: '1100' }))).claim

    it('ends the hold for ever, with the bits as they are at the end', async () => {
      const claim = await claimed()
      await ledger.finish([{ ...claim, reserved: '1111' }])
      expect(await stored(claim)).toEqual({ ...claim, state: 'finished', reserved: '1111', gen: FINAL_GEN })
    })

    it('ends many batches at once, and is repeatable', async () => {
      const campaign = someCampaign()
      const claims = []
      for (let batch = 0; batch < 30; batch++) claims.push(await claimed(batchOf(campaign, batch)))
      await ledger.finish(claims)
      await ledger.finish(claims)
      const page = await ledger.readPage(campaign, 0)
      expect(page.claims.map(({ state }) => state)).toEqual(claims.map(() => 'finished'))
    })

    it('stands whoever has the batch by now: every message has its outcome, so nothing is left to send', async () => {
      const claim = await claimed()
      const takeover = holdOf(await ledger.claim(bidFor(claim, { now: ABANDONED })))
      await ledger.finish([claim])
      expect(await ledger.renew(takeover, ABANDONED + LEASE_MS)).toBe(false)
      expect(await ledger.reserve(takeover, '1111')).toBe(false)
      expect(await ledger.park(takeover, '0000', 'retry', ABANDONED)).toBe(false)
      expect(await ledger.release(takeover, '0000')).toBe(false)
      expect(await stored(claim)).toMatchObject({ state: 'finished' })
    })

    it('counts as a change after all others, so that a fold which saw it is the newer one', async () => {
      const claim = await claimed()
      const taken = await ledger.claim(bidFor(claim, { now: ABANDONED }))
      await ledger.finish([claim])
      expect((await stored(claim))!.gen).toBeGreaterThan(taken.claim.gen)
    })
  })

  describe('requeue', () => {
    const parked = async () => {
      const hold = holdOf(await ledger.claim(bidFor(batchOf(someCampaign()))))
      await ledger.park(hold, '0010', 'paused', NOW)
      return { ...hold, gen: hold.gen + 1 }
    }

    it('puts a parked batch back into the queue, keeping its bits', async () => {
      const hold = await parked()
      expect(await ledger.requeue(hold)).toBe(true)
      expect(await stored(hold)).toMatchObject({ state: 'queued', parked: null, reserved: '0010', gen: 3 })
    })

    it('answers true again when its first answer was lost', async () => {
      const hold = await parked()
      await ledger.requeue(hold)
      expect(await ledger.requeue(hold)).toBe(true)
    })

    it('is refused for another gen than the one that was parked', async () => {
      const hold = await parked()
      expect(await ledger.requeue({ ...hold, gen: hold.gen - 1 })).toBe(false)
      expect(await stored(hold)).toMatchObject({ state: 'parked' })
    })
  })
})
