import type { PageShape } from '../shared/campaign/plan.ts'
import { shapeKey } from '../shared/campaign/plan-keys.ts'
import type { RouteConfig } from '../shared/contracts/route.ts'
import type { CampaignId, PlanId, PoolId } from '../shared/ids.ts'
import type { FoldOptions } from '../shared/ledger/fold.ts'
import type { Clock, ObjectStore, Registry } from '../shared/ports.ts'
import { type CampaignLocator, readLocator } from './campaign-locator.ts'
import { LruCache } from './lru-cache.ts'
import { readPageShape } from './plan-pages.ts'

/** A shape takes some 15 KB: a million recipients' worth of them 3 MB. */
const SHAPES = 1_000
const LOCATORS = 1_000
/** Configuration is read again this often: a route added to a pool must be noticed. */
const POOL_AGE_MS = 60_000

export interface PoolFacts {
  receipts: FoldOptions['receipts']
  routes: readonly RouteConfig[]
}

/** What folding must know beside the facts: plans, which never change, and pools, which rarely do. Kept in memory. */
export class PlanLibrary {
  readonly #registry: Registry
  readonly #clock: Clock
  readonly #locators: LruCache<CampaignLocator>
  readonly #shapes: LruCache<PageShape>
  readonly #pools = new Map<PoolId, { facts: PoolFacts; readAtMs: number }>()

  constructor(deps: { objects: ObjectStore; registry: Registry; clock: Clock }) {
    this.#registry = deps.registry
    this.#clock = deps.clock
    this.#locators = new LruCache(LOCATORS, (campaign) => readLocator(deps.objects, campaign as CampaignId))
    this.#shapes = new LruCache(SHAPES, (key) => readPageShape(deps.objects, key))
  }

  /** @throws NotFound `campaign_not_fed` */
  locator(campaign: CampaignId): Promise<CampaignLocator> {
    return this.#locators.get(campaign)
  }

  /** @throws NotFound `plan_page_missing` */
  shape(campaign: CampaignId, plan: PlanId, page: number): Promise<PageShape> {
    return this.#shapes.get(shapeKey(campaign, plan, page))
  }

  /** A pool that was removed is read as the default: one receipt per part. */
  async pool(id: PoolId): Promise<PoolFacts> {
    const known = this.#pools.get(id)
    const nowMs = this.#clock.monotonicMs()
    if (known && nowMs - known.readAtMs < POOL_AGE_MS) return known.facts
    const [pool, routes] = await Promise.all([this.#registry.pool(id), this.#registry.routes()])
    const facts = {
      receipts: pool?.receipts ?? ('part' as const),
      routes: routes.filter((route) => route.pool === id),
    }
    this.#pools.set(id, { facts, readAtMs: nowMs })
    return facts
  }
}
