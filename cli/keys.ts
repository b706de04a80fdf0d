import { parseArgs } from 'node:util'
import type { AwsDeps } from '../aws/deps.ts'
import type { ApiKeyRecord } from '../shared/contracts/records.ts'
import { NotFound } from '../shared/errors.ts'
import type { TenantId } from '../shared/ids.ts'
import type { Command, ExitCode } from './command.ts'
import { audited, INSTALLATION_HELP, INSTALLATION_OPTIONS, onInstallation } from './installation.ts'
import { complain, Output, table } from './output.ts'
import { tenantOf } from './tenant-flags.ts'

const HELP = `Usage: dakghar keys --tenant ID [--revoke KEY_ID] [--outputs FILE] [--json]

Lists the API keys of a tenant, oldest first; their secrets are kept nowhere. dakghar bootstrap --new-key makes one.

  --tenant ID      whose keys
  --revoke KEY_ID  lets this key open nothing from now on, for ever; may be repeated. The id of a key is its part
                   between dk_ and the next _
${INSTALLATION_HELP}
  --json           one JSON object per key: {id, name, createdAt, revokedAt}; revokedAt is null while it is valid

Exit code 1 when the tenant, or a key to revoke, is not there: nothing is revoked then.

Example: dakghar keys --outputs cdk-outputs.json --tenant acme --revoke 01KAZ3T5M4Q8W9X2Y7B6C5D4E3`

const OPTIONS = {
  tenant: { type: 'string' },
  revoke: { type: 'string', multiple: true, default: [] },
  ...INSTALLATION_OPTIONS,
  json: { type: 'boolean', default: false },
} as const satisfies Command['options']

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values } = parseArgs({ args, options: OPTIONS })
  const tenant = tenantOf(values)
  const keys = await onInstallation(values, async (deps) => {
    if (!(await deps.registry.tenant(tenant))) {
      throw new NotFound('tenant_not_found', `there is no tenant ${tenant} on this installation`)
    }
    await revoke(deps, tenant, values.revoke)
    return deps.registry.keysOf(tenant)
  })
  const output = new Output()
  if (values.json) for (const key of keys) await output.json(viewOf(key))
  else await output.line(describe(keys))
  await output.flush()
  if (keys.every(({ revokedAt }) => revokedAt !== null)) {
    complain(`tenant ${tenant} has no valid key: dakghar bootstrap --tenant ${tenant} --new-key makes one`)
  }
  return 0
}

/** A key revoked before keeps the time it was revoked at. @throws NotFound before any is revoked. */
async function revoke(deps: AwsDeps, tenant: TenantId, ids: readonly string[]): Promise<void> {
  const { registry, clock } = deps
  const keys = new Map((await registry.keysOf(tenant)).map((key) => [key.id, key]))
  const unknown = ids.filter((id) => !keys.has(id))
  if (unknown.length > 0) {
    throw new NotFound(
      'key_not_found',
      `tenant ${tenant} has no key ${unknown.join(', ')}: nothing was revoked`,
    )
  }
  for (const id of new Set(ids)) {
    const key = keys.get(id)!
    if (key.revokedAt !== null) continue
    await registry.putKey({ ...key, revokedAt: clock.now() })
    await audited(deps, tenant, { action: 'key.revoked', subject: id })
  }
}

const iso = (at: number) => new Date(at).toISOString()

const viewOf = ({ id, name, createdAt, revokedAt }: ApiKeyRecord) => ({
  ...{ id, name, createdAt: iso(createdAt), revokedAt: revokedAt === null ? null : iso(revokedAt) },
})

function describe(keys: readonly ApiKeyRecord[]): string {
  const rows = keys.map(viewOf).map(({ id, name, createdAt, revokedAt }) => [id, createdAt, revokedAt, name])
  return table(['key', 'made', 'revoked', 'name'], rows)
}
