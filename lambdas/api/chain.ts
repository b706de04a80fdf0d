/** The PE-TM chain: computed, checked, and held against what the tenant's routes send. */
import { createRoute, z } from '@hono/zod-openapi'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import { type ChainFault, chainFaults } from '../../shared/dlt/chain-faults.ts'
import { chainHash, chainOf, chainTlv, chainValue } from '../../shared/dlt/chain-hash.ts'
import { type ChainVerdict, verifyChainHash } from '../../shared/dlt/chain-verify.ts'
import { type Api, type ApiDeps, newApi, tenantRecord } from './context.ts'
import { InvalidRequest } from './errors.ts'
import { routesOf } from './pools.ts'
import { json, orNull, problems } from './responses.ts'

const Id = z.string().max(200)

const ChainInput = z
  .strictObject({
    entityId: Id.optional().meta({ description: 'The principal entity; yours if absent.' }),
    telemarketerIds: z
      .array(Id)
      .max(20)
      .meta({
        description: 'In the order of the chain, the one that delivers to the operator last.',
        example: ['1101172974420820002', '1101172974420830004'],
      }),
    hash: z.string().max(200).optional().meta({ description: 'A hash to hold against that of this chain.' }),
  })
  .openapi('ChainInput')

const VerdictView = z
  .object({
    matches: z.boolean(),
    because: z.string().nullable().meta({ description: 'Stable word for why not; null when it matches.' }),
    sentence: z.string().nullable(),
  })
  .openapi('ChainVerdict')

const ChainView = z
  .object({
    entityId: z.string(),
    tmIds: z.string().meta({ description: 'What a route of chain mode `tmIds` sends.' }),
    hash: z
      .string()
      .meta({ description: 'What a route of chain mode `hash` sends: SHA-256, lower-case hex.' }),
    tlv: z
      .object({ tmIds: z.string(), hash: z.string() })
      .meta({ description: 'The whole TLV of either mode in hex: tag 0x1402, length, value without NUL.' }),
    verdict: orNull(VerdictView).meta({ description: 'Of the hash asked about; null without one.' }),
    routes: z
      .array(
        z.object({
          route: z.string(),
          sends: z.string().nullable().meta({ description: 'The value of its chain TLV; null: none.' }),
          agrees: z.boolean().meta({ description: 'Whether that is this chain, in either form.' }),
        }),
      )
      .meta({ description: 'What your routes send for you; empty for another entity than yours.' }),
  })
  .openapi('Chain')

const compute = createRoute({
  method: 'post',
  path: '/v1/dlt/chain',
  summary: 'Compute a PE-TM chain, check it, and compare it with what your routes send',
  request: { body: { required: true, content: { 'application/json': { schema: ChainInput } } } },
  responses: { 200: json(ChainView, 'The chain'), ...problems(400, 413, 415, 422) },
})

export function chainApi(deps: ApiDeps): Api {
  const api = newApi()
  api.openapi(compute, async (c) => {
    const { entityId, telemarketerIds, hash } = c.req.valid('json')
    const tenant = await tenantRecord(deps, c.get('tenant'))
    const entity = entityId ?? tenant.entityId
    const faults = chainFaults(entity, telemarketerIds)
    if (faults.length > 0) {
      throw new InvalidRequest(
        'invalid_request',
        faults.map(({ at, message }) => ({ path: pathOf(at), message })),
      )
    }
    // A route is shared: the chain of another entity on it is that entity's.
    const routes = entity === tenant.entityId ? await routesOf(deps, tenant.id) : []
    const tmIds = telemarketerIds.join(',')
    const view = {
      entityId: entity,
      tmIds,
      hash: chainHash(entity, telemarketerIds),
      tlv: {
        tmIds: chainTlv(tmIds).toString('hex'),
        hash: chainTlv(chainHash(entity, telemarketerIds)).toString('hex'),
      },
      verdict: hash === undefined ? null : verdictView(verifyChainHash(hash, entity, telemarketerIds)),
      routes: routes.map((route) => sentBy(route, entity, telemarketerIds)),
    }
    return c.json(view, 200)
  })
  return api
}

function pathOf(at: ChainFault['at']): string {
  if (at === 'entity') return 'body.entityId'
  return at === 'list' ? 'body.telemarketerIds' : `body.telemarketerIds.${at}`
}

const verdictView = (verdict: ChainVerdict): z.infer<typeof VerdictView> =>
  verdict.matches ? { matches: true, because: null, sentence: null } : verdict

function sentBy(route: RouteConfig, entity: string, telemarketerIds: readonly string[]) {
  const chain = chainOf(route, entity)
  const sends = chainValue(entity, chain)
  const agrees = sends !== null && sends === chainValue(entity, { mode: chain.mode, telemarketerIds })
  return { route: route.id, sends, agrees }
}
