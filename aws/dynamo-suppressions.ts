import { Conflict } from '../shared/errors.ts'
import { type EpochMs, Msisdn, type TenantId } from '../shared/ids.ts'
import type { Ids, Suppressions } from '../shared/ports.ts'
import { STATEMENT_LOG_DAYS, SuppressionEntry, statementOrder } from '../shared/suppression/entry.ts'
import { SuppressionList } from '../shared/suppression/list.ts'
import { tenantPk } from './campaign-items.ts'
import { absent, condition } from './expressions.ts'
import { docItem, docOf, type Item, key, number, padded, text, textOf, ttlAfter } from './items.ts'
import { Table, type TableOptions, type WriteAnswer } from './table.ts'

/** Where everything is kept, in the registry's table. The log has an item for each statement, by when it was written. */
const keys = {
  entry: (tenant: TenantId, msisdn: string) => key(`${tenantPk(tenant)}#SUPPRESS`, msisdn),
  log: (tenant: TenantId, writtenAt: EpochMs, msisdn: string) =>
    key(`${tenantPk(tenant)}#SUPPRESS-LOG`, `${padded(writtenAt, LOG_TIME_DIGITS)}#${msisdn}`),
  list: (tenant: TenantId, id: string) => key(`${tenantPk(tenant)}#SUPPRESS-LISTS`, id),
}
const LOG_TIME_DIGITS = 15

export class DynamoSuppressions implements Suppressions {
  readonly #table: Table
  readonly #ids: Ids

  constructor(options: TableOptions & { ids: Ids }) {
    this.#table = new Table(options)
    this.#ids = options.ids
  }

  /** The log first: of a statement that is logged and not written, a reader finds that nothing has changed. */
  async putEntry(tenant: TenantId, entry: SuppressionEntry): Promise<void> {
    const now = this.#table.now()
    await this.#table.put({ ...keys.log(tenant, now, entry.msisdn), ttl: ttlAfter(now, STATEMENT_LOG_DAYS) })
    const order = number(statementOrder(entry))
    const item = { ...docItem(keys.entry(tenant, entry.msisdn), entry), order }
    await this.#table.putIf(item, condition({ atMost: { order }, orAbsent: true }))
  }

  async entry(tenant: TenantId, msisdn: Msisdn): Promise<SuppressionEntry | null> {
    const item = await this.#table.get(keys.entry(tenant, msisdn))
    return item && entryOf(item)
  }

  async entriesOf(tenant: TenantId, msisdns: readonly Msisdn[]): Promise<Map<Msisdn, SuppressionEntry>> {
    const at = msisdns.map((msisdn) => keys.entry(tenant, msisdn))
    const entries = (await this.#table.getAll(at, { consistent: true })).map(entryOf)
    return new Map(entries.map((entry) => [entry.msisdn, entry]))
  }

  async entries(tenant: TenantId, { limit, after }: { limit: number; after?: Msisdn }) {
    const query = this.#table.query({
      ...ofPartition(keys.entry(tenant, '').pk.S),
      Limit: limit + 1,
      ...(after !== undefined && { ExclusiveStartKey: keys.entry(tenant, after) }),
    })
    const items: SuppressionEntry[] = []
    for await (const item of query) {
      if (items.length === limit) return { items, next: items.at(-1)?.msisdn ?? null }
      items.push(entryOf(item))
    }
    return { items, next: null }
  }

  async changedSince(tenant: TenantId, since: EpochMs): Promise<Set<Msisdn>> {
    const { pk, sk } = keys.log(tenant, since, '')
    const query = this.#table.query({
      KeyConditionExpression: 'pk = :pk AND sk >= :since',
      ExpressionAttributeValues: { ':pk': pk, ':since': sk },
    })
    const changed = new Set<Msisdn>()
    for await (const item of query) changed.add(Msisdn.parse(textOf(item, 'sk').slice(LOG_TIME_DIGITS + 1)))
    return changed
  }

  async createList(tenant: TenantId, list: SuppressionList): Promise<void> {
    const signed = this.#signed(tenant, list)
    if (isWritten(await this.#table.putIf(signed, absent), signed)) return
    throw new Conflict('suppression_list_exists', `Suppression list ${list.id} exists already.`)
  }

  async list(tenant: TenantId, id: string): Promise<SuppressionList | null> {
    const item = await this.#table.get(keys.list(tenant, id))
    return item && listOf(item)
  }

  async lists(tenant: TenantId): Promise<SuppressionList[]> {
    const lists: SuppressionList[] = []
    const query = this.#table.query(ofPartition(keys.list(tenant, '').pk.S))
    for await (const item of query) lists.push(listOf(item))
    return lists
  }

  async updateList(tenant: TenantId, list: SuppressionList): Promise<SuppressionList> {
    const next = { ...list, rev: list.rev + 1 }
    const signed = this.#signed(tenant, next)
    const answer = await this.#table.putIf(signed, condition({ equal: { rev: number(list.rev) } }))
    if (isWritten(answer, signed)) return next
    throw new Conflict(
      'suppression_list_changed',
      `Suppression list ${list.id} has changed: read it again.`,
      {
        retryable: true,
      },
    )
  }

  /** Every write carries its own name, by which a repeat whose first answer was lost knows it succeeded. */
  #signed(tenant: TenantId, list: SuppressionList): Item {
    const write = text(this.#ids.ulid())
    return { ...docItem(keys.list(tenant, list.id), list), rev: number(list.rev), write }
  }
}

const ofPartition = (pk: string) => ({
  ...{ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': text(pk) } },
})

const entryOf = (item: Item): SuppressionEntry => docOf(item, 'doc', SuppressionEntry)
const listOf = (item: Item): SuppressionList => docOf(item, 'doc', SuppressionList)

const isWritten = (answer: WriteAnswer, signed: Item): boolean =>
  answer.done || answer.item?.write?.S === signed.write?.S
