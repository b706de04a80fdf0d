/**
 * The ledger under many tasks, step by step: which batches a task takes from the queue, which rows of which pages come
 * together in a commit, and what that costs the partition of a page. A step is a commit of the ledger writer. Pure.
 *
 * Sizes and durations are the code's own; a message has one segment, its receipt comes back to the task that sent it.
 */
import { sliceItem } from '../aws/ledger-items.ts'
import { workAhead } from '../bind-worker/work-ahead.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from '../shared/campaign/plan-size.ts'
import { BootId, CampaignId } from '../shared/ids.ts'
import type { OutcomeRow, ReceiptRow } from '../shared/ledger/facts.ts'
import { TIMING } from '../shared/timing.ts'
import { drawReceiptDelayMs } from './receipt-profile.ts'

export interface LedgerLoad {
  /** Write units of claims, outcomes and receipts. */
  writeUnitsPerMessage: number
  /** Write units of the partition that had the most in a second. */
  hottestPage: number
  /** Tasks that write facts of a page, on average: each of them asks for it to be folded. */
  tasksPerPage: number
}

/** Until DynamoDB has written; an assumption. */
const WRITE_MS = 5
const RESPONSE_MS = 40
/** SQS hands over so many messages at a time. */
const COPIES_PER_RECEIVE = 10
const UNIT_BYTES = 1_024

const CAMPAIGN = CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ')
const BOOT = BootId.parse('01K9YYYYYYYYYYYYYYYYYYYYYY')
const AT = 1_764_000_000_000
const OUTCOME: OutcomeRow = [10, 50, 1, 1, 'accepted', '0018b6a0c5f31a2b', AT, AT]
const RECEIPT: ReceiptRow = [10, 50, 1, '0018b6a0c5f31a2b', 'DELIVRD', '000', AT, AT]

/** Octets of an item with so many rows, as it is stored. */
const sizeOf = (kind: 'outcomes' | 'receipts', rows: number): number => {
  const of = { campaign: CAMPAIGN, page: 1, owner: BOOT, n: 1 }
  const item =
    kind === 'outcomes'
      ? { ...of, kind, rows: Array(rows).fill(OUTCOME) }
      : { ...of, kind, rows: Array(rows).fill(RECEIPT) }
  const attributes = Object.entries(sliceItem(item))
  return attributes.reduce((sum, [name, { S = '' }]) => sum + name.length + S.length, 0)
}
const linear = (kind: 'outcomes' | 'receipts') => {
  const [one, two] = [sizeOf(kind, 1), sizeOf(kind, 2)]
  return (rows: number) => Math.ceil((one + (rows - 1) * (two - one)) / UNIT_BYTES)
}
const unitsOf = { outcomes: linear('outcomes'), receipts: linear('receipts') }

interface Task {
  batches: number[]
  /** Messages of the first of its batches already sent. */
  sent: number
  credit: number
}

/**
 * @param options `ordered`: whether batches leave the queue in the order they were fed, or from anywhere in it.
 * @param random in [0, 1).
 */
export function simulateLedger(
  options: { perSecond: number; taskTps: number; seconds: number; ordered: boolean },
  random: () => number,
): LedgerLoad {
  const { perSecond, taskTps, seconds } = options
  const stepMs = TIMING.lingerMs + WRITE_MS
  const steps = Math.ceil((seconds * 1_000) / stepMs)
  const queue = batchesInQueue((perSecond * seconds) / BATCH_RECIPIENTS, options.ordered, random)
  const tasks = Array.from(
    { length: Math.ceil(perSecond / taskTps) },
    (): Task => ({ batches: [], sent: 0, credit: 0 }),
  )
  const tps = perSecond / tasks.length
  const reserves = Math.ceil(BATCH_RECIPIENTS / workAhead(tps).reserve)
  const book = new Book(stepMs)

  for (let step = 0; step < steps; step++) {
    for (const [n, task] of tasks.entries()) {
      for (task.credit += (tps * stepMs) / 1_000; task.credit >= 1; task.credit--) {
        if (task.batches.length === 0) task.batches = queue.splice(0, COPIES_PER_RECEIVE)
        const batch = task.batches[0]
        if (batch === undefined) break
        const page = Math.floor(batch / PAGE_BATCHES)
        // The claim reserves the first messages; it is written once more when the batch is finished.
        if (task.sent === 0) book.claim(page, step, reserves + 1)
        book.row('outcomes', n, page, step + after(RESPONSE_MS, stepMs))
        book.row('receipts', n, page, step + after(RESPONSE_MS + drawReceiptDelayMs(random), stepMs))
        if (++task.sent < BATCH_RECIPIENTS) continue
        task.sent = 0
        task.batches.shift()
      }
    }
  }
  return book.load()
}

const after = (ms: number, stepMs: number) => Math.ceil(ms / stepMs)

function batchesInQueue(count: number, ordered: boolean, random: () => number): number[] {
  const batches = Array.from({ length: count }, (_, n) => n)
  if (ordered) return batches
  for (let n = batches.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1))
    ;[batches[n], batches[other]] = [batches[other]!, batches[n]!]
  }
  return batches
}

/** What is written when. A slice holds the rows of one kind, task, page and step. */
class Book {
  readonly #stepMs: number
  /** Rows by step, kind, task and page. */
  readonly #slices = new Map<string, number>()
  /** Write units of a page in a second. */
  readonly #seconds = new Map<string, number>()
  readonly #tasks = new Map<number, Set<number>>()
  #messages = 0
  #units = 0

  constructor(stepMs: number) {
    this.#stepMs = stepMs
  }

  claim(page: number, step: number, units: number): void {
    this.#write(page, step, units)
  }

  row(kind: 'outcomes' | 'receipts', task: number, page: number, step: number): void {
    const name = `${kind},${task},${page},${step}`
    this.#slices.set(name, (this.#slices.get(name) ?? 0) + 1)
    if (kind === 'receipts') return
    this.#messages++
    const tasks = this.#tasks.get(page) ?? new Set()
    this.#tasks.set(page, tasks.add(task))
  }

  load(): LedgerLoad {
    for (const [name, rows] of this.#slices) {
      const [kind, , page, step] = name.split(',')
      this.#write(Number(page), Number(step), unitsOf[kind as 'outcomes' | 'receipts'](rows))
    }
    const tasks = [...this.#tasks.values()].reduce((sum, { size }) => sum + size, 0)
    let hottestPage = 0
    for (const units of this.#seconds.values()) hottestPage = Math.max(hottestPage, units)
    return {
      writeUnitsPerMessage: this.#units / this.#messages,
      hottestPage,
      tasksPerPage: tasks / this.#tasks.size,
    }
  }

  #write(page: number, step: number, units: number): void {
    const second = `${page},${Math.floor((step * this.#stepMs) / 1_000)}`
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + units)
    this.#units += units
  }
}
