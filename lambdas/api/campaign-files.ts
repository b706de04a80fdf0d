/** Files a check leaves behind: the rows it refused, those whose number came before, and those it is not to send to. */
import { createRoute, z } from '@hono/zod-openapi'
import { duplicatesKey, invalidKey, suppressedKey } from '../../shared/campaign/plan-keys.ts'
import { NotFound } from '../../shared/errors.ts'
import { type Api, type ApiDeps, findCampaign, newApi } from './context.ts'
import { IdParam, Instant, iso, json, problems } from './responses.ts'

const FileView = z
  .object({
    url: z.string().meta({ description: 'Opens without a key until it expires.' }),
    rows: z.int(),
    expiresAt: Instant,
  })
  .openapi('FileLink')

const EXPIRES_SECONDS = 900

const fileRoute = <Path extends string>(path: Path, summary: string) =>
  createRoute({
    method: 'get',
    path,
    summary,
    request: { params: IdParam },
    responses: { 200: json(FileView, 'Where the CSV can be fetched'), ...problems(404) },
  })

const invalid = fileRoute(
  '/v1/campaigns/{id}/invalid',
  'A link to the rows the last check refused, as CSV: line, code, sentence, and the row',
)
const duplicates = fileRoute(
  '/v1/campaigns/{id}/duplicates',
  'A link to the rows whose number stands in an earlier row, as CSV',
)
const suppressed = fileRoute(
  '/v1/campaigns/{id}/suppressed',
  'A link to the rows whose number is suppressed, as CSV',
)

export function campaignFilesApi(deps: ApiDeps): Api {
  const api = newApi()
  for (const [route, name, keyOf] of [
    [invalid, 'invalid', invalidKey],
    [duplicates, 'duplicates', duplicatesKey],
    [suppressed, 'suppressed', suppressedKey],
  ] as const) {
    api.openapi(route, async (c) => {
      const campaign = await findCampaign(deps, c.get('tenant'), c.req.valid('param').id)
      const { rejects, numbers } = campaign
      if (!rejects || !numbers) {
        throw new NotFound(
          'not_checked',
          `no check of campaign ${campaign.id} has read its file to the end: POST …/check first`,
        )
      }
      const url = await deps.objects.presignGet(keyOf(campaign.id, rejects), {
        expiresSeconds: EXPIRES_SECONDS,
        fileName: `${campaign.id}-${name}.csv`,
      })
      const expiresAt = iso(deps.clock.now() + EXPIRES_SECONDS * 1_000)
      return c.json({ url, rows: numbers[name], expiresAt }, 200)
    })
  }
  return api
}
