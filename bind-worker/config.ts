import { z } from 'zod'
import { ConfigError } from '../shared/errors.ts'
import { RouteId } from '../shared/ids.ts'

/** `1/3` → 0.333…, which no decimal is; anything else as it stands. */
function fraction(text: unknown): unknown {
  const [, over, under] = /^(\d+)\/(\d+)$/.exec(String(text)) ?? []
  return over && under ? Number(over) / Number(under) : text
}

const WorkerConfig = z.object({
  /** The route this process serves. */
  routeId: RouteId,
  /** Port of the health endpoint; 0 takes a free one, absent opens none. */
  healthPort: z.coerce.number().int().min(0).max(65_535).optional(),
  /** The share of the route's TPS and binds this task may use, when several tasks serve one route: `1/3` or `0.25`. */
  routeShare: z.preprocess(fraction, z.coerce.number().gt(0).max(1).default(1)),
  /** CloudWatch namespace for the worker's numbers; absent puts none out. */
  metricsNamespace: z.string().min(1).optional(),
  /** Message ids kept for placing receipts without a lookup. */
  rememberedIds: z.coerce.number().int().positive().default(1_000_000),
})
export type WorkerConfig = z.infer<typeof WorkerConfig>

/** The worker's own settings: `ROUTE_ID`, `HEALTH_PORT`, `ROUTE_SHARE`, `REMEMBERED_IDS`, `METRICS_NAMESPACE`. @throws ConfigError listing every fault. */
export function workerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const parsed = WorkerConfig.safeParse({
    routeId: env.ROUTE_ID,
    healthPort: env.HEALTH_PORT,
    routeShare: env.ROUTE_SHARE,
    rememberedIds: env.REMEMBERED_IDS,
    metricsNamespace: env.METRICS_NAMESPACE,
  })
  if (!parsed.success) throw new ConfigError('worker_config', `bind-worker: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
