import type { SettleNotice } from '../../shared/contracts/jobs.ts'
import type { BootId } from '../../shared/ids.ts'
import type { PageSummary } from '../../shared/ledger/summary.ts'
import type { Launched } from '../launched.ts'
import { readPageLines } from '../plan-pages.ts'
import { sendLines } from '../send-lines.ts'
import type { LateSuppressions } from '../suppress/late-suppressions.ts'
import type { FeederDeps } from './service.ts'

/**
 * Sends batches again whose parking is over. While the campaign is sending and inside its hours, whatever they were
 * parked for, only `notBefore` can still hold them back. Those of a cancelled campaign go at once, all of them: the
 * worker that claims them ends their messages as cancelled, and else nobody would.
 *
 * The line goes first and the claim from parked to queued after it, conditionally on its gen: after a crash in between
 * the batch is still parked and is sent once more. Where the claim has moved on, the copy just sent finds it held or
 * finished and is dropped by the worker.
 */
export async function feedParked(
  deps: FeederDeps,
  campaign: Launched,
  which: 'due' | 'all',
  late: LateSuppressions | null,
): Promise<void> {
  const now = deps.clock.now()
  for (const [page, summary] of await deps.ledger.summaries(campaign.id)) {
    const due = summary.parked.filter((parked) => which === 'all' || parked.notBefore <= now)
    if (due.length > 0) await feedAgain(deps, campaign, page, due, late)
  }
}

async function feedAgain(
  deps: FeederDeps,
  campaign: Launched,
  page: number,
  due: PageSummary['parked'],
  late: LateSuppressions | null,
): Promise<void> {
  const all = await readPageLines(deps.objects, campaign, page)
  const lines = due.map(({ batch }) => all[batch]!)
  await sendLines(deps.queue, campaign, lines, late)
  for (const { batch, owner, gen } of due) {
    await deps.ledger.requeue({ campaign: campaign.id, page, batch, owner: owner as BootId, gen })
  }
  // The summary still lists them as parked: fold it anew, or the next round would send them once more.
  const notice: SettleNotice = { kind: 'settle', pages: [{ campaign: campaign.id, page }] }
  await deps.queue.send('settle', [JSON.stringify(notice)])
}
