import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { SettleNotice } from '../../shared/contracts/jobs.ts'
import { PlanLibrary } from '../plan-library.ts'
import { processDeps } from '../process-deps.ts'
import type { QueueHandler } from '../queue-handler.ts'
import { retrySooner } from '../retry-sooner.ts'
import { type PageRef, type SettleDeps, settlePages } from './service.ts'

const nameOf = (ref: PageRef) => `${ref.campaign}#${ref.page}`

/**
 * A page named by several notices of an event is folded once; a notice fails when one of its pages did, or when it is
 * no notice.
 */
export function settleHandler(deps: SettleDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const library = new PlanLibrary(deps)
  return async (event) => {
    const notices = event.Records.map((record) => ({ record, pages: pagesOf(record.body) }))
    const pages = new Map(notices.flatMap((notice) => (notice.pages ?? []).map((ref) => [nameOf(ref), ref])))
    const failed = new Set((await settlePages(deps, library, [...pages.values()])).map(nameOf))
    const again = notices.filter(
      ({ pages }) => pages === null || pages.some((ref) => failed.has(nameOf(ref))),
    )
    await Promise.all(again.map(({ record }) => retrySooner(deps, 'settle', record)))
    return { batchItemFailures: again.map(({ record }) => ({ itemIdentifier: record.messageId })) }
  }
}

function pagesOf(body: string): PageRef[] | null {
  try {
    return SettleNotice.parse(JSON.parse(body)).pages
  } catch {
    return null
  }
}

let settle: ReturnType<typeof settleHandler> | undefined

export const handler: QueueHandler = (event) => {
  // Made once per process: the library's cache is what saves a settle most of its reads from S3.
  settle ??= settleHandler(processDeps())
  return settle(event)
}
