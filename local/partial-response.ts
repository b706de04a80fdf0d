import { z } from 'zod'

const Response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
})

/**
 * Which messages of a batch failed, as Lambda reads the answer of a function with ReportBatchItemFailures: an empty
 * answer or list is complete success; an answer of another shape, or one that names a message the batch does not
 * have, is complete failure (AWS Lambda Developer Guide, "Handling errors for an SQS event source").
 */
export function failedMessages(response: unknown, batch: readonly string[]): Set<string> {
  if (response === null || response === undefined) return new Set()
  const parsed = Response.safeParse(response)
  if (!parsed.success) return new Set(batch)
  const failed = new Set((parsed.data.batchItemFailures ?? []).map((failure) => failure.itemIdentifier))
  return [...failed].every((id) => batch.includes(id)) ? failed : new Set(batch)
}
