/** Holds every answer a test sees against the OpenAPI document the API itself gives. */
import { z } from 'zod'
import type { createApp } from '../../../lambdas/api/app.ts'

type Json = Record<string, unknown>
interface MediaType {
  schema: Json
}
export interface Operation {
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: { required?: boolean; content: Record<string, MediaType> }
  responses: Record<string, { description: string; content?: Record<string, MediaType> }>
}
export interface OpenApiDocument extends Json {
  openapi: string
  info: { title: string; version: string }
  security: unknown[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json>; securitySchemes: Record<string, Json> }
}

export async function documentOf(app: ReturnType<typeof createApp>): Promise<OpenApiDocument> {
  return (await (await app.request('/v1/openapi.json')).json()) as OpenApiDocument
}

export interface Answer {
  method: string
  path: string
  status: number
  contentType: string
  body: unknown
}

/** Throws when the answer is not one the document announces: unknown status, content type or shape. */
export function mustConform(document: OpenApiDocument, answer: Answer): void {
  const { method, path, status, contentType, body } = answer
  const operation = operationOf(document, method, path)
  // What no operation announces: a call that does not exist.
  if (!operation) {
    parse(document, { $ref: '#/components/schemas/Problem' }, body, `${method} ${path}`)
    return
  }
  const media = operation.responses[status]?.content?.[contentType]
  const place = `${method} ${path} → ${status} ${contentType}`
  if (!media) throw new Error(`${place} is not in the OpenAPI document: ${JSON.stringify(body)}`)
  parse(document, media.schema, body, place)
}

function operationOf(document: OpenApiDocument, method: string, path: string): Operation | undefined {
  const match = Object.keys(document.paths)
    .filter((template) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .sort((a, b) => a.split('{').length - b.split('{').length)[0]
  return match === undefined ? undefined : document.paths[match]?.[method.toLowerCase()]
}

/** Fields the schema does not name count as faults, so nothing leaves unannounced. */
function parse(document: OpenApiDocument, schema: Json, body: unknown, place: string): void {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas })
  const closed = closeObjects(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')))
  const result = z.fromJSONSchema(closed as Parameters<typeof z.fromJSONSchema>[0]).safeParse(body)
  if (!result.success) throw new Error(`${place}: ${z.prettifyError(result.error)}\n${JSON.stringify(body)}`)
}

function closeObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closeObjects)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, closeObjects(inner)])
  const closed = Object.fromEntries(entries)
  const open = 'properties' in value && 'type' in value && !('additionalProperties' in value)
  return open ? { ...closed, additionalProperties: false } : closed
}
