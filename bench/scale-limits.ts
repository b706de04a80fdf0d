/**
 * What of AWS, of a gateway and of the platform itself a rate uses up, and how much of it there is. Pure: sizes and
 * durations are the code's own, the model of the ledger (`scale-ledger.ts`) and a real page (`scale-page.ts`) give the rest.
 */
import { NOTICES_PER_AGE } from '../bind-worker/notices.ts'
import { workAhead } from '../bind-worker/work-ahead.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from '../shared/campaign/plan-size.ts'
import { FUNCTIONS } from '../shared/contracts/wiring.ts'
import { TIMING } from '../shared/timing.ts'
import { LAST_RECEIPT_MS, MEAN_RECEIPT_DELAY_MS } from './receipt-profile.ts'
import type { LedgerLoad } from './scale-ledger.ts'
import type { PageSample } from './scale-page.ts'

export interface Limit {
  what: string
  load: number
  limit: number
  /** Of whom more can be had by asking, or what to change. */
  remedy: string
}

export interface Rate {
  perSecond: number
  /** Segments per second of a task, with a route of its own. */
  taskTps: number
}

const PAGE_MESSAGES = PAGE_BATCHES * BATCH_RECIPIENTS
const READ_UNIT_BYTES = 4_096
/** DynamoDB: what a partition gives each second, and a table until more is asked for. */
const PARTITION = { writes: 1_000, reads: 3_000 }
const TABLE_UNITS = 40_000
/** SQS: messages received and not deleted, of a standard queue. */
const IN_FLIGHT = 120_000
/** Lambda: concurrent invocations of an account, until more is asked for. */
const CONCURRENCY = 1_000
/** NAT gateway: connections to one address and port; and the bandwidth it begins with, in bits per second. */
const CONNECTIONS = 55_000
const NAT_BITS = 5e9
/** S3: PUT requests a second under one prefix. */
const PUTS = 3_500
/** Default of `REMEMBERED_IDS`. */
const REMEMBERED_IDS = 1_000_000
/** What a worker did on one core when last measured: `npm run bench -- worker`. */
const TASK_PER_SECOND = 26_900
/** Binds of one route (`shared/contracts/route.ts`), and what operators commonly let pass over one, segments a second. */
const MAX_BINDS = 64
const BIND_TPS = 100
/** From the control to the cursor of the next page: two reads, a GET, a round of sends, a write. An assumption. */
const FEED_PAGE_MS = 5 + 30 + 10 + 10
/** Sending at that rate in one campaign for so long: what its summaries add up over. */
const CAMPAIGN_SECONDS = 600

const settle = FUNCTIONS.find(({ name }) => name === 'settle')!
const settleSource = settle.source as Extract<typeof settle.source, { kind: 'queue' }>

/** How often a page is folded for one task, as `bind-worker/notices.ts` asks for it, while receipts come. */
export function foldsOfPage(): number {
  let folds = 0
  for (let ageMs = TIMING.noticeFloorMs; ageMs < LAST_RECEIPT_MS; folds++) {
    ageMs += Math.max(TIMING.noticeFloorMs, ageMs / NOTICES_PER_AGE)
  }
  return folds
}

export function limitsAt({ perSecond, taskTps }: Rate, ledger: LedgerLoad, page: PageSample): Limit[] {
  const tasks = Math.ceil(perSecond / taskTps)
  const tps = perSecond / tasks
  const pagesPerSecond = perSecond / PAGE_MESSAGES
  const foldsPerSecond = pagesPerSecond * foldsOfPage() * ledger.tasksPerPage
  const pageUnits = page.factsBytes / READ_UNIT_BYTES
  const ahead = workAhead(tps)
  const heldCopies = ahead.prefetch + Math.ceil(ahead.lowWater / BATCH_RECIPIENTS) + 1
  const campaignPages = (CAMPAIGN_SECONDS * perSecond) / PAGE_MESSAGES
  const summariesUnits = (campaignPages * page.summaryBytes) / READ_UNIT_BYTES
  const notices = tasks / (TIMING.noticeFloorMs / 2 / 1_000)
  const settleEvents = Math.max(1, notices / settleSource.batchSize)
  const binds = perSecond / BIND_TPS
  const ask = 'ask AWS for more'
  return [
    of('ledger: writes of the hottest page, units/s', ledger.hottestPage, PARTITION.writes, 'smaller pages'),
    of(
      'ledger: writes of the table, units/s',
      perSecond * ledger.writeUnitsPerMessage,
      TABLE_UNITS,
      `${ask}; warm throughput`,
    ),
    of(
      'ledger: reads of a page being sent, units/s',
      (ledger.tasksPerPage * pageUnits * 1_000) / TIMING.noticeFloorMs,
      PARTITION.reads,
      'one task for a page',
    ),
    of(
      'ledger: reads of the table by folds, units/s',
      foldsPerSecond * pageUnits,
      TABLE_UNITS,
      `${ask}; fold less often`,
    ),
    of(
      'ledger: summaries of a campaign of 10 min, units/s',
      settleEvents * summariesUnits,
      PARTITION.reads,
      'several campaigns',
    ),
    of(
      'ledger: summaries written of one campaign, units/s',
      foldsPerSecond * Math.ceil(page.summaryBytes / 1_024),
      PARTITION.writes,
      'several campaigns',
    ),
    of(
      'registry: reads of one CONTROL#, units/s',
      tasks * (1_000 / TIMING.controlPollMs),
      PARTITION.reads,
      'several campaigns',
    ),
    of(
      'settle: folds at the same time',
      foldsPerSecond * (page.foldMs / 1_000),
      settleSource.maxConcurrency,
      'wiring.ts: maxConcurrency',
    ),
    of('all functions at the same time', foldsPerSecond * (page.foldMs / 1_000), CONCURRENCY, ask),
    of('SQS: copies in flight of one lane', tasks * heldCopies, IN_FLIGHT, 'several pools'),
    of('feeder: pages/s of one campaign', pagesPerSecond, 1_000 / FEED_PAGE_MS, 'several campaigns'),
    of('S3: objects of a plan, PUT/s', 2 * pagesPerSecond, PUTS, 'none needed'),
    of('route: binds at 100 segments/s each', binds, MAX_BINDS, `${Math.ceil(binds / MAX_BINDS)} routes`),
    of('task: messages/s', tps, TASK_PER_SECOND, 'more tasks'),
    of(
      'task: receipts outstanding',
      (tps * MEAN_RECEIPT_DELAY_MS) / 1_000,
      REMEMBERED_IDS,
      'REMEMBERED_IDS, memory',
    ),
    of('NAT: connections to one SMSC address', binds, CONNECTIONS, 'more addresses'),
    of('NAT: bits/s', perSecond * page.wireBytes * 8, NAT_BITS, 'grows by itself to 100 Gbit/s'),
  ]
}

const of = (what: string, load: number, limit: number, remedy: string): Limit => ({
  what,
  load,
  limit,
  remedy,
})
