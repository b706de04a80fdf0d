/** Short forms for the `responses` of a route. */
import { z } from '@hono/zod-openapi'
import { formatRupees } from '../../shared/campaign/money.ts'
import { Problem } from './problem.ts'

export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

const SENTENCES = {
  400: 'The request cannot be read',
  401: 'No valid API key',
  404: 'No such thing, or not yours',
  409: 'Not possible in the present state; see code and state',
  413: 'Too large',
  415: 'Wrong content type',
  422: 'The request breaks a rule; see code',
  500: 'Our fault',
  503: 'Try again later',
} as const

/** The problems a call may answer, besides those every call may. */
export function problems<Status extends keyof typeof SENTENCES>(...statuses: readonly Status[]) {
  const all = [...statuses, 401, 500, 503] as const
  const entries = all.map((status) => [
    status,
    {
      description: SENTENCES[status],
      content: { 'application/problem+json': { schema: Problem } },
    },
  ])
  return Object.fromEntries(entries) as Record<
    Status | 401 | 500 | 503,
    { description: string; content: { 'application/problem+json': { schema: typeof Problem } } }
  >
}

export const IdParam = z.object({ id: z.string() })

/** A named schema or null; `.nullable()` would make the component itself nullable wherever it is used. */
export const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()])

/** Query numbers come as text. */
export const queryInt = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

/** ISO 8601 with zone. */
export const Instant = z.iso.datetime({ offset: true })
export const iso = (ms: number): string => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

export const Money = z
  .object({
    paise: z.number().meta({ description: '1/100 rupee' }),
    rupees: z.string().meta({ description: 'For reading', example: '₹1,23,456.78' }),
  })
  .openapi('Money')

export const moneyView = (paise: number): z.infer<typeof Money> => ({
  paise,
  rupees: formatRupees(paise),
})
