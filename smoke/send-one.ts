/** One message as a campaign of one, and what became of it. */
import { z } from 'zod'
import { type Api, CallFailed } from './api.ts'
import type { SmokeArguments } from './arguments.ts'
import type { Finding } from './checks.ts'

/** The longest a `GET` of a campaign waits for a change. */
const LONG_POLL_SECONDS = 20

const Template = z.object({ variables: z.number() })

const Campaign = z.object({
  id: z.string(),
  state: z.string(),
  problem: z.object({ message: z.string() }).nullable(),
  numbers: z.object({ firstInvalid: z.array(z.object({ message: z.string() })) }).nullable(),
})
type Campaign = z.infer<typeof Campaign>
const Created = z.object({ campaign: Campaign })

const Messages = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      reason: z
        .object({
          code: z.string(),
          sentence: z.string(),
          fix: z.object({ who: z.string(), where: z.string() }),
        })
        .nullable(),
    }),
  ),
})

/** Statuses in which a message is still on its way. */
const ON_ITS_WAY = new Set(['queued', 'sent'])
/** States in which a campaign goes on by itself. */
const UNDER_WAY = new Set(['checking', 'sending', 'sent'])

/** @throws CallFailed when a call brings no answer, or the values are not those of the template. */
export async function sendOne(
  api: Pick<Api, 'get' | 'post'>,
  message: NonNullable<SmokeArguments['message']>,
): Promise<Finding> {
  const { to, templateId, values, waitMs } = message
  const { variables } = await api.get(`/v1/templates/${encodeURIComponent(templateId)}`, Template)
  if (variables !== values.length) {
    throw new CallFailed(
      `template ${templateId} has ${variables} variables: give --value ${variables} times, in their order`,
    )
  }
  const deadlineMs = performance.now() + waitMs
  const { campaign } = await api.post('/v1/campaigns', campaignOfOne(message), Created)
  // The same message was, perhaps, sent a minute ago, by the last one who asked.
  await api.post(`/v1/campaigns/${campaign.id}/check`, { thenLaunch: true, allowRepeat: true }, Campaign)
  for (;;) {
    const restMs = deadlineMs - performance.now()
    const found = await api.get(`/v1/campaigns/${campaign.id}?waitSeconds=${waitSecondsOf(restMs)}`, Campaign)
    const { items } = await api.get(`/v1/campaigns/${campaign.id}/messages`, Messages)
    const [sent] = items
    if (sent && !ON_ITS_WAY.has(sent.status)) return ended(to, sent)
    if (!UNDER_WAY.has(found.state)) return stopped(to, found)
    if (restMs <= 0) return late(to, sent?.status ?? found.state, found.id, waitMs)
  }
}

function campaignOfOne({ to, templateId, values }: NonNullable<SmokeArguments['message']>): FormData {
  const variables = values.map((_, n) => `value${n + 1}`)
  const csv = [
    ['to', ...variables],
    [to, ...values],
  ]
    .map((row) => row.map(quoted).join(','))
    .join('\n')
  const form = new FormData()
  form.append(
    'campaign',
    JSON.stringify({ name: 'Smoke test', templateId, mapping: { to: 'to', variables } }),
  )
  form.append('file', new Blob([csv], { type: 'text/csv' }), 'recipients.csv')
  return form
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

const waitSecondsOf = (restMs: number): number =>
  Math.max(0, Math.min(LONG_POLL_SECONDS, Math.ceil(restMs / 1_000)))

function ended(to: string, { id, status, reason }: z.infer<typeof Messages>['items'][number]): Finding {
  if (status === 'delivered') return { verdict: 'ok', sentence: `message ${id} to ${to}: delivered` }
  const why = reason
    ? ` (${reason.code}): ${reason.sentence} To be fixed by ${reason.fix.who}: ${reason.fix.where}`
    : ''
  return { verdict: 'FAIL', sentence: `message ${id} to ${to}: ${status}${why}` }
}

function stopped(to: string, { id, state, problem, numbers }: Campaign): Finding {
  const why = numbers?.firstInvalid[0]?.message ?? problem?.message ?? 'see GET /v1/campaigns/{id}'
  return { verdict: 'FAIL', sentence: `nothing was sent to ${to}: campaign ${id} is ${state}; ${why}` }
}

const late = (to: string, status: string, id: string, waitMs: number): Finding => ({
  verdict: 'FAIL',
  sentence:
    `after ${waitMs / 1_000} s the message to ${to} is ${status}, without a final receipt: ` +
    `GET /v1/campaigns/${id}/messages tells what becomes of it`,
})
