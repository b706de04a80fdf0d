import type { Claim } from '../shared/ledger/facts.ts'
import type { ClaimAnswer, ClaimBid, Hold } from '../shared/ports.ts'

/*
 * The life of a batch's claim:
 *
 *   (none) ──claim──▶ held ──finish──▶ finished, for ever
 *                     │  ▲ ▲
 *                park │  │ └─ claim, by another owner once the lease and its grace are over: crashes + 1
 *                     ▼  │
 *                 parked │ claim
 *                     │  │
 *             requeue ▼  │
 *                   queued ◀──release── held
 *
 * Each arrow makes gen one greater. `reserve` and `renew` do not: they belong to the hold they extend. `finish` is the
 * only one that asks for no condition, as nothing can make it untrue; its gen is above all others, so that whoever
 * counts changes by gens sees one more, even where another owner had moved the claim meanwhile.
 */

/** The gen of every finished claim. No claim moves a million times. */
export const FINAL_GEN = 1_000_000

/** Why a bid cannot have the batch; null when it can. */
export function refusalOf(
  claim: Claim,
  bid: ClaimBid,
): Extract<ClaimAnswer, { granted: false }>['why'] | null {
  if (claim.lineHash !== bid.lineHash) return 'mismatch'
  if (claim.state === 'finished' || claim.state === 'parked') return claim.state
  if (claim.state === 'held' && claim.leaseUntil + bid.takeoverGraceMs >= bid.now) return 'live'
  return null
}

/** The claim as the bidder holds it, after what stood there before. */
export function takenBy(bid: ClaimBid, before: Claim | null): Claim {
  const takeover = before?.state === 'held'
  return {
    campaign: bid.campaign,
    page: bid.page,
    batch: bid.batch,
    state: 'held',
    owner: bid.owner,
    gen: (before?.gen ?? 0) + 1,
    crashes: (before?.crashes ?? 0) + (takeover ? 1 : 0),
    leaseUntil: bid.leaseUntil,
    reserved: mergeBits(before?.reserved ?? '', bid.reserve),
    lineHash: bid.lineHash,
    parked: null,
  }
}

/** The claim of a batch whose every message has its outcome. */
export const finished = (claim: Claim): Claim => ({
  ...claim,
  state: 'finished',
  gen: FINAL_GEN,
  parked: null,
})

export const isHeldBy = (claim: Claim, hold: Hold): boolean =>
  claim.state === 'held' && claim.owner === hold.owner && claim.gen === hold.gen

/** A repeat whose first answer was lost finds the claim already there, one generation on. */
export const hasMoved = (claim: Claim, hold: Hold, to: Claim['state']): boolean =>
  claim.state === to && claim.owner === hold.owner && claim.gen === hold.gen + 1

export const countBits = (bits: string): number => bits.split('1').length - 1

export function mergeBits(a: string, b: string): string {
  if (a === '') return b
  const length = Math.max(a.length, b.length)
  return Array.from({ length }, (_, i) => (a[i] === '1' || b[i] === '1' ? '1' : '0')).join('')
}

/** Whether every bit of `bits` is set in `among`. */
export const covers = (among: string, bits: string): boolean =>
  [...bits].every((bit, i) => bit !== '1' || among[i] === '1')
