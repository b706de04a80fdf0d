import {
  countBits,
  finished,
  hasMoved,
  isHeldBy,
  mergeBits,
  refusalOf,
  takenBy,
} from '../../aws/claim-rules.ts'
import type { CampaignId, EpochMs, RouteId } from '../../shared/ids.ts'
import type { Claim, PageFacts, ParkReason, Slice, UnplacedReceipt } from '../../shared/ledger/facts.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import type { ClaimAnswer, ClaimBid, Hold, Ledger } from '../../shared/ports.ts'

const MAX_BY_NUMBER = 100

interface Entry {
  claim: Claim
  before: Claim | null
  /** The bid that won: the same object offered again is a repeat whose first answer was lost. None once finished. */
  bid: ClaimBid | null
}

/** The ledger in memory; every method answers with copies, as a network would. */
export class MemoryLedger implements Ledger {
  readonly #claims = new Map<string, Entry>()
  readonly #slices = new Map<string, Map<string, Slice>>()
  readonly #unplaced = new Map<string, UnplacedReceipt>()
  readonly #arrivals = new Map<string, UnplacedReceipt>()
  readonly #summaries = new Map<CampaignId, Map<number, PageSummary>>()

  async claim(bid: ClaimBid): Promise<ClaimAnswer> {
    const entry = this.#claims.get(batchOf(bid))
    if (entry && entry.bid === bid && entry.claim.state === 'held') return granted(entry)
    const before = entry?.claim ?? null
    const why = before && refusalOf(before, bid)
    if (before && why) return structuredClone({ granted: false, claim: before, why })
    const won: Entry = { claim: takenBy(bid, before), before, bid }
    this.#claims.set(batchOf(bid), won)
    return granted(won)
  }

  async reserve(hold: Hold, reserved: string): Promise<boolean> {
    return this.#whileHeld(hold, (claim) => {
      // Bits only grow while a batch is held: a late repeat of an earlier call must clear none.
      const grows = countBits(reserved) >= countBits(claim.reserved)
      return { ...claim, reserved: grows ? reserved : mergeBits(claim.reserved, reserved) }
    })
  }

  async renew(hold: Hold, leaseUntil: EpochMs): Promise<boolean> {
    return this.#whileHeld(hold, (claim) => ({
      ...claim,
      leaseUntil: Math.max(claim.leaseUntil, leaseUntil),
    }))
  }

  async park(hold: Hold, reserved: string, reason: ParkReason, notBefore: EpochMs): Promise<boolean> {
    return this.#move(hold, 'held', { state: 'parked', reserved, parked: { reason, notBefore } })
  }

  async release(hold: Hold, reserved: string): Promise<boolean> {
    return this.#move(hold, 'held', { state: 'queued', reserved, parked: null })
  }

  async finish(claims: readonly Claim[]): Promise<void> {
    for (const claim of structuredClone(claims)) {
      this.#claims.set(batchOf(claim), { claim: finished(claim), before: null, bid: null })
    }
  }

  async requeue(hold: Hold): Promise<boolean> {
    return this.#move(hold, 'parked', { state: 'queued', parked: null })
  }

  async append(slices: readonly Slice[]): Promise<void> {
    for (const slice of structuredClone(slices)) {
      const page = pageOf(slice.campaign, slice.page)
      const ofPage = this.#slices.get(page) ?? new Map<string, Slice>()
      ofPage.set(`${slice.kind}#${slice.owner}#${slice.n}`, slice)
      this.#slices.set(page, ofPage)
    }
  }

  async readPage(campaign: CampaignId, page: number): Promise<PageFacts> {
    const prefix = `${pageOf(campaign, page)}#`
    const claims = [...this.#claims].flatMap(([key, { claim }]) => (key.startsWith(prefix) ? [claim] : []))
    const slices = [...(this.#slices.get(pageOf(campaign, page))?.values() ?? [])]
    return structuredClone({ claims: claims.sort((a, b) => a.batch - b.batch), slices })
  }

  async putUnplaced(receipts: readonly UnplacedReceipt[]): Promise<void> {
    for (const receipt of structuredClone(receipts)) {
      const { route, idKey, msisdn, arrivedAt } = receipt
      const key = `${route}#${idKey}#${receipt.class}`
      const stored = this.#unplaced.get(key)
      if (!stored || stored.arrivedAt <= arrivedAt) this.#unplaced.set(key, receipt)
      this.#arrivals.set(`${route}#${msisdn}#${arrivedAt}#${idKey}`, receipt)
    }
  }

  async lastUnplacedAt(route: RouteId): Promise<EpochMs | null> {
    const arrivals = [...this.#unplaced.values()].filter((receipt) => receipt.route === route)
    return arrivals.length === 0 ? null : Math.max(...arrivals.map(({ arrivedAt }) => arrivedAt))
  }

  async findUnplaced(route: RouteId, idKeys: readonly string[]): Promise<UnplacedReceipt[]> {
    const wanted = new Set(idKeys)
    return structuredClone(
      [...this.#unplaced.values()].filter((receipt) => receipt.route === route && wanted.has(receipt.idKey)),
    )
  }

  async unplacedByNumber(route: RouteId, msisdn: string): Promise<UnplacedReceipt[]> {
    const found = [...this.#arrivals.values()].filter(
      (receipt) => receipt.route === route && receipt.msisdn === msisdn,
    )
    return structuredClone(found.sort((a, b) => b.arrivedAt - a.arrivedAt).slice(0, MAX_BY_NUMBER))
  }

  async putSummary(campaign: CampaignId, page: number, summary: PageSummary): Promise<boolean> {
    const ofCampaign = this.#summaries.get(campaign) ?? new Map<number, PageSummary>()
    this.#summaries.set(campaign, ofCampaign)
    const stored = ofCampaign.get(page)
    if (stored && stored.facts > summary.facts) return false
    ofCampaign.set(page, structuredClone(summary))
    return true
  }

  async summaries(campaign: CampaignId): Promise<Map<number, PageSummary>> {
    return structuredClone(this.#summaries.get(campaign) ?? new Map())
  }

  #whileHeld(hold: Hold, next: (claim: Claim) => Claim): boolean {
    const entry = this.#claims.get(batchOf(hold))
    if (!entry || !isHeldBy(entry.claim, hold)) return false
    entry.claim = next(entry.claim)
    return true
  }

  #move(hold: Hold, from: Claim['state'], change: Partial<Claim> & Pick<Claim, 'state'>): boolean {
    const entry = this.#claims.get(batchOf(hold))
    if (!entry) return false
    const { claim } = entry
    if (hasMoved(claim, hold, change.state)) return true
    if (claim.state !== from || claim.owner !== hold.owner || claim.gen !== hold.gen) return false
    entry.claim = { ...claim, ...change, gen: hold.gen + 1 }
    return true
  }
}

const pageOf = (campaign: CampaignId, page: number) => `${campaign}#${page}`
const batchOf = (key: { campaign: CampaignId; page: number; batch: number }) =>
  `${pageOf(key.campaign, key.page)}#${key.batch}`

const granted = ({ claim, before }: Entry): ClaimAnswer =>
  structuredClone({ granted: true as const, claim, before })
