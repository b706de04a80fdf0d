import type { Api } from './context.ts'

/** Where the document is, and what it says besides the calls themselves. */
export function describeApi(api: Api): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'dk_<id>_<secret>',
  })
  api.doc31('/v1/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Dakghar',
      version: '1',
      description:
        'Bulk SMS campaigns for India. Upload a CSV, check it, launch it, read what became of every recipient. ' +
        'Times are ISO 8601 with zone; errors are RFC 9457 problem details whose `code` is stable.',
    },
    security: [{ apiKey: [] }],
  })
}
