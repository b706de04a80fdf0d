import { createRoute, z } from '@hono/zod-openapi'
import { BindAs, Heartbeat } from '../../shared/contracts/records.ts'
import { BindType, Lane, type RouteConfig } from '../../shared/contracts/route.ts'
import { RouteState, routeState } from '../../shared/contracts/route-state.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { routesOf } from './pools.ts'
import { Instant, iso, json, problems } from './responses.ts'

const BindView = Heartbeat.pick({ bind: true, state: true })
  .extend({
    worker: z
      .string()
      .meta({ description: 'Binds are counted per worker; each start of one has its own id.' }),
    bindAs: BindAs.meta({
      description: 'What it may do. A transmitter sends, a receiver gets the receipts.',
    }),
    window: z
      .number()
      .int()
      .meta({ description: 'Segments that may await their response now; 0 for a receiver.' }),
    latencyP50Ms: z.number().nullable().meta({ description: 'From submit to response; null: none lately.' }),
    latencyP95Ms: z.number().nullable(),
    since: Instant,
    at: Instant.meta({ description: 'When the worker last said so.' }),
    silent: z.boolean().meta({ description: 'It has not said so for long: the worker died, most likely.' }),
  })
  .openapi('Bind')

const RouteView = z
  .object({
    id: z.string(),
    pool: z.string(),
    lanes: z.array(Lane),
    tls: z.boolean(),
    tps: z.number().meta({ description: 'Segments per second over all binds.' }),
    bindType: BindType,
    state: RouteState.meta({
      description:
        'Of the binds that are not silent. up: all are bound; degraded: some are not; notReceiving: messages leave, ' +
        'receipts wait at the gateway; notSending: only receipts come; down: none is bound.',
    }),
    binds: z.array(BindView),
  })
  .openapi('Route')

const list = createRoute({
  method: 'get',
  path: '/v1/routes',
  summary: 'The routes your messages leave through, and how their binds are',
  responses: { 200: json(z.object({ items: z.array(RouteView) }), 'The routes'), ...problems() },
})

export function routesApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(list, async (c) => {
    const routes = await routesOf(deps, c.get('tenant'))
    return c.json({ items: await Promise.all(routes.map((route) => view(deps, route))) }, 200)
  })
  return api
}

/** After as many a bind counts as silent; one or two may be late. */
const MISSED_HEARTBEATS = 3

/** Neither addresses nor accounts nor counts: the route is shared, and what others send over it is theirs. */
async function view(deps: ApiDeps, route: RouteConfig): Promise<z.infer<typeof RouteView>> {
  const { id, pool, lanes, tls, tps, bindType } = route
  const heartbeats = await deps.registry.heartbeats(id)
  const silentSince = deps.clock.now() - MISSED_HEARTBEATS * deps.timing.heartbeatMs
  // The last word of a worker that ended as it should: nothing to look at.
  const open = heartbeats.filter(({ state }) => state !== 'closed')
  const binds = open.map(({ boot, bind, bindAs, state, window, latencyP50Ms, latencyP95Ms, since, at }) => ({
    worker: boot,
    bind,
    bindAs,
    state,
    window,
    latencyP50Ms,
    latencyP95Ms,
    since: iso(since),
    at: iso(at),
    silent: at < silentSince,
  }))
  const living = binds.filter(({ silent }) => !silent)
  return { id, pool, lanes, tls, tps, bindType, state: routeState(living), binds }
}
