import { NotFound } from '../../shared/errors.ts'
import type { Msisdn, TenantId } from '../../shared/ids.ts'
import type { ObjectStore, Suppressions } from '../../shared/ports.ts'
import { isLoaded, type LoadedList, listKey } from '../../shared/suppression/list.ts'
import { decodeNumbers, isAmong } from '../../shared/suppression/list-format.ts'

/** The numbers of a loaded list, ascending. @throws NotFound `suppression_list_missing`, ListDamaged */
export async function listNumbers(
  objects: Pick<ObjectStore, 'get'>,
  tenant: TenantId,
  list: Pick<LoadedList, 'id' | 'digest'>,
): Promise<Float64Array> {
  const key = listKey(tenant, list)
  const stored = await objects.get(key)
  if (!stored) throw new NotFound('suppression_list_missing', `${key} is gone: a loaded list must be kept`)
  return decodeNumbers(stored)
}

/** The loaded lists of a tenant that hold a number, oldest first. */
export async function listsHolding(
  deps: { suppressions: Pick<Suppressions, 'lists'>; objects: Pick<ObjectStore, 'get'> },
  tenant: TenantId,
  msisdn: Msisdn,
): Promise<LoadedList[]> {
  const holding: LoadedList[] = []
  for (const list of (await deps.suppressions.lists(tenant)).filter(isLoaded)) {
    if (isAmong(await listNumbers(deps.objects, tenant, list), Number(msisdn))) holding.push(list)
  }
  return holding
}
