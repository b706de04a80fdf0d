import { indexShardKey, pageKey, shardOf } from '../../../shared/campaign/plan-keys.ts'
import type { CampaignRecord } from '../../../shared/campaign/record.ts'
import { type CampaignId, Msisdn } from '../../../shared/ids.ts'
import type { OutcomeRow, ReceiptRow } from '../../../shared/ledger/facts.ts'
import { foldPage } from '../../../shared/ledger/fold-page.ts'
import { aLaunchedCampaign, aPlan, CAMPAIGN, PLAN, TENANT } from '../../campaign/campaign.factory.ts'
import type { MemoryDeps } from '../../support/memory-ports.ts'

const BOOT = '01K6B00T000000000000000001'

/** Recipients of page 0, one batch of three: the second gets two parts. */
export const ASHA = Msisdn.parse('919876543210')
export const BALU = Msisdn.parse('919876543211')
export const CHITRA = Msisdn.parse('919876543212')
/** The only recipient of page 1. */
export const DEV = Msisdn.parse('919876543213')

const PARTS: Record<string, string[]> = {
  [ASHA]: ['Dear Asha'],
  [BALU]: ['Dear Balu, this is a ', 'long text'],
  [CHITRA]: ['Dear Chitra'],
  [DEV]: ['Dear Dev'],
}

/** A campaign of Acme's with a plan of two pages in the object store, launched, of which nothing was sent yet. */
export async function launchedCampaign(
  deps: MemoryDeps,
  fields: Partial<CampaignRecord> = {},
): Promise<CampaignRecord> {
  const plan = aPlan({ pages: 2, batches: 2, recipients: 4, segments: 5, recipientsPerPage: [3, 1] })
  const campaign = aLaunchedCampaign({ plan, ...fields })
  await deps.registry.createCampaign(campaign)
  await putPage(deps, campaign.id, 0, [ASHA, BALU, CHITRA])
  await putPage(deps, campaign.id, 1, [DEV])
  return campaign
}

async function putPage(deps: MemoryDeps, campaign: CampaignId, page: number, to: readonly Msisdn[]) {
  const messages = to.map((msisdn, i) => ({ i, to: msisdn, dc: 0, parts: PARTS[msisdn] }))
  const head = { v: 1, campaign, plan: PLAN, page, batch: 0, lane: 'service', header: 'ACMEIN' }
  const dlt = { entity: '1101234567890123456', template: '1107161234567890123' }
  await deps.objects.put(pageKey(campaign, PLAN, page), `${JSON.stringify({ ...head, ...dlt, messages })}\n`)
  for (const [i, msisdn] of to.entries()) {
    await deps.objects.put(indexShardKey(campaign, PLAN, shardOf(msisdn)), `${msisdn},${page},0,${i}\n`)
  }
}

const at = (second: number) => Date.UTC(2026, 8, 1, 5, 30, second)

export function accepted(i: number, part: number, parts: number, id: string): OutcomeRow {
  return [0, i, part, parts, 'accepted', id, at(1), at(2)]
}
export function refused(i: number, status: number): OutcomeRow {
  return [0, i, 0, 1, 'refused', String(status), at(1), at(2)]
}
export function receipt(i: number, part: number, id: string, stat: string, err = '000'): ReceiptRow {
  return [0, i, part, id, stat, err, at(3), at(4)]
}

/** Appends facts to page 0, as a worker does, and folds it, as the settler does. */
export async function happened(
  deps: MemoryDeps,
  facts: { outcomes?: readonly OutcomeRow[]; receipts?: readonly ReceiptRow[] },
): Promise<void> {
  const slice = { campaign: CAMPAIGN, page: 0, owner: BOOT, n: 0 }
  await deps.ledger.append([
    { ...slice, kind: 'outcomes', rows: facts.outcomes ?? [] },
    { ...slice, kind: 'receipts', rows: facts.receipts ?? [] },
  ])
  const shape = { batches: [[1, 2, 1]] }
  const options = { receipts: 'part', asOf: deps.clock.now() } as const
  const summary = foldPage(shape, await deps.ledger.readPage(CAMPAIGN, 0), options)
  await deps.ledger.putSummary(CAMPAIGN, 0, summary)
}

/** Asha got hers, Balu's second part failed, Chitra's was refused for its DLT TLVs; page 1 is still queued. */
export async function sentCampaign(deps: MemoryDeps): Promise<CampaignRecord> {
  const campaign = await launchedCampaign(deps, { feed: { nextPage: 1, fedAt: at(0) } })
  await happened(deps, {
    outcomes: [accepted(0, 1, 1, 'a1'), accepted(1, 1, 2, 'b1'), accepted(1, 2, 2, 'b2'), refused(2, 0x45)],
    receipts: [
      receipt(0, 1, 'a1', 'DELIVRD'),
      receipt(1, 1, 'b1', 'DELIVRD'),
      receipt(1, 2, 'b2', 'UNDELIV', '034'),
    ],
  })
  return campaign
}

export { CAMPAIGN, TENANT }
