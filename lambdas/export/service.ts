/**
 * Rows of a campaign as CSV, page by page as the ledger has them at that moment. Killed and started again it writes the
 * same object anew; nothing is visible under its key before it is complete. What can never be written is said under
 * another key.
 */
import { exportKey, exportProblemKey } from '../../shared/campaign/plan-keys.ts'
import type { Problem } from '../../shared/campaign/states.ts'
import type { ExportJob } from '../../shared/contracts/jobs.ts'
import { BYTE_ORDER_MARK, csvRecord } from '../../shared/csv/write.ts'
import type { Log } from '../../shared/log.ts'
import type { Ledger, ObjectStore, Registry } from '../../shared/ports.ts'
import { isPlanned, mayHold, type PlannedCampaign, readRows } from '../api/message-pages.ts'
import type { MessageView } from '../api/message-view.ts'
import { type Explain, explainers } from '../api/reason-view.ts'

export interface ExportDeps {
  registry: Registry
  ledger: Ledger
  objects: ObjectStore
  log: Log
}

const COLUMNS: readonly (readonly [name: string, value: (row: MessageView) => string])[] = [
  ['message_id', ({ id }) => id],
  ['to', ({ to }) => to],
  ['status', ({ status }) => status],
  ['code', ({ reason }) => reason?.code ?? ''],
  ['reason', ({ reason }) => reason?.reason ?? ''],
  ['sentence', ({ reason }) => reason?.sentence ?? ''],
  ['fix_who', ({ reason }) => reason?.fix.who ?? ''],
  ['fix_where', ({ reason }) => reason?.fix.where ?? ''],
  ['resend', ({ reason }) => reason?.resend ?? ''],
  ['segments', ({ segments }) => String(segments.length)],
  ['submitted_at', ({ segments }) => segments[0]?.submittedAt ?? ''],
  ['receipt_at', ({ segments }) => segments.at(-1)?.receipt?.arrivedAt ?? ''],
  ['gateway_ids', ({ segments }) => segments.flatMap(({ messageId }) => messageId ?? []).join(' ')],
  ['text', ({ text }) => text],
]

/** Facts are those of the plan that is launched: beside the rows of an earlier one they would say what never happened. */
const PLAN_REPLACED: Problem = {
  code: 'plan_replaced',
  message:
    'The campaign was checked again after this export was asked for: ask for another one when it is checked.',
}

export async function exportMessages(deps: ExportDeps, job: ExportJob): Promise<void> {
  const campaign = await deps.registry.campaign(job.tenant, job.campaign)
  if (!campaign || !isPlanned(campaign) || campaign.plan.id !== job.plan) {
    await deps.objects.put(exportProblemKey(job.campaign, job.export), JSON.stringify(PLAN_REPLACED), {
      contentType: 'application/json',
    })
    deps.log.warn('export not written: the campaign has no longer the plan', { ...job })
    return
  }
  const explain = (await explainers(deps))(campaign.pool)
  const key = exportKey(job.campaign, job.export)
  await deps.objects.putStream(key, csvOf(deps, campaign, { status: job.status, explain }), {
    contentType: 'text/csv; charset=utf-8',
  })
  deps.log.info('export written', { campaign: job.campaign, export: job.export })
}

async function* csvOf(
  deps: ExportDeps,
  campaign: PlannedCampaign,
  { status, explain }: { status: ExportJob['status']; explain: Explain },
): AsyncGenerator<string, void, undefined> {
  yield BYTE_ORDER_MARK + csvRecord(COLUMNS.map(([name]) => name))
  const summaries = status === null ? null : await deps.ledger.summaries(campaign.id)
  for (let page = 0; page < campaign.plan.pages; page++) {
    if (status !== null && !mayHold(campaign, summaries?.get(page), status)) continue
    const rows = await readRows(deps, campaign, page, explain)
    const wanted = status === null ? rows : rows.filter((row) => row.status === status)
    yield wanted.map((row) => csvRecord(COLUMNS.map(([, value]) => value(row)))).join('')
  }
}
