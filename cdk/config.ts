import { z } from 'zod'
import { LANES, PoolConfig, RouteConfig } from '../shared/contracts/route.ts'
import { deadLetters, poolQueues } from '../shared/contracts/wiring.ts'
import { ConfigError } from '../shared/errors.ts'

/** SQS: characters of a queue's name. */
const MAX_QUEUE_NAME = 80

/** Part of the stack's name, of queue names and of secret names. */
export const StageName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,11}$/, 'must be at most 12 lower-case letters and digits')

/** The Fargate tasks of a route. */
const WorkerSize = z.strictObject({
  /** Each gets the same share of the route's binds and TPS; one task is replaced only after it is gone. */
  tasks: z.number().int().min(1).max(64).default(1),
  /** Fargate: 1,024 are one vCPU, and some sizes of memory go with each. */
  cpu: z.union([z.literal(256), z.literal(512), z.literal(1_024), z.literal(2_048)]).default(512),
  memoryMb: z.number().int().min(512).max(8_192).default(1_024),
})

/** A route as `shared/contracts/route.ts` has it; misspelt fields are refused, and the secret may be left to the stack. */
const DeployedRoute = z
  .strictObject({
    ...RouteConfig.shape,
    /** `secretsmanager:NAME` of a secret that exists; left out, the stack makes an empty one to be filled. */
    secret: z
      .string()
      .regex(/^secretsmanager:.+/, 'must be secretsmanager:NAME, or left out for a secret of the stack')
      .optional(),
    worker: WorkerSize.prefault({}),
  })
  .superRefine((route, context) => {
    const { issues = [] } = RouteConfig.safeParse({ ...route, secret: 'secretsmanager:any' }).error ?? {}
    for (const issue of issues) context.addIssue({ ...issue, code: 'custom' })
    if (route.worker.tasks > route.binds) {
      context.addIssue({
        code: 'custom',
        path: ['worker', 'tasks'],
        message: `must not exceed the route's binds (${route.binds}): each task needs one at least`,
      })
    }
  })
export type DeployedRoute = z.infer<typeof DeployedRoute>

const Days = z.number().int().min(1).max(3_650)

export const StageConfig = z
  .strictObject({
    region: z.string().default('ap-south-1'),
    /** One Elastic IP each: the addresses that gateways whitelist. Two survive the loss of an availability zone. */
    natGateways: z.number().int().min(1).max(2).default(1),
    /** HTTP requests a second, and how many at once; more are answered 429. */
    throttle: z
      .strictObject({ ratePerSecond: z.number().positive(), burst: z.number().int().positive() })
      .default({ ratePerSecond: 100, burst: 200 }),
    /** Gets a mail to confirm the subscription at the first deployment. */
    alarmEmail: z.email().optional(),
    /** CloudWatch Logs takes no other numbers. */
    logDays: z
      .union([z.literal(7), z.literal(30), z.literal(90), z.literal(180), z.literal(365)])
      .default(30),
    /** How long facts, plans and uploads are kept: reports reach back so far. */
    ledgerDays: Days.default(90),
    /** Exports can be asked for again. */
    exportDays: Days.default(7),
    pools: z.array(PoolConfig).min(1),
    routes: z.array(DeployedRoute).min(1),
  })
  .superRefine(({ pools, routes }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    for (const [kind, list] of Object.entries({ pools, routes })) {
      for (const [i, { id }] of list.entries()) {
        if (list.findIndex((other) => other.id === id) < i) issue([kind, i, 'id'], `"${id}" is there twice`)
      }
    }
    for (const [i, route] of routes.entries()) {
      const pool = pools.find(({ id }) => id === route.pool)
      if (!pool) issue(['routes', i, 'pool'], `there is no pool "${route.pool}"`)
      else if (!route.lanes.every((lane) => pool.lanes.includes(lane))) {
        issue(['routes', i, 'lanes'], `pool "${pool.id}" has no queue for each of them: it has ${pool.lanes}`)
      }
    }
    for (const [i, pool] of pools.entries()) {
      const left = LANES.filter(
        (lane) =>
          pool.lanes.includes(lane) &&
          !routes.some((route) => route.pool === pool.id && route.lanes.includes(lane)),
      )
      if (left.length > 0) issue(['pools', i, 'lanes'], `no route of "${pool.id}" pulls from: ${left}`)
    }
  })
export type StageConfig = z.infer<typeof StageConfig>

/** A stage of the configuration in `cdk.json`, checked. */
export interface Deployment {
  stage: string
  config: StageConfig
  /** In front of every name that cannot be left to CloudFormation. */
  prefix: string
}

/**
 * @param stages the context value `stages`: the configuration of each stage by its name.
 * @throws ConfigError `deployment_config` naming every fault.
 */
export function deployment(stage: unknown, stages: unknown): Deployment {
  const name = StageName.safeParse(stage)
  if (!name.success) throw configError(`the stage ${JSON.stringify(stage)} ${name.error.issues[0]!.message}`)
  const found = z.record(z.string(), z.unknown()).safeParse(stages).data?.[name.data]
  if (found === undefined) {
    throw configError(
      `there is no stage "${name.data}": add it under context.stages, or choose one with -c stage=`,
    )
  }
  const parsed = StageConfig.safeParse(found)
  if (!parsed.success)
    throw configError(`stage "${name.data}" is not complete\n${z.prettifyError(parsed.error)}`)
  const prefix = `dakghar-${name.data}`
  const tooLong = parsed.data.pools
    .flatMap(poolQueues)
    .map((queue) => `${prefix}-${deadLetters(queue.name)}`)
    .find((queue) => queue.length > MAX_QUEUE_NAME)
  if (tooLong) {
    throw configError(`the queue ${tooLong} exceeds ${MAX_QUEUE_NAME} characters: give its pool a shorter id`)
  }
  return { stage: name.data, config: parsed.data, prefix }
}

const configError = (fault: string) => new ConfigError('deployment_config', `cdk.json: ${fault}.`)

/** The secret of a route that names none. */
export const secretNameOf = ({ prefix }: Deployment, route: DeployedRoute): string =>
  route.secret?.slice('secretsmanager:'.length) ?? `${prefix}/routes/${route.id}`

/** The route as the registry and the worker have it. */
export function routeConfigOf(deployed: Deployment, route: DeployedRoute): RouteConfig {
  return RouteConfig.parse({ ...route, secret: `secretsmanager:${secretNameOf(deployed, route)}` })
}
