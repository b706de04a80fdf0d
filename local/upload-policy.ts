import { z } from 'zod'
import type { EpochMs } from '../shared/ids.ts'

export interface Form {
  fields: ReadonlyMap<string, string>
  fileBytes: number
}

export interface FormRefusal {
  status: 400 | 403
  code: 'AccessDenied' | 'EntityTooLarge' | 'EntityTooSmall'
  message: string
}

/** Conditions a POST policy may hold (S3: "Creating a POST policy"). */
const Policy = z.object({
  expiration: z.iso.datetime(),
  conditions: z.array(
    z.union([
      z.tuple([z.literal('content-length-range'), z.number(), z.number()]),
      z.tuple([z.enum(['eq', 'starts-with']), z.string(), z.string()]),
      z.record(z.string(), z.string()),
    ]),
  ),
})
type PolicyCondition = z.infer<typeof Policy>['conditions'][number]

const HEADER_END = '\r\n\r\n'

/** The fields before the file and the file's size, of a multipart/form-data body; null when it is no such body. */
export function readForm(contentType: string, body: unknown): Form | null {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(contentType)?.[1]
  if (!boundary || !Buffer.isBuffer(body)) return null
  const delimiter = `--${boundary}`
  const fields = new Map<string, string>()
  for (let at = body.indexOf(delimiter); at >= 0; ) {
    const headerEnd = body.indexOf(HEADER_END, at)
    if (headerEnd < 0) break
    const name = /name="([^"]+)"/.exec(body.toString('utf8', at, headerEnd))?.[1] ?? ''
    const start = headerEnd + HEADER_END.length
    // The file is the last field: its end is found from the end, whatever it contains.
    if (name === 'file')
      return { fields, fileBytes: Math.max(0, body.lastIndexOf(`\r\n${delimiter}`) - start) }
    at = body.indexOf(`\r\n${delimiter}`, start)
    if (at < 0) break
    fields.set(name, body.toString('utf8', start, at))
    at += 2
  }
  return { fields, fileBytes: 0 }
}

/** Why S3 would turn the form away; null when it would take the file. Signatures are not checked. */
export function refusalOf(form: Form, now: EpochMs): FormRefusal | null {
  const encoded = form.fields.get('policy') ?? form.fields.get('Policy')
  if (encoded === undefined) return denied('Access Denied: the form carries no policy.')
  const policy = Policy.safeParse(JSON.parse(Buffer.from(encoded, 'base64').toString()))
  if (!policy.success) return denied('Invalid Policy.')
  if (Date.parse(policy.data.expiration) <= now) {
    return denied('Invalid according to Policy: Policy expired.')
  }
  for (const condition of policy.data.conditions) {
    const refusal = brokenBy(form, condition)
    if (refusal) return refusal
  }
  return null
}

function brokenBy(form: Form, condition: PolicyCondition): FormRefusal | null {
  if (!Array.isArray(condition)) {
    const wrong = Object.entries(condition).find(([name, value]) => !matches(form, name, 'eq', value))
    return wrong ? denied(`Invalid according to Policy: ${wrong[0]} differs.`) : null
  }
  if (condition[0] === 'content-length-range') {
    const [, min, max] = condition
    if (form.fileBytes > max) {
      return { status: 400, code: 'EntityTooLarge', message: `The file has more than ${max} bytes.` }
    }
    if (form.fileBytes < min) {
      return { status: 400, code: 'EntityTooSmall', message: `The file has less than ${min} bytes.` }
    }
    return null
  }
  const [how, field, value] = condition
  const name = field.replace(/^\$/, '')
  return matches(form, name, how, value) ? null : denied(`Invalid according to Policy: ${name} differs.`)
}

function matches(form: Form, name: string, how: 'eq' | 'starts-with', wanted: string): boolean {
  // The bucket is in the address, not among the fields.
  if (name === 'bucket') return true
  const value = form.fields.get(name) ?? ''
  return how === 'eq' ? value === wanted : value.startsWith(wanted)
}

const denied = (message: string): FormRefusal => ({ status: 403, code: 'AccessDenied', message })
