/** The flags of `dakghar bootstrap` that say what a tenant is. */
import type { z } from 'zod'
import { ApiKeyRecord, TenantRecord } from '../shared/contracts/records.ts'
import { LANES, Lane } from '../shared/contracts/route.ts'
import { PoolId, TenantId } from '../shared/ids.ts'
import { UsageError } from './command.ts'

/** For `parseArgs`. */
export const TENANT_OPTIONS = {
  tenant: { type: 'string' },
  name: { type: 'string' },
  entity: { type: 'string' },
  pool: { type: 'string', multiple: true },
  'paise-per-segment': { type: 'string' },
} as const

/** How the flags stand on the command line. */
export interface TenantFlags {
  tenant?: string | undefined
  name?: string | undefined
  entity?: string | undefined
  pool?: string[] | undefined
  'paise-per-segment'?: string | undefined
}

/** What is said of a tenant; what is not said is absent. */
export type TenantFields = Partial<Pick<TenantRecord, 'name' | 'entityId' | 'pools' | 'paisePerSegment'>>

/** @throws UsageError when it is missing, or no id. */
export function tenantOf({ tenant }: { tenant?: string | undefined }): TenantId {
  if (tenant === undefined) throw new UsageError('--tenant is missing: the id of the tenant, such as acme')
  return read('--tenant', TenantId, tenant)
}

/** @throws UsageError naming the flag that is wrong. */
export function fieldsOf({ name, entity, pool, 'paise-per-segment': paise }: TenantFlags): TenantFields {
  const { shape } = TenantRecord
  return {
    ...(name !== undefined && { name: read('--name', shape.name, name) }),
    ...(entity !== undefined && { entityId: read('--entity', shape.entityId, entity) }),
    ...(pool !== undefined && { pools: Object.fromEntries(pool.map(laneAndPool)) }),
    ...(paise !== undefined && {
      paisePerSegment: read('--paise-per-segment', shape.paisePerSegment, numberIn(paise)),
    }),
  }
}

/** @throws UsageError when it is too long. */
export const keyNameOf = (flags: { 'key-name': string }): string =>
  read('--key-name', ApiKeyRecord.shape.name, flags['key-name'])

/** `Number` takes an empty text for 0. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

function laneAndPool(text: string): [Lane, PoolId] {
  const [lane, pool, ...more] = text.split('=')
  if (more.length > 0 || !Lane.safeParse(lane).success || pool === undefined) {
    throw new UsageError(
      `--pool must be LANE=POOL, such as service=main, with a lane of ${LANES.join(', ')}; not ${text}`,
    )
  }
  return [Lane.parse(lane), read('--pool', PoolId, pool)]
}

function read<S extends z.ZodType>(flag: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UsageError(`${flag}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`)
}
