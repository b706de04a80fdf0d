import { createHash } from 'node:crypto'
import type { PlanLine } from '../../shared/contracts/dispatch.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { CampaignId } from '../../shared/ids.ts'
import type { Awaited } from '../../shared/ledger/awaited.ts'
import type { ReceiptRow, Slice } from '../../shared/ledger/facts.ts'
import { sliceRows } from '../../shared/ledger/slice-rows.ts'
import type { Ledger, ObjectStore } from '../../shared/ports.ts'
import type { CampaignLocator } from '../campaign-locator.ts'
import { readPageLines } from '../plan-pages.ts'
import { keysToFind, mayHaveArrived, placeReceipts } from './placing.ts'

/**
 * Looks pending segments up among the receipts kept aside on the pool's routes. Matches are copied into the page as
 * slices and answered, so that the page can be folded with them at once.
 */
export async function copyUnplaced(
  deps: { ledger: Ledger; objects: ObjectStore },
  page: { campaign: CampaignId; page: number; locator: CampaignLocator },
  awaited: readonly Awaited[],
  routes: readonly RouteConfig[],
): Promise<Slice[]> {
  const slices: Slice[] = []
  for (const route of routes) {
    // Nearly always nothing was kept aside since these were submitted, and every id looked for would be a read.
    const last = await deps.ledger.lastUnplacedAt(route.id)
    if (last === null || !mayHaveArrived(awaited, last)) continue
    const found = await deps.ledger.findUnplaced(route.id, keysToFind(awaited, route.idMode))
    if (found.length === 0) continue
    const numberOf = await numbersOf(deps.objects, page)
    const rows = placeReceipts(awaited, found, route, numberOf)
    for (const some of sliceRows(rows)) slices.push(sliceOf(page, route, some))
  }
  await deps.ledger.append(slices)
  return slices
}

/**
 * `n` comes from the rows themselves: two settlers of one page, or one that was cut off and starts again, write the
 * same item when they found the same and never overwrite each other's when they did not.
 */
function sliceOf(
  page: { campaign: CampaignId; page: number },
  route: RouteConfig,
  rows: readonly ReceiptRow[],
): Slice {
  const n = createHash('sha256').update(JSON.stringify(rows)).digest().readUIntBE(0, 6)
  return {
    ...{ campaign: page.campaign, page: page.page },
    ...{ owner: `R#${route.id}`, n, kind: 'receipts', rows },
  }
}

/** Who each message of the page is for; read only when there is something to compare. */
async function numbersOf(
  objects: ObjectStore,
  page: { campaign: CampaignId; page: number; locator: CampaignLocator },
): Promise<(batch: number, i: number) => string> {
  const plan = { id: page.campaign, plan: { id: page.locator.plan } }
  const lines = await readPageLines(objects, plan, page.page)
  const numbers = lines.map((line) => {
    const { messages }: PlanLine = JSON.parse(line)
    return new Map(messages.map(({ i, to }) => [i, to]))
  })
  return (batch, i) => numbers[batch]?.get(i) ?? ''
}
