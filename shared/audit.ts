import type { AuditRecord } from './contracts/records.ts'
import { type TenantId, Ulid } from './ids.ts'
import type { Clock, Ids, Registry } from './ports.ts'

/** Whoever acts where no caller does: a schedule, a check that was to launch, a guard. */
export const PLATFORM = 'platform'

export type Deed = Pick<AuditRecord, 'actor' | 'action' | 'subject'> & Partial<Pick<AuditRecord, 'detail'>>

/** Writes down, after the deed, who did what: a crash in between loses the entry and not the deed. */
export async function noteDeed(
  { registry, ids, clock }: { registry: Pick<Registry, 'putAudit'>; ids: Ids; clock: Clock },
  tenant: TenantId,
  deed: Deed,
): Promise<void> {
  await registry.putAudit(tenant, { id: Ulid.parse(ids.ulid()), at: clock.now(), detail: {}, ...deed })
}
