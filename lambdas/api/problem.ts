/**
 * Errors as the outside sees them: RFC 9457 problem details with a stable `code`. The only place that knows which
 * error is which HTTP status; handlers throw.
 */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { IllegalState } from '../../shared/campaign/errors.ts'
import { CampaignState } from '../../shared/campaign/record.ts'
import { Conflict, DakgharError, InvalidInput, NotFound } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { InvalidRequest, Unauthorised } from './errors.ts'

export const Problem = z
  .object({
    type: z.string().meta({ description: 'A URN made of the code.' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; what a program should look at.' }),
    detail: z.string().meta({ description: 'A sentence: where, and what to do.' }),
    instance: z.string().meta({ description: 'The path that was called.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Every fault of a request that does not have its shape.' }),
    state: CampaignState.optional().meta({ description: 'Of the campaign, when the code is illegal_state.' }),
  })
  .openapi('Problem')
export type Problem = z.infer<typeof Problem>

const TITLES = {
  400: 'The request cannot be read',
  401: 'Not authorised',
  404: 'Not found',
  409: 'Not possible now',
  413: 'The request is too large',
  415: 'Wrong content type',
  422: 'The request breaks a rule',
  500: 'Internal error',
  503: 'Try again later',
} as const
type ProblemStatus = keyof typeof TITLES

/** Invalid input that is not a plain 422. */
const STATUS_OF_CODE: Readonly<Record<string, ProblemStatus>> = {
  invalid_json: 400,
  invalid_multipart: 400,
  invalid_cursor: 400,
  body_too_large: 413,
  file_too_large: 413,
  unsupported_media_type: 415,
}

/** What an HTTP exception of Hono's own parsers means here. */
const HTTP_EXCEPTIONS: Readonly<Record<number, { code: string; detail: string }>> = {
  400: {
    code: 'invalid_multipart',
    detail: 'the multipart/form-data body cannot be read: check its boundary',
  },
  413: {
    code: 'body_too_large',
    detail: 'the body is too large: JSON may have 64 KiB, a file sent directly 4 MiB',
  },
  415: {
    code: 'unsupported_media_type',
    detail: 'this call does not take the content type sent: see GET /v1/openapi.json',
  },
}

interface Mapped {
  status: ProblemStatus
  code: string
  detail: string
}

function mapError(error: Error): Mapped {
  if (error instanceof HTTPException) {
    const known = HTTP_EXCEPTIONS[error.status]
    if (known) return { status: error.status as ProblemStatus, ...known }
  }
  if (!(error instanceof DakgharError)) return internal
  const { code, message: detail } = error
  if (error instanceof Unauthorised) return { status: 401, code, detail }
  if (error instanceof NotFound) return { status: 404, code, detail }
  if (error instanceof Conflict) return { status: 409, code, detail }
  if (error instanceof InvalidInput) return { status: STATUS_OF_CODE[code] ?? 422, code, detail }
  return error.retryable ? unavailable : internal
}

const internal: Mapped = {
  status: 500,
  code: 'internal_error',
  detail: 'the server failed in a way it did not expect; the fault is logged',
}

const unavailable: Mapped = {
  status: 503,
  code: 'unavailable',
  detail: 'a service behind this one did not answer in time: repeat the request in a few seconds',
}

/** For `app.onError`: answers the problem, logs what is our fault. */
export function problemResponse(error: Error, c: Context, log: Log): Response {
  const { status, code, detail } = mapError(error)
  if (status >= 500) {
    log.error('request failed', { method: c.req.method, path: c.req.routePath, error: String(error) })
  }
  const problem: Problem = {
    type: `urn:dakghar:problem:${code}`,
    title: TITLES[status],
    status,
    code,
    detail,
    instance: new URL(c.req.url).pathname,
    ...(error instanceof InvalidRequest && { errors: [...error.faults] }),
    ...(error instanceof IllegalState && { state: error.state }),
  }
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (status === 503) headers['retry-after'] = '5'
  return c.body(JSON.stringify(problem), status, headers)
}
