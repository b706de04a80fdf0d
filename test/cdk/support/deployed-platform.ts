/** The stack on one machine: its assets as they would be uploaded, each with its own environment and its own role. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { clientsFor } from '../../../aws/clients.ts'
import { configFromEnv } from '../../../aws/config.ts'
import { type AwsDeps, depsFromEnv } from '../../../aws/deps.ts'
import { BundledFunction } from '../../../local/bundled-function.ts'
import { type Emulators, startEmulators } from '../../../local/emulators.ts'
import { startLambdaHost } from '../../../local/lambda-host.ts'
import { ensureResources } from '../../../local/resources.ts'
import { newApiKey } from '../../../shared/contracts/api-key.ts'
import { PoolConfig } from '../../../shared/contracts/route.ts'
import { FUNCTIONS } from '../../../shared/contracts/wiring.ts'
import { TenantId } from '../../../shared/ids.ts'
import { httpEvent } from '../../support/events.ts'
import { startSecretsManager } from '../../support/secrets-manager.ts'
import { startIamGate } from './iam-gate.ts'
import { cdkJson, type Resource, type Synthesis } from './synthesis.ts'

/** Durations of functions and worker against the real ones. */
const TIMING_SCALE = '0.05'
export const CONSOLE_BUCKET = 'console'
const TENANT = TenantId.parse('asha')

export type DeployedPlatform = Awaited<ReturnType<typeof startDeployed>>

export async function startDeployed(of: Synthesis) {
  const emulators = await startEmulators({ dataDir: null })
  const env: Record<string, string> = { ...emulators.env, TIMING_SCALE, LOG_LEVEL: 'SILENT' }
  const pools = cdkJson.context.stages.dev.pools.map((pool: unknown) => PoolConfig.parse(pool))
  await ensureResources(env, pools)
  await makeConsoleBucket(env)
  const secrets = await startSecretsManager({})
  const gate = await startIamGate({
    of,
    upstreams: upstreamsOf(emulators, secrets.env.AWS_ENDPOINT_URL_SECRETS_MANAGER!),
    logicalIds: logicalIdsOf(of, env),
  })
  const deps = depsFromEnv(env)
  const key = await makeTenant(deps)

  /** The environment of the template with names instead of references, and the gate instead of AWS. */
  const resolved = (variables: Record<string, unknown>, roleId: string): Record<string, string> => ({
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : env[name]!,
      ]),
    ),
    QUEUE_URL_PREFIX: `${gate.url}/000000000000/`,
    ...Object.fromEntries(
      ['DYNAMODB', 'SQS', 'S3', 'SECRETS_MANAGER'].map((name) => [`AWS_ENDPOINT_URL_${name}`, gate.url]),
    ),
    ...{ AWS_REGION: 'ap-south-1', AWS_ACCESS_KEY_ID: roleId, AWS_SECRET_ACCESS_KEY: 'any', TIMING_SCALE },
  })

  const functions = new Map(
    of.resources('AWS::Lambda::Function').map(([id, { Properties }]) => {
      const file = join(of.asset(Properties.Code.S3Key.replace('.zip', '')), 'index.mjs')
      const variables = resolved(Properties.Environment.Variables, Properties.Role['Fn::GetAtt'][0])
      return [id.replace(/^(Functions)?(\w+?)Function.*$/, '$2'), new BundledFunction(id, file, variables)]
    }),
  )
  const invoke = (name: string, event: unknown) => {
    const { timeoutSeconds = 60 } = FUNCTIONS.find((spec) => spec.name === name) ?? {}
    return functions.get(name)!.invoke(event, timeoutSeconds)
  }
  await Promise.all([...functions.values()].map((one) => one.loaded()))
  const host = await startLambdaHost(deps, {
    load: async (module) => (event) => invoke(FUNCTIONS.find((spec) => spec.module === module)!.name, event),
  })

  return {
    ...{ gate, deps, invoke, secrets: secrets.secrets, functions: [...functions.keys()], env },
    /** What the container of a route is given. */
    workerEnv(task: Resource): Record<string, string> {
      const [{ Environment }] = task.Properties.ContainerDefinitions
      const variables = Object.fromEntries(
        Environment.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value]),
      )
      return resolved(variables, task.Properties.TaskRoleArn['Fn::GetAtt'][0])
    },
    /** A call of the tenant, through the function's event. */
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, property by property.
    async api(method: string, path: string, body?: unknown): Promise<any> {
      const event = httpEvent(method, path, {
        headers: {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const answer = (await invoke('api', event)) as { statusCode: number; body: string }
      if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
      return answer.body ? JSON.parse(answer.body) : null
    },
    async stop() {
      await host.stop()
      await Promise.all([...functions.values()].map((one) => one.stop()))
      deps.close()
      await Promise.all([gate.close(), secrets.close()])
      await emulators.close()
    },
  }
}

const upstreamsOf = ({ env }: Emulators, secretsManager: string) => ({
  DynamoDB_20120810: env.AWS_ENDPOINT_URL_DYNAMODB!,
  AmazonSQS: env.AWS_ENDPOINT_URL_SQS!,
  s3: env.AWS_ENDPOINT_URL_S3!,
  secretsmanager: secretsManager,
})

function logicalIdsOf(of: Synthesis, env: Readonly<Record<string, string>>): Record<string, string> {
  const idOf = (type: string, prefix: string) =>
    of.resources(type).find(([id]) => id.startsWith(prefix))?.[0] ?? prefix
  return {
    [env.REGISTRY_TABLE!]: idOf('AWS::DynamoDB::GlobalTable', 'DataRegistry'),
    [env.LEDGER_TABLE!]: idOf('AWS::DynamoDB::GlobalTable', 'DataLedger'),
    [env.BUCKET!]: idOf('AWS::S3::Bucket', 'DataBucket'),
    [CONSOLE_BUCKET]: idOf('AWS::S3::Bucket', 'ConsoleBucket'),
    ...Object.fromEntries(
      of
        .resources('AWS::SQS::Queue')
        .map(([id, { Properties }]) => [Properties.QueueName.replace('dakghar-dev-', ''), id]),
    ),
    ...Object.fromEntries(
      of.resources('AWS::SecretsManager::Secret').map(([id, { Properties }]) => [Properties.Name, id]),
    ),
  }
}

async function makeConsoleBucket(env: Readonly<Record<string, string>>): Promise<void> {
  const clients = clientsFor(configFromEnv(env))
  await clients.s3.send(new CreateBucketCommand({ Bucket: CONSOLE_BUCKET }))
  clients.destroy()
}

/** A tenant of the pools in `cdk.json`, with a key. */
async function makeTenant({ registry, ids, clock }: AwsDeps): Promise<string> {
  const { text, record } = newApiKey(ids, randomBytes, {
    ...{ tenant: TENANT, name: 'test', createdAt: clock.now() },
  })
  await registry.putKey(record)
  await registry.putTenant({
    ...{ id: TENANT, name: 'Asha Stores', entityId: '1701160000000012345', paisePerSegment: 12 },
    pools: { otp: 'transactional', service: 'transactional', promotional: 'promotional' } as never,
    createdAt: clock.now(),
  })
  return text
}
