import { check, checkEqual, remark } from './checks.ts'
import { countBy, type WorkerRun } from './worker-run.ts'

/** What must hold of a campaign our worker sent to any peer that accepts everything. */
export function checkAllAccepted(run: WorkerRun): void {
  const kinds = countBy(run.outcomes.map((row) => row[4]))
  checkEqual('every segment is accepted once, none unconfirmed', kinds, { accepted: run.segments })
  checkEqual('the queue is empty', run.queued, 0)
  const [bound, of] = run.boundAtEnd.split(' of ')
  check('every bind is up after idling', bound === of, run.boundAtEnd)
  for (const warning of run.warnings) remark(`worker: ${warning}`)
}

export function checkStatuses(run: WorkerRun, expected: Record<string, number>): void {
  checkEqual('recipients by status', countBy(run.recipients.map(({ status }) => status)), expected)
}
