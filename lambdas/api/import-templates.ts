/** Templates as a DLT portal exports them, many in one call. */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { eachLimited } from '../../aws/concurrency.ts'
import { type PortalExport, readExport } from '../../shared/dlt/portal/read-export.ts'
import { assertNever, Conflict } from '../../shared/errors.ts'
import { templateJudge } from '../template-judge.ts'
import { audited } from './audited.ts'
import { type Api, type ApiDeps, type ApiEnv, newApi, tenantRecord } from './context.ts'
import { InvalidRequest } from './errors.ts'
import { jsonField, mustFit } from './form.ts'
import { planImport, type Verdict } from './import-plan.ts'
import { ImportForm, ImportOptions, ImportView } from './import-schemas.ts'
import { json, problems } from './responses.ts'

const importTemplates = createRoute({
  method: 'post',
  path: '/v1/templates/import',
  summary: "Register the templates of a DLT portal's export, and say of each row what became of it",
  request: { body: { required: true, content: { 'multipart/form-data': { schema: ImportForm } } } },
  responses: {
    200: json(ImportView, 'What was done; doing it again changes nothing'),
    ...problems(400, 413, 415, 422),
  },
})

/** So that 5,000 templates take seconds and DynamoDB is not asked for more than a tenant's partition gives. */
const REGISTERED_AT_A_TIME = 16

export function importTemplatesApi(deps: ApiDeps): Api {
  const api = newApi()
  // Only a string of the form holds it, so no call refers to it.
  api.openAPIRegistry.register('ImportOptionsInput', ImportOptions)

  api.openapi(importTemplates, async (c) => {
    const { file, options: text } = c.req.valid('form')
    mustFit(file)
    const options = jsonField('options', text, ImportOptions)
    const portalExport = await readExport(Buffer.from(await file.arrayBuffer()), options.columns)
    mustKnowIds(options, portalExport)
    const tenant = await tenantRecord(deps, c.get('tenant'))
    const planned = planImport(portalExport.rows, {
      choices: options,
      registered: await deps.registry.templates(tenant.id),
      judge: await templateJudge(deps.registry, tenant),
      now: deps.clock.now(),
    })
    const verdicts = options.dryRun ? planned : await carryOut(deps, c, planned)
    return c.json(view(portalExport, options, verdicts), 200)
  })
  return api
}

/** Types for a template that is not there would be lost without a word. */
function mustKnowIds({ types = {} }: ImportOptions, { rows }: PortalExport): void {
  const ids = new Set(rows.map(({ id }) => id))
  const unknown = Object.keys(types).filter((id) => !ids.has(id))
  if (unknown.length === 0) return
  throw new InvalidRequest(
    'invalid_request',
    unknown.map((id) => ({
      path: `form.options.types.${id}`,
      message: 'the export has no template of this id',
    })),
  )
}

/** Registers what is to be imported; what belongs to another tenant, or another call was faster with, is refused. */
async function carryOut(deps: ApiDeps, c: Context<ApiEnv>, planned: readonly Verdict[]): Promise<Verdict[]> {
  const { registry, clock } = deps
  const tenant = c.get('tenant')
  const templates = planned.flatMap((verdict) => (verdict.kind === 'imported' ? [verdict.template] : []))
  const headers = [...new Set(templates.map(({ header }) => header))]

  const taken = new Map<string, Conflict>()
  await eachLimited(headers, REGISTERED_AT_A_TIME, async (name) => {
    const conflict = await conflictOf(registry.registerHeader(tenant, { name, createdAt: clock.now() }))
    if (conflict) taken.set(name, conflict)
  })

  const conflicts = new Map<string, Conflict>()
  await eachLimited(templates, REGISTERED_AT_A_TIME, async (template) => {
    const { id, header } = template
    const conflict = taken.get(header) ?? (await conflictOf(registry.createTemplate(tenant, template)))
    if (conflict) conflicts.set(id, conflict)
    else await audited(deps, c, { action: 'template.registered', subject: id, detail: { imported: true } })
  })
  return planned.map((verdict) => afterAll(verdict, conflicts.get(verdict.id)))
}

/** A row that only repeats one that came to nothing is refused with it. */
function afterAll(verdict: Verdict, conflict: Conflict | undefined): Verdict {
  if (!conflict || verdict.kind === 'refused' || verdict.kind === 'skipped') return verdict
  const { row, id } = verdict
  return { kind: 'refused', row, id, code: conflict.code, message: conflict.message }
}

/** Null when it is done. */
async function conflictOf(deed: Promise<unknown>): Promise<Conflict | null> {
  try {
    await deed
    return null
  } catch (error) {
    if (error instanceof Conflict) return error
    throw error
  }
}

function view(
  { portal, sheet, encoding, rows }: PortalExport,
  { dryRun }: ImportOptions,
  verdicts: readonly Verdict[],
): ImportView {
  const answer: ImportView = {
    ...{ portal, sheet, encoding, dryRun, rows: rows.length },
    ...{ imported: [], unchanged: [], refused: [], skipped: [] },
  }
  for (const verdict of verdicts) {
    const { row, id } = verdict
    switch (verdict.kind) {
      case 'imported':
        answer.imported.push({ row, id, findings: verdict.findings })
        break
      case 'unchanged':
        answer.unchanged.push({ row, id })
        break
      case 'refused': {
        const { code, message, diff } = verdict
        answer.refused.push({ row, id, code, message, ...(diff && { diff }) })
        break
      }
      case 'skipped':
        answer.skipped.push({ row, id, why: verdict.why })
        break
      default:
        assertNever(verdict)
    }
  }
  return answer
}
