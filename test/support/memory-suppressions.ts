import { Conflict } from '../../shared/errors.ts'
import type { EpochMs, Msisdn, TenantId } from '../../shared/ids.ts'
import type { Clock, Suppressions } from '../../shared/ports.ts'
import { STATEMENT_LOG_DAYS, type SuppressionEntry, statementOrder } from '../../shared/suppression/entry.ts'
import type { SuppressionList } from '../../shared/suppression/list.ts'

const DAY_MS = 86_400_000

/** Suppressions in memory: copies in, copies out. */
export class MemorySuppressions implements Suppressions {
  readonly #clock: Clock
  readonly #entries = new Map<TenantId, Map<Msisdn, SuppressionEntry>>()
  readonly #log: { tenant: TenantId; msisdn: Msisdn; writtenAt: EpochMs }[] = []
  readonly #lists = new Map<TenantId, Map<string, SuppressionList>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async putEntry(tenant: TenantId, entry: SuppressionEntry) {
    this.#log.push({ tenant, msisdn: entry.msisdn, writtenAt: this.#clock.now() })
    const entries = of(this.#entries, tenant)
    const standing = entries.get(entry.msisdn)
    if (standing && statementOrder(standing) > statementOrder(entry)) return
    entries.set(entry.msisdn, structuredClone(entry))
  }
  async entry(tenant: TenantId, msisdn: Msisdn) {
    return (await this.entriesOf(tenant, [msisdn])).get(msisdn) ?? null
  }
  async entriesOf(tenant: TenantId, msisdns: readonly Msisdn[]) {
    const entries = of(this.#entries, tenant)
    const found = msisdns.flatMap((msisdn) => entries.get(msisdn) ?? [])
    return new Map(structuredClone(found).map((entry) => [entry.msisdn, entry]))
  }
  async entries(tenant: TenantId, { limit, after = '' as Msisdn }: { limit: number; after?: Msisdn }) {
    const all = [...of(this.#entries, tenant).values()].sort((a, b) => (a.msisdn < b.msisdn ? -1 : 1))
    const rest = structuredClone(all.filter(({ msisdn }) => msisdn > after))
    const items = rest.slice(0, limit)
    return { items, next: rest.length > limit ? (items.at(-1)?.msisdn ?? null) : null }
  }
  async changedSince(tenant: TenantId, since: EpochMs) {
    const keptSince = this.#clock.now() - (STATEMENT_LOG_DAYS + 1) * DAY_MS
    const from = Math.max(since, keptSince)
    const changed = this.#log.filter((line) => line.tenant === tenant && line.writtenAt >= from)
    return new Set(changed.map(({ msisdn }) => msisdn))
  }

  async createList(tenant: TenantId, list: SuppressionList) {
    const lists = of(this.#lists, tenant)
    if (lists.has(list.id)) {
      throw new Conflict('suppression_list_exists', `Suppression list ${list.id} exists already.`)
    }
    lists.set(list.id, structuredClone(list))
  }
  async list(tenant: TenantId, id: string) {
    return structuredClone(of(this.#lists, tenant).get(id)) ?? null
  }
  async lists(tenant: TenantId) {
    const lists = [...of(this.#lists, tenant).values()]
    return structuredClone(lists).sort((a, b) => (a.id < b.id ? -1 : 1))
  }
  async updateList(tenant: TenantId, list: SuppressionList) {
    const lists = of(this.#lists, tenant)
    if (lists.get(list.id)?.rev !== list.rev) {
      throw new Conflict(
        'suppression_list_changed',
        `Suppression list ${list.id} has changed: read it again.`,
        {
          retryable: true,
        },
      )
    }
    const stored = { ...structuredClone(list), rev: list.rev + 1 }
    lists.set(list.id, stored)
    return structuredClone(stored)
  }
}

/** What is kept of a tenant. */
function of<K, V>(all: Map<TenantId, Map<K, V>>, tenant: TenantId): Map<K, V> {
  const kept = all.get(tenant) ?? new Map<K, V>()
  all.set(tenant, kept)
  return kept
}
