/** An installation on AWS, as the commands of its operator reach it. */
import { type AwsDeps, depsFromEnv } from '../aws/deps.ts'
import type { AuditRecord } from '../shared/contracts/records.ts'
import { ConfigError, DakgharError } from '../shared/errors.ts'
import { type TenantId, Ulid } from '../shared/ids.ts'
import { InputError, UsageError } from './command.ts'
import { environmentOf } from './stack-outputs.ts'

/** For `parseArgs`. */
export const INSTALLATION_OPTIONS = { outputs: { type: 'string' } } as const

export const INSTALLATION_HELP = `  --outputs FILE   the installation whose outputs npm run deploy -- --outputs-file FILE wrote. Without it, the one of the
                   environment: REGISTRY_TABLE, LEDGER_TABLE, BUCKET, QUEUE_URL_PREFIX, AWS_REGION`

/**
 * Lets `use` work on the installation, with the AWS credentials of this shell.
 * @throws UsageError when nothing says which installation.
 * @throws InputError when AWS refuses, with what to do.
 */
export async function onInstallation<T>(
  { outputs }: { outputs?: string | undefined },
  use: (deps: AwsDeps) => Promise<T>,
): Promise<T> {
  const deps = reach(outputs === undefined ? {} : await environmentOf(outputs))
  try {
    return await use(deps)
  } catch (error) {
    throw explained(error)
  } finally {
    deps.close()
  }
}

function reach(environment: Record<string, string>): AwsDeps {
  try {
    return depsFromEnv({ ...process.env, ...environment })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new UsageError(`which installation? Give --outputs FILE. ${error.message}`)
  }
}

/** What operators meet with before anything else, by the name or the message of the SDK's error. */
const WHAT_TO_DO: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'there are no AWS credentials: aws sts get-caller-identity must answer in this shell',
  ExpiredTokenException: 'the AWS credentials have expired: sign in again',
  UnrecognizedClientException: 'AWS does not know these credentials: see aws sts get-caller-identity',
  AccessDeniedException: 'these AWS credentials may not read and write the registry table',
  ResourceNotFoundException:
    'there is no such table in this account and region: is the stack deployed there?',
  'Region is missing': 'which region? Set AWS_REGION',
}

function explained(error: unknown): unknown {
  if (error instanceof DakgharError || !(error instanceof Error)) return error
  const sentence = WHAT_TO_DO[error.name] ?? WHAT_TO_DO[error.message]
  return sentence === undefined ? error : new InputError(`${sentence} (${error.message})`, error)
}

/** Writes down, after the deed, what the operator did to a tenant. */
export async function audited(
  { registry, ids, clock }: Pick<AwsDeps, 'registry' | 'ids' | 'clock'>,
  tenant: TenantId,
  entry: Pick<AuditRecord, 'action' | 'subject'> & Partial<Pick<AuditRecord, 'detail'>>,
): Promise<void> {
  await registry.putAudit(tenant, {
    ...{ id: Ulid.parse(ids.ulid()), at: clock.now(), actor: 'operator' },
    ...{ detail: {}, ...entry },
  })
}
