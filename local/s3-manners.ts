import type { FauxqsApp } from './fauxqs-app.ts'
import { type FormRefusal, readForm, refusalOf } from './upload-policy.ts'

const MAX_FORM_BYTES = 1024 ** 3

/** What S3 answers to a browser on another origin when the bucket's CORS rule allows uploads from there. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, PUT, POST',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'etag, content-disposition',
}

/**
 * What fauxqs leaves out of S3 and the platform relies on: the policy of a presigned form, files above 11 MiB, the
 * file name a presigned address asks for, and cross-origin uploads.
 */
export function teachS3Manners(app: FauxqsApp): void {
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: MAX_FORM_BYTES },
    (_request, body, done) => done(null, body),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(CORS)
    const query = request.query as Record<string, string | undefined>
    const disposition = query['response-content-disposition']
    if (disposition !== undefined) reply.header('content-disposition', disposition)
    if (request.method === 'OPTIONS') await reply.status(204).send()
  })
  app.addHook('preHandler', async (request, reply) => {
    const form = readForm(request.headers['content-type'] ?? '', request.body)
    const refusal = form && refusalOf(form, Date.now())
    if (refusal) await reply.status(refusal.status).type('application/xml').send(xml(refusal))
  })
}

const xml = ({ code, message }: FormRefusal) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
