import { Conflict } from '../errors.ts'
import type { TenantId } from '../ids.ts'
import type { Suppressions } from '../ports.ts'
import type { SuppressionList } from './list.ts'

/** API and job write the same item; more rounds than this mean somebody is stuck in a loop. */
const MAX_ROUNDS = 10

/**
 * Reads a list, changes it and stores it; reads again when somebody else stored it in between. `change` answers the new
 * list, or null (or the list itself) when there is nothing to do. Answers the list as it now stands, null when there is
 * none.
 * @throws Conflict `suppression_list_changed` when others won ten times in a row, and what `change` throws.
 */
export async function changeList(
  suppressions: Pick<Suppressions, 'list' | 'updateList'>,
  tenant: TenantId,
  id: string,
  change: (list: SuppressionList) => SuppressionList | null,
): Promise<SuppressionList | null> {
  for (let round = 1; ; round++) {
    const stored = await suppressions.list(tenant, id)
    const changed = stored && change(stored)
    if (!changed || changed === stored) return stored
    try {
      return await suppressions.updateList(tenant, changed)
    } catch (error) {
      const lost = error instanceof Conflict && error.code === 'suppression_list_changed'
      if (!lost || round === MAX_ROUNDS) throw error
    }
  }
}
