import type { CampaignId, EpochMs, RouteId } from '../shared/ids.ts'
import type { Claim, PageFacts, ParkReason, Slice, UnplacedReceipt } from '../shared/ledger/facts.ts'
import { PageSummary } from '../shared/ledger/summary.ts'
import type { ClaimAnswer, ClaimBid, Hold, Ids, Ledger } from '../shared/ports.ts'
import {
  countBits,
  covers,
  finished,
  hasMoved,
  isHeldBy,
  mergeBits,
  refusalOf,
  takenBy,
} from './claim-rules.ts'
import { eachLimited } from './concurrency.ts'
import { absent, condition, update } from './expressions.ts'
import { docOf, type Item, key, number, numberOf, text, ttlAfter } from './items.ts'
import * as items from './ledger-items.ts'
import { Table, type TableOptions } from './table.ts'

const CLASSES = ['d', 'f', 'i'] as const
const MAX_BY_NUMBER = 100
const CONDITIONAL_PUTS_AT_ONCE = 32

/**
 * Claims are the only items of the ledger ever changed, each by one conditional write; only their end is put in
 * batches, because it is true whatever stands there. Every write may have been applied although its answer was lost
 * (the SDK then sends it again), so each condition that fails is followed by the question whether it failed because
 * the write is already there.
 */
export class DynamoLedger implements Ledger {
  readonly #table: Table
  readonly #ids: Ids
  readonly #ttlDays: number
  /** One token per bid: what tells a bid's own earlier write from another bid of the same owner. */
  readonly #tokens = new WeakMap<ClaimBid, string>()

  constructor(options: TableOptions & { ids: Ids; ttlDays: number }) {
    this.#table = new Table(options)
    this.#ids = options.ids
    this.#ttlDays = options.ttlDays
  }

  /**
   * One write for a batch nobody had before, which is nearly every batch; one more for a queued or abandoned one,
   * where the bits that stand there must be merged. Offering the same bid object again is a repeat, not a new bid.
   */
  async claim(bid: ClaimBid): Promise<ClaimAnswer> {
    const token = this.#tokenOf(bid)
    for (let before: Claim | null = null; ; ) {
      const claim = takenBy(bid, before)
      const answer = await this.#table.putIf(
        this.#claimItem(claim, before, token),
        before ? unchanged(before) : absent,
      )
      if (answer.done) return { granted: true, claim, before }
      const { item } = answer
      const found = item && items.claimOf(item, bid)
      if (found && found.state === 'held' && item.bid?.S === token) {
        return { granted: true, claim: found, before: claimBefore(item) }
      }
      const why = found && refusalOf(found, bid)
      if (why) return { granted: false, claim: found, why }
      before = found
    }
  }

  async reserve(hold: Hold, reserved: string): Promise<boolean> {
    for (let wanted = reserved; ; ) {
      // Bits only grow while a batch is held, so a delayed duplicate of an earlier call must not clear any.
      const bits = number(countBits(wanted))
      const found = await this.#whileHeld(hold, { reserved: text(wanted), bits }, { bits })
      if (found === 'done') return true
      if (found === null) return false
      if (covers(found.reserved, reserved)) return true
      wanted = mergeBits(found.reserved, reserved)
    }
  }

  async renew(hold: Hold, leaseUntil: EpochMs): Promise<boolean> {
    const lease = { leaseUntil: number(leaseUntil) }
    // A lease that ends later already was renewed by a later call: the hold stands.
    return (await this.#whileHeld(hold, lease, lease)) !== null
  }

  async park(hold: Hold, reserved: string, reason: ParkReason, notBefore: EpochMs): Promise<boolean> {
    return this.#move(hold, 'held', 'parked', {
      ...bitsAttributes(reserved),
      parkReason: text(reason),
      notBefore: number(notBefore),
    })
  }

  async release(hold: Hold, reserved: string): Promise<boolean> {
    return this.#move(hold, 'held', 'queued', bitsAttributes(reserved))
  }

  async finish(claims: readonly Claim[]): Promise<void> {
    await this.#table.putAll(
      claims.map((claim) =>
        this.#mortal({ ...items.claimKey(claim), ...items.claimAttributes(finished(claim)) }),
      ),
    )
  }

  async requeue(hold: Hold): Promise<boolean> {
    return this.#move(hold, 'parked', 'queued', {}, ['parkReason', 'notBefore'])
  }

  async append(slices: readonly Slice[]): Promise<void> {
    await this.#table.putAll(slices.map((slice) => this.#mortal(items.sliceItem(slice))))
  }

  async readPage(campaign: CampaignId, page: number): Promise<PageFacts> {
    const facts: PageFacts = { claims: [], slices: [] }
    const query = this.#table.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': text(items.pagePk(campaign, page)) },
    })
    for await (const item of query) {
      const slice = items.sliceOf(item, campaign, page)
      if (slice) facts.slices.push(slice)
      else if (items.isClaim(item)) facts.claims.push(items.claimOf(item, { campaign, page }))
    }
    return facts
  }

  async putUnplaced(receipts: readonly UnplacedReceipt[]): Promise<void> {
    for (const [route, some] of Map.groupBy(receipts, (receipt) => receipt.route)) {
      await this.#noteUnplaced(route, Math.max(...some.map(({ arrivedAt }) => arrivedAt)))
    }
    await this.#table.putAll(receipts.map((receipt) => this.#mortal(items.arrivalItem(receipt))))
    await eachLimited(receipts, CONDITIONAL_PUTS_AT_ONCE, async (receipt) => {
      await this.#table.putIf(this.#mortal(items.unplacedItem(receipt)), notEarlier(receipt.arrivedAt))
    })
  }

  async lastUnplacedAt(route: RouteId): Promise<EpochMs | null> {
    const item = await this.#table.get(items.lastUnplacedKey(route))
    return item && numberOf(item, 'arrivedAt')
  }

  /** Eventually consistent, at half the price: who looks, looks again later. */
  async findUnplaced(route: RouteId, idKeys: readonly string[]): Promise<UnplacedReceipt[]> {
    const keys = idKeys.flatMap((idKey) => CLASSES.map((name) => key(items.unplacedPk(route, idKey), name)))
    return (await this.#table.getAll(keys, { consistent: false })).map(items.receiptOf)
  }

  async unplacedByNumber(route: RouteId, msisdn: string): Promise<UnplacedReceipt[]> {
    const query = this.#table.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': text(items.numberPk(route, msisdn)) },
      ScanIndexForward: false,
      Limit: MAX_BY_NUMBER,
    })
    const found: UnplacedReceipt[] = []
    for await (const item of query) {
      found.push(items.receiptOf(item))
      if (found.length === MAX_BY_NUMBER) break
    }
    return found
  }

  async putSummary(campaign: CampaignId, page: number, summary: PageSummary): Promise<boolean> {
    const facts = number(summary.facts)
    const item = { ...items.summaryKey(campaign, page), facts, data: text(JSON.stringify(summary)) }
    const answer = await this.#table.putIf(
      this.#mortal(item),
      condition({ atMost: { facts }, orAbsent: true }),
    )
    return answer.done
  }

  async summaries(campaign: CampaignId): Promise<Map<number, PageSummary>> {
    const found = new Map<number, PageSummary>()
    const query = this.#table.query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sum)',
      ExpressionAttributeValues: { ':pk': text(campaign), ':sum': text('SUM#') },
    })
    for await (const item of query) found.set(items.pageOfSummary(item), docOf(item, 'data', PageSummary))
    return found
  }

  async #noteUnplaced(route: string, arrivedAt: EpochMs): Promise<void> {
    const item = { ...items.lastUnplacedKey(route), arrivedAt: number(arrivedAt) }
    await this.#table.putIf(this.#mortal(item), notEarlier(arrivedAt))
  }

  #tokenOf(bid: ClaimBid): string {
    const token = this.#tokens.get(bid) ?? this.#ids.ulid()
    this.#tokens.set(bid, token)
    return token
  }

  #mortal(item: Item): Item {
    return { ...item, ttl: ttlAfter(this.#table.now(), this.#ttlDays) }
  }

  /** `was` is kept so that a repeat can answer what the lost answer said. */
  #claimItem(claim: Claim, before: Claim | null, token: string): Item {
    const was = before ? { was: text(JSON.stringify(before)) } : {}
    return this.#mortal({
      ...items.claimKey(claim),
      ...items.claimAttributes(claim),
      ...was,
      bid: text(token),
    })
  }

  /** Changes attributes of a held claim; else answers the claim when the hold stands, null when it is lost. */
  async #whileHeld(hold: Hold, set: Item, atMost: Item): Promise<Claim | 'done' | null> {
    const when = { equal: { ...holdAttributes(hold), state: text('held') }, atMost }
    const answer = await this.#table.updateIf(items.claimKey(hold), update({ set, when }))
    if (answer.done) return 'done'
    const found = answer.item && items.claimOf(answer.item, hold)
    return found && isHeldBy(found, hold) ? found : null
  }

  async #move(
    hold: Hold,
    from: Claim['state'],
    to: Claim['state'],
    set: Item,
    remove: readonly string[] = [],
  ): Promise<boolean> {
    const moved = { ...set, state: text(to), gen: number(hold.gen + 1) }
    const when = { equal: { ...holdAttributes(hold), state: text(from) } }
    const answer = await this.#table.updateIf(items.claimKey(hold), update({ set: moved, remove, when }))
    if (answer.done) return true
    return answer.item !== null && hasMoved(items.claimOf(answer.item, hold), hold, to)
  }
}

/** The later arrival stays. */
const notEarlier = (arrivedAt: EpochMs) =>
  condition({ atMost: { arrivedAt: number(arrivedAt) }, orAbsent: true })

const holdAttributes = (hold: Hold): Item => ({ owner: text(hold.owner), gen: number(hold.gen) })

const bitsAttributes = (reserved: string): Item => ({
  reserved: text(reserved),
  bits: number(countBits(reserved)),
})

/** Everything an owner may still change without a new gen must be as it was seen, or the takeover is too late. */
function unchanged(before: Claim) {
  const { state, owner, gen, leaseUntil, reserved } = items.claimAttributes(before)
  return condition({ equal: { state, owner, gen, leaseUntil, reserved } as Item })
}

const claimBefore = (item: Item): Claim | null => (item.was?.S ? (JSON.parse(item.was.S) as Claim) : null)
