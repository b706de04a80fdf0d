/** What holds for every body before its schema is looked at: size, content type, syntax. */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { InvalidInput } from '../../shared/errors.ts'
import type { ApiEnv } from './context.ts'

const MAX_JSON_BYTES = 64 * 1024
/** Lambda takes 6 MB of event, in which a binary body is base64: 4 MB is what a file may have. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024
/** A file and the JSON beside it, with the boundaries between. */
const MAX_MULTIPART_BYTES = MAX_FILE_BYTES + MAX_JSON_BYTES

export const FILE_TOO_LARGE =
  'a file sent directly may have 4 MiB: send an export in parts; for more recipients create the campaign with JSON and ' +
  'upload to the address in the answer'

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

const isMultipart = (contentType: string): boolean => /^multipart\/form-data\b/i.test(contentType)
const isJson = (contentType: string): boolean => /^application\/json\b/i.test(contentType)

const jsonLimit = limit(MAX_JSON_BYTES, 'a JSON body may have 64 KiB')
const multipartLimit = limit(MAX_MULTIPART_BYTES, FILE_TOO_LARGE)

function limit(maxSize: number, sentence: string): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new InvalidInput('body_too_large', sentence)
    },
  })
}

/** Refuses what is no JSON (or multipart/form-data) before a handler sees it. */
export const readableBody: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!WITH_BODY.has(c.req.method)) return next()
  const contentType = c.req.header('content-type') ?? ''
  if (isMultipart(contentType)) return multipartLimit(c, next)
  return jsonLimit(c, async () => {
    const text = await c.req.text()
    if (isJson(contentType)) mustParse(text)
    else if (text !== '') throw wrongType(contentType)
    await next()
  })
}

function mustParse(text: string): void {
  try {
    JSON.parse(text)
  } catch (error) {
    const why = text === '' ? 'it is empty; send {} or no content type' : (error as SyntaxError).message
    throw new InvalidInput('invalid_json', `the body is not JSON: ${why}`)
  }
}

function wrongType(contentType: string): InvalidInput {
  const sent = contentType === '' ? 'no content type' : contentType
  return new InvalidInput(
    'unsupported_media_type',
    `the body came with ${sent}: send JSON with the header "Content-Type: application/json"`,
  )
}
