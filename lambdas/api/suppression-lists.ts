import { createRoute, z } from '@hono/zod-openapi'
import type { LoadListJob } from '../../shared/contracts/jobs.ts'
import { InvalidInput, NotFound } from '../../shared/errors.ts'
import { type TenantId, Ulid } from '../../shared/ids.ts'
import { changeList } from '../../shared/suppression/change-list.ts'
import {
  ListNumbers,
  ListState,
  listUploadKey,
  removed,
  type SuppressionList,
  startLoading,
} from '../../shared/suppression/list.ts'
import { audited } from './audited.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { IdParam, Instant, iso, isoOrNull, json, orNull, problems } from './responses.ts'
import { UploadForm, uploadForm } from './upload.ts'

/** Some ten million numbers: what is loaded in a minute. */
const MAX_LIST_BYTES = 128 * 1024 * 1024

const ListInput = z
  .strictObject({
    name: z.string().min(1).max(200),
    mapping: z
      .strictObject({ to: z.string().min(1).optional() })
      .optional()
      .meta({
        description: 'The column of the number, when its name does not tell.',
      }),
  })
  .openapi('SuppressionListInput')

const ListView = z
  .object({
    id: Ulid,
    name: z.string(),
    state: ListState.meta({
      description:
        'awaiting its file, loading it, loaded and obeyed from then on, refused with the problem, or removed.',
    }),
    mapping: z.object({ to: z.string().nullable() }),
    createdAt: Instant,
    statedAt: Instant.nullable().meta({
      description:
        'When its loading was last asked for. Of list and entry the later one decides about a number.',
    }),
    loadedAt: Instant.nullable(),
    numbers: orNull(ListNumbers).meta({ description: 'rows = accepted + invalid + duplicates' }),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .openapi('SuppressionList')

const create = createRoute({
  method: 'post',
  path: '/v1/suppressions/lists',
  summary: 'Create a suppression list; then upload its numbers with the form in the answer, and load them',
  request: { body: { required: true, content: { 'application/json': { schema: ListInput } } } },
  responses: {
    201: json(
      z.object({ list: ListView, upload: UploadForm }).openapi('CreatedSuppressionList'),
      'Created, awaiting a CSV, or one number to a line',
    ),
    ...problems(400, 413, 415, 422),
  },
})

const load = createRoute({
  method: 'post',
  path: '/v1/suppressions/lists/{id}/load',
  summary: 'Read the uploaded file; may be asked again, after another upload too: the last request counts',
  request: { params: IdParam },
  responses: { 202: json(ListView, 'Accepted'), ...problems(404, 409, 413, 415, 422) },
})

const list = createRoute({
  method: 'get',
  path: '/v1/suppressions/lists',
  summary: 'All suppression lists',
  responses: { 200: json(z.object({ items: z.array(ListView) }), 'Oldest first'), ...problems() },
})

const get = createRoute({
  method: 'get',
  path: '/v1/suppressions/lists/{id}',
  summary: 'One suppression list',
  request: { params: IdParam },
  responses: { 200: json(ListView, 'The list'), ...problems(404) },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/suppressions/lists/{id}',
  summary: 'Obey a list no more; plans made before keep leaving its numbers out',
  request: { params: IdParam },
  responses: { 200: json(ListView, 'Removed'), ...problems(404) },
})

export function suppressionListsApi(deps: ApiDeps): Api {
  const { suppressions, objects, queue, clock, ids } = deps
  const api = newApi()

  api.openapi(create, async (c) => {
    const tenant = c.get('tenant')
    const { name, mapping = {} } = c.req.valid('json')
    const created: SuppressionList = {
      ...{ id: ids.ulid(), name, state: 'awaiting', rev: 0, mapping, createdAt: clock.now() },
      ...{ statedAt: null, loadedAt: null, numbers: null, digest: null, problem: null },
    }
    await suppressions.createList(tenant, created)
    await audited(deps, c, { action: 'suppression_list.created', subject: created.id, detail: { name } })
    const upload = await uploadForm(deps, { uploadKey: listUploadKey(tenant, created.id) }, MAX_LIST_BYTES)
    return c.json({ list: view(created), upload }, 201)
  })

  // The record first, then the job: whoever finds the list loading for long, or its file wrong, may ask again.
  api.openapi(load, async (c) => {
    const tenant = c.get('tenant')
    const { id } = await findList(deps, tenant, c.req.valid('param').id)
    if (!(await objects.head(listUploadKey(tenant, id)))) throw uploadMissing()
    const loading = (await changeList(suppressions, tenant, id, (current) =>
      startLoading(current, clock.now()),
    ))!
    const job: LoadListJob = { kind: 'load-list', tenant, list: id, rev: loading.rev }
    await queue.send('jobs', [JSON.stringify(job)])
    await audited(deps, c, { action: 'suppression_list.loading', subject: id })
    return c.json(view(loading), 202)
  })

  api.openapi(list, async (c) => {
    const lists = await suppressions.lists(c.get('tenant'))
    return c.json({ items: lists.map(view) }, 200)
  })

  api.openapi(get, async (c) => {
    return c.json(view(await findList(deps, c.get('tenant'), c.req.valid('param').id)), 200)
  })

  api.openapi(remove, async (c) => {
    const tenant = c.get('tenant')
    const { id } = await findList(deps, tenant, c.req.valid('param').id)
    const gone = await changeList(suppressions, tenant, id, removed)
    await audited(deps, c, { action: 'suppression_list.removed', subject: id })
    return c.json(view(gone!), 200)
  })

  return api
}

async function findList(
  { suppressions }: Pick<ApiDeps, 'suppressions'>,
  tenant: TenantId,
  id: string,
): Promise<SuppressionList> {
  const found = Ulid.safeParse(id).success ? await suppressions.list(tenant, id) : null
  if (found) return found
  throw new NotFound(
    'suppression_list_not_found',
    `there is no suppression list ${id}: GET /v1/suppressions/lists lists yours`,
  )
}

const uploadMissing = () =>
  new InvalidInput(
    'upload_missing',
    'no file has been uploaded for this list: post it with the form that came when the list was created',
  )

const view = ({ rev: _, digest: __, ...list }: SuppressionList): z.infer<typeof ListView> => ({
  ...list,
  mapping: { to: list.mapping.to ?? null },
  createdAt: iso(list.createdAt),
  statedAt: isoOrNull(list.statedAt),
  loadedAt: isoOrNull(list.loadedAt),
})
