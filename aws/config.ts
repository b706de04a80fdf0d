import { z } from 'zod'
import { ENVIRONMENT } from '../shared/contracts/wiring.ts'
import { ConfigError } from '../shared/errors.ts'

const Endpoint = z.url({ protocol: /^https?$/ }).optional()

const Environment = z.object({
  [ENVIRONMENT.registryTable]: z.string().min(3),
  [ENVIRONMENT.ledgerTable]: z.string().min(3),
  [ENVIRONMENT.bucket]: z.string().min(3),
  [ENVIRONMENT.queueUrlPrefix]: z.url({ protocol: /^https?$/ }),
  /** Factor on every duration; below 1 for demos and tests. */
  TIMING_SCALE: z.coerce.number().positive().max(100).default(1),
  LEDGER_TTL_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT']).default('INFO'),
  AWS_REGION: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  /** The SDK's own variables; read here so that a test may hand over an environment that is not the process's. */
  AWS_ENDPOINT_URL_DYNAMODB: Endpoint,
  AWS_ENDPOINT_URL_SQS: Endpoint,
  AWS_ENDPOINT_URL_S3: Endpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: Endpoint,
})

export interface AwsConfig {
  registryTable: string
  ledgerTable: string
  bucket: string
  /** A queue's URL is this followed by its name. */
  queueUrlPrefix: string
  timingScale: number
  ledgerTtlDays: number
  logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT'
  region: string | undefined
  /** Where emulators listen; undefined on AWS. */
  endpoints: Record<'dynamodb' | 'sqs' | 's3' | 'secretsManager', string | undefined>
  /** Only for emulators; on AWS the SDK finds, and refreshes, the role's. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined
}

/**
 * The environment of a function or worker, checked as a whole.
 * @throws ConfigError `bad_environment` naming every variable that is missing or wrong.
 */
export function configFromEnv(env: Readonly<Record<string, string | undefined>>): AwsConfig {
  const parsed = Environment.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError('bad_environment', `The environment is not complete. ${faults.join('; ')}.`)
  }
  const { data } = parsed
  const endpoints = {
    dynamodb: data.AWS_ENDPOINT_URL_DYNAMODB,
    sqs: data.AWS_ENDPOINT_URL_SQS,
    s3: data.AWS_ENDPOINT_URL_S3,
    secretsManager: data.AWS_ENDPOINT_URL_SECRETS_MANAGER,
  }
  return {
    registryTable: data[ENVIRONMENT.registryTable],
    ledgerTable: data[ENVIRONMENT.ledgerTable],
    bucket: data[ENVIRONMENT.bucket],
    queueUrlPrefix: data[ENVIRONMENT.queueUrlPrefix],
    timingScale: data.TIMING_SCALE,
    ledgerTtlDays: data.LEDGER_TTL_DAYS,
    logLevel: data.LOG_LEVEL,
    region: data.AWS_REGION,
    endpoints,
    credentials: emulatorCredentials(data, Object.values(endpoints).some(Boolean)),
  }
}

function emulatorCredentials(
  env: { AWS_ACCESS_KEY_ID?: string | undefined; AWS_SECRET_ACCESS_KEY?: string | undefined },
  emulated: boolean,
): AwsConfig['credentials'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  return emulated && accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined
}
