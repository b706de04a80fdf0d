/**
 * The HTTP API: one file per resource, handlers that only translate, errors mapped in one place (`problem.ts`).
 * The same app runs behind API Gateway (`handler.ts`), on a port (`serve.ts`) and in tests (`app.request()`).
 */
import { NotFound } from '../../shared/errors.ts'
import { auditApi } from './audit.ts'
import { authenticate } from './auth.ts'
import { readableBody } from './body.ts'
import { campaignFilesApi } from './campaign-files.ts'
import { campaignsApi } from './campaigns.ts'
import { chainApi } from './chain.ts'
import { type Api, type ApiDeps, newApi } from './context.ts'
import { courseApi } from './course.ts'
import { createCampaignApi } from './create-campaign.ts'
import { dltApi } from './dlt.ts'
import { entityApi } from './entity.ts'
import { exportsApi } from './exports.ts'
import { headersApi } from './headers.ts'
import { healthApi } from './health.ts'
import { importTemplatesApi } from './import-templates.ts'
import { inboundApi } from './inbound.ts'
import { messagesApi } from './messages.ts'
import { describeApi } from './openapi.ts'
import { previewApi } from './preview.ts'
import { problemResponse } from './problem.ts'
import { recipientsApi } from './recipients.ts'
import { reportApi } from './report.ts'
import { routesApi } from './routes.ts'
import { suppressionListsApi } from './suppression-lists.ts'
import { suppressionsApi } from './suppressions.ts'
import { templatesApi } from './templates.ts'

/** In the order in which the document lists them. Whatever is not registered here needs no test of isolation. */
const RESOURCES: readonly ((deps: ApiDeps) => Api)[] = [
  entityApi,
  dltApi,
  headersApi,
  templatesApi,
  importTemplatesApi,
  chainApi,
  createCampaignApi,
  campaignsApi,
  courseApi,
  campaignFilesApi,
  exportsApi,
  reportApi,
  messagesApi,
  recipientsApi,
  suppressionListsApi,
  suppressionsApi,
  inboundApi,
  previewApi,
  routesApi,
  auditApi,
]

export function createApp(deps: ApiDeps): Api {
  const app = newApi()
  app.onError((error, c) => problemResponse(error, c, deps.log))
  app.notFound((c) =>
    problemResponse(
      new NotFound(
        'unknown_call',
        `there is no call ${c.req.method} ${c.req.path}: see GET /v1/openapi.json`,
      ),
      c,
      deps.log,
    ),
  )
  app.route('/', healthApi())
  describeApi(app)
  // Everything registered from here on needs a key.
  app.use('/v1/*', authenticate(deps.registry), readableBody)
  for (const resource of RESOURCES) app.route('/', resource(deps))
  return app
}
