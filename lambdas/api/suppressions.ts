/** Numbers that get nothing of a tenant, one by one. What was said of a number last counts, here or by a list. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { Msisdn, Ulid } from '../../shared/ids.ts'
import { isSuppressed, SuppressionEntry } from '../../shared/suppression/entry.ts'
import { listsHolding } from '../suppress/list-numbers.ts'
import { audited } from './audited.ts'
import { type Api, type ApiDeps, type ApiEnv, newApi } from './context.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import { mustBeMsisdn } from './number.ts'
import { Instant, iso, json, orNull, problems, queryInt } from './responses.ts'

const EntryView = SuppressionEntry.extend({
  at: Instant.meta({ description: 'When it was said.' }),
  reason: SuppressionEntry.shape.reason.meta({
    description: 'stop, start: the subscriber sent that word; api: it was said by this API.',
  }),
}).openapi('SuppressionEntry')

const StandingView = z
  .object({
    msisdn: Msisdn,
    suppressed: z.boolean(),
    entry: orNull(EntryView).meta({ description: 'What was last said of this number alone.' }),
    lists: z
      .array(z.object({ id: Ulid, name: z.string(), statedAt: Instant }))
      .meta({ description: 'The loaded lists that hold it.' }),
  })
  .openapi('SuppressionStanding')

const SuppressInput = z
  .strictObject({ note: z.string().max(200).nullable().default(null) })
  .openapi('SuppressInput')

const params = z.object({ msisdn: z.string().max(40).meta({ description: 'In any usual form.' }) })

const list = createRoute({
  method: 'get',
  path: '/v1/suppressions',
  summary: 'What was said of single numbers, by number',
  request: {
    query: z.strictObject({ limit: queryInt(1, 1_000).default(100), cursor: z.string().optional() }),
  },
  responses: {
    200: json(pageOf(EntryView, 'SuppressionPage'), 'A page of entries'),
    ...problems(400, 422),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/suppressions/{msisdn}',
  summary: 'Whether a number is suppressed, and by what',
  request: { params },
  responses: { 200: json(StandingView, 'How it stands'), ...problems(422) },
})

const suppress = createRoute({
  method: 'put',
  path: '/v1/suppressions/{msisdn}',
  summary: 'Send nothing to a number from now on; transactional messages (OTP) excepted',
  request: { params, body: { content: { 'application/json': { schema: SuppressInput } } } },
  responses: { 200: json(EntryView, 'Said'), ...problems(400, 413, 415, 422) },
})

const allow = createRoute({
  method: 'delete',
  path: '/v1/suppressions/{msisdn}',
  summary: 'Send to a number again from now on, also when a list loaded before holds it',
  request: { params },
  responses: { 200: json(EntryView, 'Said'), ...problems(422) },
})

export function suppressionsApi(deps: ApiDeps): Api {
  const { suppressions, clock } = deps
  const api = newApi()

  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Msisdn)
    const page = await suppressions.entries(c.get('tenant'), { limit, ...(after && { after }) })
    return c.json({ items: page.items.map(view), next: page.next && encodeCursor(page.next) }, 200)
  })

  api.openapi(get, async (c) => {
    const tenant = c.get('tenant')
    const msisdn = mustBeMsisdn('path.msisdn', c.req.valid('param').msisdn)
    const [entry, lists] = await Promise.all([
      suppressions.entry(tenant, msisdn),
      listsHolding(deps, tenant, msisdn),
    ])
    const listedAt = lists.length === 0 ? null : Math.max(...lists.map(({ statedAt }) => statedAt))
    return c.json(
      {
        ...{ msisdn, suppressed: isSuppressed(entry, listedAt), entry: entry && view(entry) },
        lists: lists.map(({ id, name, statedAt }) => ({ id, name, statedAt: iso(statedAt) })),
      },
      200,
    )
  })

  const say = async (c: Context<ApiEnv>, written: string, said: Pick<SuppressionEntry, 'state' | 'note'>) => {
    const msisdn = mustBeMsisdn('path.msisdn', written)
    const entry: SuppressionEntry = { msisdn, ...said, reason: 'api', at: clock.now() }
    await suppressions.putEntry(c.get('tenant'), entry)
    await audited(deps, c, {
      ...{ action: `number.${entry.state}`, subject: msisdn, detail: { note: entry.note } },
    })
    return view(entry)
  }

  api.openapi(suppress, async (c) => {
    // No body at all passes the validator as {}, without its defaults.
    const { note = null } = c.req.valid('json')
    return c.json(await say(c, c.req.valid('param').msisdn, { state: 'suppressed', note }), 200)
  })

  api.openapi(allow, async (c) => {
    return c.json(await say(c, c.req.valid('param').msisdn, { state: 'allowed', note: null }), 200)
  })

  return api
}

const view = (entry: SuppressionEntry): z.infer<typeof EntryView> => ({ ...entry, at: iso(entry.at) })
