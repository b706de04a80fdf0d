import type { CampaignRecord, CampaignSummary, Progress } from '../shared/campaign/record.ts'
import { DUE_INDEX } from '../shared/contracts/wiring.ts'
import { Conflict } from '../shared/errors.ts'
import type { CampaignId, EpochMs, PlanId, TenantId } from '../shared/ids.ts'
import type { Ids, Registry } from '../shared/ports.ts'
import {
  CAMPAIGN_SK,
  campaignItem,
  campaignKey,
  campaignOf,
  DUE_BUCKETS,
  summaryOf,
  tenantPk,
} from './campaign-items.ts'
import { absent, condition, update } from './expressions.ts'
import { type Item, number, numberOf, text } from './items.ts'
import type { Table, WriteAnswer } from './table.ts'

type Campaigns = Pick<
  Registry,
  'createCampaign' | 'campaign' | 'updateCampaign' | 'campaigns' | 'noteProgress' | 'dueCampaigns'
>

/** The campaigns of the registry: a document under optimistic locking, and a sparse index of what is due. */
export class DynamoCampaigns implements Campaigns {
  readonly #table: Table
  readonly #ids: Ids

  constructor(table: Table, ids: Ids) {
    this.#table = table
    this.#ids = ids
  }

  async createCampaign(campaign: CampaignRecord): Promise<void> {
    const signed = this.#signed(campaign)
    const answer = await this.#table.putIf(signed, absent)
    if (!isWritten(answer, signed)) {
      throw new Conflict('campaign_exists', `Campaign ${campaign.id} exists already.`)
    }
  }

  async campaign(tenant: TenantId, id: CampaignId): Promise<CampaignRecord | null> {
    const item = await this.#table.get(campaignKey(tenant, id))
    return item && campaignOf(item)
  }

  async updateCampaign(campaign: CampaignRecord): Promise<CampaignRecord> {
    const next = { ...campaign, rev: campaign.rev + 1 }
    const signed = this.#signed(next)
    const answer = await this.#table.putIf(signed, condition({ equal: { rev: number(campaign.rev) } }))
    if (isWritten(answer, signed)) return next
    throw new Conflict('campaign_changed', `Campaign ${campaign.id} has changed: read it again.`, {
      retryable: true,
    })
  }

  async campaigns(
    tenant: TenantId,
    { limit, before }: { limit: number; before?: string },
  ): Promise<{ items: CampaignRecord[]; next: string | null }> {
    const query = this.#table.query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :campaign)',
      ExpressionAttributeValues: { ':pk': text(tenantPk(tenant)), ':campaign': text(CAMPAIGN_SK) },
      ScanIndexForward: false,
      Limit: limit + 1,
      ...(before === undefined ? {} : { ExclusiveStartKey: campaignKey(tenant, before) }),
    })
    const items: CampaignRecord[] = []
    for await (const item of query) {
      if (items.length === limit) return { items, next: items.at(-1)?.id ?? null }
      items.push(campaignOf(item))
    }
    return { items, next: null }
  }

  async noteProgress(tenant: TenantId, id: CampaignId, plan: PlanId, progress: Progress): Promise<void> {
    const set = { progress: text(JSON.stringify(progress)) }
    const when = { equal: { checkingPlan: text(plan) } }
    await this.#table.updateIf(campaignKey(tenant, id), update({ set, when }))
  }

  async dueCampaigns(now: EpochMs, limit: number): Promise<CampaignSummary[]> {
    const due = (await Promise.all(DUE_BUCKETS.map((bucket) => this.#dueIn(bucket, now, limit)))).flat()
    const oldestFirst = due.sort((a, b) => numberOf(a, DUE_INDEX.range) - numberOf(b, DUE_INDEX.range))
    return oldestFirst.slice(0, limit).map(summaryOf)
  }

  async #dueIn(bucket: string, now: EpochMs, limit: number): Promise<Item[]> {
    const query = this.#table.query({
      IndexName: DUE_INDEX.name,
      KeyConditionExpression: '#bucket = :bucket AND #dueAt <= :now',
      ExpressionAttributeNames: { '#bucket': DUE_INDEX.hash, '#dueAt': DUE_INDEX.range },
      ExpressionAttributeValues: { ':bucket': text(bucket), ':now': number(now) },
      Limit: limit,
    })
    const due: Item[] = []
    for await (const item of query) {
      due.push(item)
      if (due.length === limit) break
    }
    return due
  }

  /** Every write carries its own name, by which a repeat whose first answer was lost knows it succeeded. */
  #signed(campaign: CampaignRecord): Item {
    return { ...campaignItem(campaign), write: text(this.#ids.ulid()) }
  }
}

const isWritten = (answer: WriteAnswer, signed: Item): boolean =>
  answer.done || answer.item?.write?.S === signed.write?.S
