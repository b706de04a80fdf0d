import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { AwsDeps } from '../aws/deps.ts'
import { newApiKey } from '../shared/contracts/api-key.ts'
import type { TenantRecord } from '../shared/contracts/records.ts'
import { LANES, type Lane } from '../shared/contracts/route.ts'
import { Conflict, NotFound } from '../shared/errors.ts'
import type { PoolId, TenantId } from '../shared/ids.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { audited, INSTALLATION_HELP, INSTALLATION_OPTIONS, onInstallation } from './installation.ts'
import { Output, table } from './output.ts'
import { fieldsOf, keyNameOf, TENANT_OPTIONS, type TenantFields, tenantOf } from './tenant-flags.ts'

const HELP = `Usage: dakghar bootstrap --tenant ID --name NAME --entity ID --pool LANE=POOL... [--paise-per-segment N]
                         [--update] [--new-key] [--key-name NAME] [--outputs FILE] [--json]

Makes a tenant on an installation, and an API key for it, which is printed this once: the registry keeps its hash. A
tenant that is there already is shown and left as it is.

  --tenant ID      lower-case letters, digits and dashes: acme
  --name NAME      of the company
  --entity ID      its principal entity id on DLT
  --pool LANE=POOL the pool its messages of this lane leave through (${LANES.join(', ')}); once for each lane it may use.
                   Pools are in cdk.json, and in the registry once that is deployed
  --paise-per-segment N   what a segment costs it, 12 unless given
  --update         change a tenant that is there to what the other options say; lanes not named keep their pool
  --new-key        another key for a tenant that is there
  --key-name NAME  what dakghar keys lists the key as, bootstrap unless given
${INSTALLATION_HELP}
  --json           one JSON object: {tenant: {id, name, entityId, pools, paisePerSegment}, did: "made" | "changed" |
                   "nothing", key: {id, text} | null}

Exit code 1 when the tenant is another one than the options say, or a pool is not there.

Example: dakghar bootstrap --outputs cdk-outputs.json --tenant acme --name "Acme Bank" --entity 1101172974420810001 --pool service=transactional`

const OPTIONS = {
  ...TENANT_OPTIONS,
  ...INSTALLATION_OPTIONS,
  update: { type: 'boolean', default: false },
  'new-key': { type: 'boolean', default: false },
  'key-name': { type: 'string', default: 'bootstrap' },
  json: { type: 'boolean', default: false },
} as const

interface Bootstrapped {
  tenant: TenantRecord
  did: 'made' | 'changed' | 'nothing'
  key: { id: string; text: string } | null
}

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values } = parseArgs({ args, options: OPTIONS })
  const [id, fields, keyName] = [tenantOf(values), fieldsOf(values), keyNameOf(values)]
  const answer = await onInstallation(values, async (deps): Promise<Bootstrapped> => {
    const { tenant, did } = await tenantAsSaid(deps, id, fields, values.update)
    const wantsKey = did === 'made' || values['new-key']
    return { tenant, did, key: wantsKey ? await makeKey(deps, id, keyName) : null }
  })
  const output = new Output()
  if (values.json) await output.json(jsonOf(answer))
  else await output.line(describe(answer))
  await output.flush()
  return 0
}

async function tenantAsSaid(
  deps: AwsDeps,
  id: TenantId,
  fields: TenantFields,
  mayChange: boolean,
): Promise<Omit<Bootstrapped, 'key'>> {
  const { registry, clock } = deps
  const standing = await registry.tenant(id)
  const tenant = standing ? withFields(standing, fields) : newTenant(id, fields, clock.now())
  const changed = standing ? differences(standing, tenant) : []
  if (standing && changed.length === 0) return { tenant: standing, did: 'nothing' }
  if (standing && !mayChange) {
    throw new Conflict(
      'tenant_exists',
      `tenant ${id} is there with another ${changed.join(', ')}, and is left as it is: --update changes it`,
    )
  }
  await mustHavePools(registry, tenant.pools)
  await registry.putTenant(tenant)
  await audited(deps, id, {
    ...{ action: standing ? 'tenant.changed' : 'tenant.created', subject: id, detail: { ...fields } },
  })
  return { tenant, did: standing ? 'changed' : 'made' }
}

function newTenant(
  id: TenantId,
  { name, entityId, pools, paisePerSegment = 12 }: TenantFields,
  createdAt: number,
): TenantRecord {
  if (name === undefined || entityId === undefined || pools === undefined) {
    throw new UsageError(`there is no tenant ${id} yet: --name, --entity and --pool are needed to make it`)
  }
  return { id, name, entityId, pools, paisePerSegment, createdAt }
}

const withFields = (standing: TenantRecord, fields: TenantFields): TenantRecord => ({
  ...{ ...standing, ...fields },
  pools: { ...standing.pools, ...fields.pools },
})

function differences(standing: TenantRecord, wanted: TenantRecord): string[] {
  const changed = {
    name: standing.name !== wanted.name,
    entity: standing.entityId !== wanted.entityId,
    price: standing.paisePerSegment !== wanted.paisePerSegment,
    pool: LANES.some((lane) => standing.pools[lane] !== wanted.pools[lane]),
  }
  return Object.entries(changed).flatMap(([what, differs]) => (differs ? [what] : []))
}

/** A lane without its queue would take messages that nobody ever sends. */
async function mustHavePools(
  registry: Pick<AwsDeps['registry'], 'pool' | 'routes'>,
  pools: TenantRecord['pools'],
): Promise<void> {
  for (const [lane, id] of Object.entries(pools) as [Lane, PoolId][]) {
    const pool = await registry.pool(id)
    if (pool?.lanes.includes(lane)) continue
    if (pool)
      throw new NotFound('unknown_lane', `pool ${id} has no lane ${lane}, only ${pool.lanes.join(', ')}`)
    const known = new Set((await registry.routes()).map((route) => route.pool))
    const names = known.size === 0 ? 'no pool has a route yet' : `routes lead out of ${[...known].join(', ')}`
    throw new NotFound('unknown_pool', `there is no pool ${id} (${names}): add it to cdk.json and deploy`)
  }
}

async function makeKey(deps: AwsDeps, tenant: TenantId, name: string): Promise<Bootstrapped['key']> {
  const { text, record } = newApiKey(deps.ids, randomBytes, { tenant, name, createdAt: deps.clock.now() })
  await deps.registry.putKey(record)
  await audited(deps, tenant, { action: 'key.created', subject: record.id, detail: { name } })
  return { id: record.id, text }
}

function jsonOf({ tenant: { createdAt: _, ...tenant }, did, key }: Bootstrapped) {
  return { tenant, did, key }
}

const DEEDS = { made: 'made now', changed: 'changed now', nothing: 'was there, left as it is' }

function describe({ tenant, did, key }: Bootstrapped): string {
  const { id, name, entityId, pools, paisePerSegment } = tenant
  const lanes = Object.entries(pools).map(([lane, pool]) => `${lane}=${pool}`)
  const rows = [
    ['tenant', `${id}, ${DEEDS[did]}`],
    ['name', name],
    ['principal entity', entityId],
    ['pools', lanes.join(', ')],
    ['paise per segment', paisePerSegment],
    ['API key', key?.text ?? 'none made: --new-key makes another'],
  ]
  const told = table(['what', 'value'], rows)
  return key === null ? told : `${told}\n\nThe key is not shown again: put it where its user keeps secrets.`
}
