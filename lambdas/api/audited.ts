import type { Context } from 'hono'
import { type Deed, noteDeed } from '../../shared/audit.ts'
import type { ApiDeps, ApiEnv } from './context.ts'

/** Notes a deed of the caller's. */
export async function audited(
  deps: Pick<ApiDeps, 'registry' | 'ids' | 'clock'>,
  c: Context<ApiEnv>,
  deed: Omit<Deed, 'actor'>,
): Promise<void> {
  await noteDeed(deps, c.get('tenant'), { actor: c.get('actor'), ...deed })
}
