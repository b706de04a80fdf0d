import { z } from 'zod'
import { DakgharError } from '../../shared/errors.ts'
import type { DemoCampaign } from './mix.ts'

/** Thrown when the API answers with a problem; the message is the answer. */
export class ApiRefused extends DakgharError {
  constructor(call: string, status: number, body: string) {
    super('api_refused', `${call} answered ${status}: ${body.slice(0, 1_000)}`)
  }
}

const Counts = z.record(z.string(), z.number())

const Created = z.object({
  campaign: z.object({ id: z.string() }),
  upload: z.object({ url: z.string(), fields: z.record(z.string(), z.string()) }),
})

const Campaign = z.object({
  id: z.string(),
  state: z.string(),
  progress: z.object({ rows: z.number() }).nullable(),
  numbers: z
    .object({
      accepted: z.number(),
      invalid: z.number(),
      duplicates: z.number(),
      segments: z.number(),
      reasons: Counts,
      warnings: z.record(
        z.string(),
        z.object({ rows: z.number(), first: z.object({ line: z.number(), message: z.string() }) }),
      ),
      firstInvalid: z.array(z.object({ line: z.number(), code: z.string(), message: z.string() })),
    })
    .nullable(),
  totals: z.object({ statuses: Counts }).nullable(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type Campaign = z.infer<typeof Campaign>

const Report = z.object({
  recipients: z.number(),
  statuses: Counts,
  segments: z.object({
    planned: z.number(),
    accepted: z.number(),
    delivered: z.number(),
    unconfirmed: z.number(),
    resent: z.number(),
  }),
  reasons: z.array(
    z.object({
      status: z.string(),
      code: z.string(),
      reason: z.string(),
      sentence: z.string(),
      known: z.boolean(),
      recipients: z.number(),
    }),
  ),
  latency: z.object({
    p50Ms: z.number().nullable(),
    p95Ms: z.number().nullable(),
    p99Ms: z.number().nullable(),
  }),
  settled: z.boolean(),
})
export type Report = z.infer<typeof Report>

/** The calls of the HTTP API that the demo needs, made as any customer would make them. */
export class ApiClient {
  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  /** Creates the campaign and uploads its file with the presigned form; answers its id. */
  async createAndUpload({ name, templateId, mapping, csv }: DemoCampaign): Promise<string> {
    const { campaign, upload } = Created.parse(
      await this.#call('POST', '/v1/campaigns', { name, templateId, mapping }),
    )
    const form = new FormData()
    for (const [field, value] of Object.entries(upload.fields)) form.append(field, value)
    form.append('file', new Blob([csv], { type: 'text/csv' }), 'recipients.csv')
    const response = await fetch(upload.url, { method: 'POST', body: form })
    if (!response.ok) throw new ApiRefused('the upload', response.status, await response.text())
    return campaign.id
  }

  async checkAndLaunch(id: string): Promise<void> {
    await this.#call('POST', `/v1/campaigns/${id}/check`, { thenLaunch: true })
  }

  async campaign(id: string): Promise<Campaign> {
    return Campaign.parse(await this.#call('GET', `/v1/campaigns/${id}`))
  }

  async report(id: string): Promise<Report> {
    return Report.parse(await this.#call('GET', `/v1/campaigns/${id}/report`))
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new ApiRefused(`${method} ${path}`, response.status, await response.text())
    return response.json()
  }
}
