import { suppressionKey } from '../../shared/campaign/plan-keys.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { Problem } from '../../shared/campaign/states.ts'
import type { Msisdn, PlanId, TenantId } from '../../shared/ids.ts'
import type { ObjectStore, Suppressions } from '../../shared/ports.ts'
import { suppressionApplies } from '../../shared/suppression/applies.ts'
import type { SuppressionEntry } from '../../shared/suppression/entry.ts'
import { joinPacked, type PackedEntries, packEntries } from '../../shared/suppression/entry-format.ts'
import { isLoaded, listedNumbers } from '../../shared/suppression/list.ts'
import {
  readSnapshot,
  type SuppressionSnapshot,
  suppressedBy,
  writeSnapshot,
} from '../../shared/suppression/snapshot.ts'
import { SuppressionSet } from '../../shared/suppression/suppression-set.ts'
import { listNumbers } from './list-numbers.ts'

interface SuppressedDeps {
  suppressions: Suppressions
  objects: ObjectStore
}

/** In lists and single entries together: a check takes at most half a gigabyte for so many. */
export const MAX_SUPPRESSED_NUMBERS = 20_000_000

/** Entries are read so many at a time. */
const ENTRIES_AT_ONCE = 1_000

/**
 * The numbers a check of this plan leaves out; what stood when it first began, however often it starts again. A problem
 * when they are too many.
 */
export async function suppressedNumbers(
  deps: SuppressedDeps,
  campaign: Pick<CampaignRecord, 'tenant' | 'id' | 'lane'>,
  plan: PlanId,
  maxNumbers: number = MAX_SUPPRESSED_NUMBERS,
): Promise<{ ok: true; suppressed: SuppressionSet } | { ok: false; problem: Problem }> {
  if (!suppressionApplies(campaign.lane)) {
    return { ok: true, suppressed: new SuppressionSet(new Float64Array()) }
  }
  const snapshot = await snapshotFor(deps, campaign, plan, maxNumbers)
  if (snapshot === null) return { ok: false, problem: tooMany(maxNumbers) }
  const lists: { statedAt: number; numbers: Float64Array }[] = []
  for (const list of snapshot.lists) {
    const numbers = await listNumbers(deps.objects, campaign.tenant, list)
    lists.push({ statedAt: list.statedAt, numbers })
  }
  return { ok: true, suppressed: new SuppressionSet(suppressedBy(lists, snapshot.entries)) }
}

/** That of an earlier start of this check, or a new one; null when there are more than `maxNumbers`. */
async function snapshotFor(
  { suppressions, objects }: SuppressedDeps,
  { tenant, id }: Pick<CampaignRecord, 'tenant' | 'id'>,
  plan: PlanId,
  maxNumbers: number,
): Promise<SuppressionSnapshot | null> {
  const key = suppressionKey(id, plan)
  const before = await objects.get(key)
  if (before) return readSnapshot(before.toString('utf8'))
  const lists = (await suppressions.lists(tenant)).filter(isLoaded)
  const entries = await allEntries(suppressions, tenant, maxNumbers - listedNumbers(lists))
  if (entries === null) return null
  const snapshot = { lists, entries }
  await objects.put(key, writeSnapshot(snapshot), { contentType: 'application/json' })
  return snapshot
}

/** Packed page by page, as objects a million entries take hundreds of megabytes. Null when there are more than `room`. */
async function allEntries(
  suppressions: Suppressions,
  tenant: TenantId,
  room: number,
): Promise<PackedEntries | null> {
  const pages: PackedEntries[] = []
  let count = 0
  let after: Msisdn | null = null
  do {
    const page: { items: SuppressionEntry[]; next: Msisdn | null } = await suppressions.entries(tenant, {
      limit: ENTRIES_AT_ONCE,
      ...(after !== null && { after }),
    })
    count += page.items.length
    if (count > room) return null
    pages.push(packEntries(page.items))
    after = page.next
  } while (after !== null)
  return joinPacked(pages)
}

const tooMany = (maxNumbers: number): Problem => ({
  code: 'suppression_full',
  message:
    `Lists and single entries together suppress more than ${maxNumbers} numbers, as many as a check can hold: remove ` +
    'lists that are out of date with DELETE /v1/suppressions/lists/{id}, and check again.',
})
