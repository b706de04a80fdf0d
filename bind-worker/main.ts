import { depsFromEnv } from '../aws/deps.ts'
import { powertoolsMetrics } from '../aws/metrics.ts'
import { secretSource } from '../aws/secrets.ts'
import { ConfigError } from '../shared/errors.ts'
import { silentMetrics, WORKER_SERVICE } from '../shared/metrics.ts'
import { workerConfig } from './config.ts'
import { type HealthServer, serveHealth } from './health.ts'
import { Worker } from './worker.ts'

/** Exit codes: 0 drained, 1 could not start, 70 a bug (EX_SOFTWARE). */
const EX_SOFTWARE = 70

async function main(): Promise<void> {
  const config = workerConfig(process.env)
  const deps = depsFromEnv()
  const route = await deps.registry.route(config.routeId)
  if (!route)
    throw new ConfigError('unknown_route', `ROUTE_ID: there is no route "${config.routeId}" in the registry`)
  const pool = await deps.registry.pool(route.pool)
  if (!pool)
    throw new ConfigError(
      'unknown_pool',
      `route "${route.id}" names pool "${route.pool}", which does not exist`,
    )

  const { metricsNamespace } = config
  const metrics = metricsNamespace ? powertoolsMetrics(metricsNamespace, WORKER_SERVICE) : silentMetrics
  const worker = new Worker({ deps, secrets: secretSource(process.env), route, pool, metrics, ...config })
  const health =
    config.healthPort === undefined ? null : await serveHealth(config.healthPort, () => worker.state())
  worker.start()
  deps.log.info('worker started', { route: route.id, boot: worker.boot, healthPort: health?.port ?? null })
  process.send?.({ kind: 'started', healthPort: health?.port ?? null })
  drainWhenAsked(worker, health, deps.log)
}

/** SIGTERM (ECS), Ctrl-C, or the end of the parent this was forked by: once, however often it is asked. */
function drainWhenAsked(
  worker: Worker,
  health: HealthServer | null,
  log: ReturnType<typeof depsFromEnv>['log'],
): void {
  let asked = false
  const drain = (why: string) => {
    if (asked) return
    asked = true
    log.info('worker draining', { why })
    worker
      .drain()
      .then(() => health?.close())
      .then(() => {
        log.info('worker drained')
        process.exit(0)
      })
      .catch((cause: unknown) => {
        log.error('worker could not drain', { cause: String(cause) })
        process.exit(EX_SOFTWARE)
      })
  }
  process.once('SIGTERM', () => drain('SIGTERM'))
  process.once('SIGINT', () => drain('SIGINT'))
  if (process.send) process.once('disconnect', () => drain('parent gone'))
}

main().catch((cause: unknown) => {
  console.error(cause instanceof ConfigError ? cause.message : cause)
  process.exit(1)
})
