/** A full page with all its receipts, made and folded by the platform's own code: its sizes, and what a fold takes. */
import { performance } from 'node:perf_hooks'
import { sliceItem } from '../aws/ledger-items.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from '../shared/campaign/plan-size.ts'
import { BootId, CampaignId } from '../shared/ids.ts'
import type { OutcomeRow, ReceiptRow, Slice } from '../shared/ledger/facts.ts'
import { foldPage } from '../shared/ledger/fold-page.ts'
import { encodePdu } from '../shared/smpp/codec.ts'
import { plainDialect, receiptFields } from '../simulator/receipt-pdu.ts'
import { median } from './percentiles.ts'
import { drawReceiptDelayMs } from './receipt-profile.ts'
import { sampleEncoder, sampleLine, sampleRoute } from './sample-route.ts'

export interface PageSample {
  /** Octets of its facts, as DynamoDB counts them: what every fold reads. */
  factsBytes: number
  summaryBytes: number
  /** Reading its JSON and folding it, on this machine. */
  foldMs: number
  /** Octets between worker and SMSC for a message of one segment: both PDUs and their responses. */
  wireBytes: number
}

/** Outcomes of one commit at 300 TPS, and receipts of it that come soon; a late receipt comes alone. */
const OUTCOMES_TOGETHER = 12
const RECEIPTS_TOGETHER = 8
const SOON_MS = 10_000
const SENT_AT = 1_764_000_000_000
const ROUNDS = 9

/** @param random in [0, 1). */
export function samplePage(random: () => number): PageSample {
  const outcomes: OutcomeRow[] = []
  const soon: ReceiptRow[] = []
  const late: ReceiptRow[] = []
  for (let batch = 0; batch < PAGE_BATCHES; batch++) {
    for (let i = 0; i < BATCH_RECIPIENTS; i++) {
      const id = (batch * BATCH_RECIPIENTS + i).toString(16).padStart(16, '0')
      const delayMs = Math.round(drawReceiptDelayMs(random))
      outcomes.push([batch, i, 1, 1, 'accepted', id, SENT_AT, SENT_AT + 40])
      const row: ReceiptRow = [batch, i, 1, id, 'DELIVRD', '000', SENT_AT + delayMs, SENT_AT + delayMs]
      if (delayMs < SOON_MS) soon.push(row)
      else late.push(row)
    }
  }
  const slices: Slice[] = [
    ...inSlices('outcomes', outcomes, OUTCOMES_TOGETHER),
    ...inSlices('receipts', soon, RECEIPTS_TOGETHER),
    ...inSlices('receipts', late, 1),
  ]
  const shape = {
    batches: Array.from({ length: PAGE_BATCHES }, () => Array<number>(BATCH_RECIPIENTS).fill(1)),
  }
  const fold = (facts: Slice[]) =>
    JSON.stringify(foldPage(shape, { claims: [], slices: facts }, { receipts: 'part', asOf: SENT_AT }))
  return {
    factsBytes: slices.reduce((sum, slice) => sum + bytesOf(slice), 0),
    summaryBytes: fold(slices).length,
    foldMs: timed(() => fold(slices.map((slice) => JSON.parse(JSON.stringify(slice)) as Slice))),
    wireBytes: wireBytes(),
  }
}

const OF = {
  campaign: CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ'),
  page: 1,
  owner: BootId.parse('01K9YYYYYYYYYYYYYYYYYYYYYY'),
}

function inSlices<Row>(kind: Slice['kind'], rows: readonly Row[], together: number): Slice[] {
  return Array.from(
    { length: Math.ceil(rows.length / together) },
    (_, n) => ({ ...OF, n, kind, rows: rows.slice(n * together, (n + 1) * together) }) as unknown as Slice,
  )
}

const bytesOf = (slice: Slice): number =>
  Object.entries(sliceItem(slice)).reduce((sum, [name, { S = '' }]) => sum + name.length + S.length, 0)

/** Median, once warm. */
function timed(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  })
  return median(times)
}

function wireBytes(): number {
  const line = sampleLine(0, 0, 1)
  const [message] = line.messages
  const id = '0018b6a0c5f31a2b'
  const record = {
    receiptId: id,
    source: line.header,
    to: message!.to,
    at: SENT_AT,
    dataCoding: 0,
    octets: message!.parts[0]!,
  }
  const receipt = receiptFields(
    record,
    { stat: 'DELIVRD', err: '000', as: 'receipt' },
    SENT_AT,
    plainDialect('both'),
  )
  const pdus = [
    sampleEncoder(sampleRoute(2775, {}), line).encode(message!, 0),
    encodePdu('submit_sm_resp', { message_id: id }),
    encodePdu('deliver_sm', receipt),
    encodePdu('deliver_sm_resp', {}),
  ]
  return pdus.reduce((sum, { length }) => sum + length, 0)
}
