import { suppressionKey } from '../../shared/campaign/plan-keys.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { Msisdn, PlanId, TenantId } from '../../shared/ids.ts'
import type { ObjectStore, Suppressions } from '../../shared/ports.ts'
import { suppressionApplies } from '../../shared/suppression/applies.ts'
import type { SuppressionEntry } from '../../shared/suppression/entry.ts'
import { isLoaded } from '../../shared/suppression/list.ts'
import { SuppressionSnapshot, snapshotOf, suppressedBy } from '../../shared/suppression/snapshot.ts'
import { SuppressionSet } from '../../shared/suppression/suppression-set.ts'
import { listNumbers } from './list-numbers.ts'

interface SuppressedDeps {
  suppressions: Suppressions
  objects: ObjectStore
}

/** Entries are read so many at a time. */
const ENTRIES_AT_ONCE = 1_000

/** The numbers a check of this plan leaves out; what stood when it first began, however often it starts again. */
export async function suppressedNumbers(
  deps: SuppressedDeps,
  campaign: Pick<CampaignRecord, 'tenant' | 'id' | 'lane'>,
  plan: PlanId,
): Promise<SuppressionSet> {
  if (!suppressionApplies(campaign.lane)) return new SuppressionSet(new Float64Array())
  const snapshot = await snapshotFor(deps, campaign, plan)
  const numbers: Float64Array[] = []
  for (const list of snapshot.lists) numbers.push(await listNumbers(deps.objects, campaign.tenant, list))
  return new SuppressionSet(suppressedBy(snapshot, numbers))
}

async function snapshotFor(
  { suppressions, objects }: SuppressedDeps,
  { tenant, id }: Pick<CampaignRecord, 'tenant' | 'id'>,
  plan: PlanId,
): Promise<SuppressionSnapshot> {
  const key = suppressionKey(id, plan)
  const before = await objects.get(key)
  if (before) return SuppressionSnapshot.parse(JSON.parse(before.toString('utf8')))
  const [lists, entries] = await Promise.all([suppressions.lists(tenant), allEntries(suppressions, tenant)])
  const snapshot = snapshotOf(lists.filter(isLoaded), entries)
  await objects.put(key, JSON.stringify(snapshot), { contentType: 'application/json' })
  return snapshot
}

async function allEntries(suppressions: Suppressions, tenant: TenantId): Promise<SuppressionEntry[]> {
  const entries: SuppressionEntry[] = []
  let after: Msisdn | null = null
  do {
    const page: { items: SuppressionEntry[]; next: Msisdn | null } = await suppressions.entries(tenant, {
      limit: ENTRIES_AT_ONCE,
      ...(after !== null && { after }),
    })
    entries.push(...page.items)
    after = page.next
  } while (after !== null)
  return entries
}
