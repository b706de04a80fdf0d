/** What is looked at, and what is said of it. */
import { z } from 'zod'
import type { Api } from './api.ts'

/** `note` is worth knowing and no failure. */
export interface Finding {
  verdict: 'ok' | 'note' | 'FAIL'
  sentence: string
}

const ok = (sentence: string): Finding => ({ verdict: 'ok', sentence })
const note = (sentence: string): Finding => ({ verdict: 'note', sentence })
const fail = (sentence: string): Finding => ({ verdict: 'FAIL', sentence })

const Health = z.object({ ok: z.literal(true) })

const Entity = z.object({
  tenant: z.string(),
  name: z.string(),
  entityId: z.string(),
  lanes: z.record(z.string(), z.string()),
  paisePerSegment: z.number(),
})
export type Entity = z.infer<typeof Entity>

const Route = z.object({
  id: z.string(),
  pool: z.string(),
  lanes: z.array(z.string()),
  state: z.string(),
  binds: z.array(z.object({ state: z.string(), silent: z.boolean() })),
})
type Route = z.infer<typeof Route>
const Routes = z.object({ items: z.array(Route) })

const Template = z.object({
  id: z.string(),
  lane: z.string(),
  findings: z.array(z.object({ level: z.string(), message: z.string() })),
})
const Templates = z.object({ items: z.array(Template) })

/**
 * Looks at one thing after the other, as what comes later needs what comes earlier.
 * @throws CallFailed when a call brings no answer: what follows it was not looked at.
 */
export async function* checkAll(api: Api): AsyncGenerator<Finding> {
  await api.get('/v1/health', Health)
  yield ok('the API answers')
  const entity = await api.get('/v1/entity', Entity)
  yield ok(
    `the key is valid: tenant ${entity.tenant}, ${entity.name}, principal entity ${entity.entityId}, ` +
      `${entity.paisePerSegment} paise a segment`,
  )
  const { items: routes } = await api.get('/v1/routes', Routes)
  yield* routes.map(routeFinding)
  yield* laneFindings(entity, routes)
  const { items: templates } = await api.get('/v1/templates', Templates)
  yield* templateFindings(entity, templates)
}

const STATES: Readonly<Record<string, string>> = {
  degraded: 'some binds are not bound; messages leave and receipts come',
  notReceiving: 'messages leave, but receipts wait at the gateway: no receiver is bound',
  notSending: 'only receipts come: no transmitter is bound',
  down: 'nothing is bound: see "bind down" in docs/operate.md',
}

function routeFinding({ id, state, binds }: Route): Finding {
  const living = binds.filter(({ silent }) => !silent)
  const bound = living.filter((bind) => bind.state === 'bound').length
  const counted = `route ${id}: ${bound} of ${living.length} binds bound`
  return state === 'up' ? ok(counted) : fail(`${counted}; ${STATES[state] ?? state}`)
}

function* laneFindings({ lanes }: Entity, routes: readonly Route[]): Generator<Finding> {
  for (const [lane, pool] of Object.entries(lanes)) {
    const through = routes.filter((route) => route.pool === pool && route.lanes.includes(lane))
    const names = through.map(({ id }) => id).join(', ')
    yield through.length > 0
      ? ok(`lane ${lane} leaves through pool ${pool}: ${names}`)
      : fail(`lane ${lane}: no route of pool ${pool} serves it, so its messages would wait for ever`)
  }
}

function* templateFindings(
  { lanes }: Entity,
  templates: readonly z.infer<typeof Template>[],
): Generator<Finding> {
  yield templates.length > 0
    ? ok(`${templates.length} templates are registered`)
    : note('no template is registered: nothing can be sent before POST /v1/templates, or …/import')
  for (const { id, lane, findings } of templates) {
    if (!Object.hasOwn(lanes, lane))
      yield note(`template ${id} is of lane ${lane}, which the tenant has no pool for`)
    const refusal = findings.find(({ level }) => level === 'refuse')
    if (refusal) yield note(`template ${id} would be refused: ${refusal.message}`)
  }
}
