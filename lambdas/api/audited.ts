import type { Context } from 'hono'
import type { AuditRecord } from '../../shared/contracts/records.ts'
import { Ulid } from '../../shared/ids.ts'
import type { ApiDeps, ApiEnv } from './context.ts'

/** Writes down, after the deed, who did what: a crash in between loses the entry and not the deed. */
export async function audited(
  { registry, ids, clock }: Pick<ApiDeps, 'registry' | 'ids' | 'clock'>,
  c: Context<ApiEnv>,
  entry: Pick<AuditRecord, 'action' | 'subject'> & Partial<Pick<AuditRecord, 'detail'>>,
): Promise<void> {
  await registry.putAudit(c.get('tenant'), {
    ...{ id: Ulid.parse(ids.ulid()), at: clock.now(), actor: c.get('actor') },
    ...{ detail: {}, ...entry },
  })
}
