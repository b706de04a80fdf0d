import type { BootId, CampaignId } from '../shared/ids.ts'
import type { OutcomeRow, ReceiptRow, Slice, UnplacedReceipt } from '../shared/ledger/facts.ts'
import { sliceRows } from '../shared/ledger/slice-rows.ts'
import type { Log } from '../shared/log.ts'
import type { Clock, Ledger } from '../shared/ports.ts'
import type { Timing } from '../shared/timing.ts'

const RETRY_BASE_MS = 100
const RETRY_CAP_MS = 5_000

export interface PageKey {
  campaign: CampaignId
  page: number
}

interface PageRows {
  key: PageKey
  outcomes: OutcomeRow[]
  receipts: ReceiptRow[]
}

/** What is written together: the rows of each page, receipts nobody could place, and who waits for them. */
class Commit {
  readonly pages = new Map<string, PageRows>()
  readonly unplaced: UnplacedReceipt[] = []
  readonly waiters: (() => void)[] = []
  outcomes = 0
  receipts = 0
  readonly openedAtMs: number
  /** Neighbours are mostly of one page, and composing its name is what looking it up costs. */
  #lastPage: PageRows | null = null

  constructor(openedAtMs: number) {
    this.openedAtMs = openedAtMs
  }

  page(key: PageKey): PageRows {
    const last = this.#lastPage
    if (last?.key.page === key.page && last.key.campaign === key.campaign) return last
    const name = `${key.campaign}#${key.page}`
    let page = this.pages.get(name)
    if (!page) {
      page = { key, outcomes: [], receipts: [] }
      this.pages.set(name, page)
    }
    this.#lastPage = page
    return page
  }
}

/**
 * Group commit of facts. Rows are collected while the commit before is being written (at most `lingerMs` when none
 * is), then frozen into slices and written until they are durable: a slice is never changed after its first attempt,
 * so an attempt whose answer was lost is repeated with the same key and the same bytes.
 */
export class LedgerWriter {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #boot: BootId
  readonly #onDurable: (pages: PageKey[]) => void
  readonly #abort = new AbortController()
  #open: Commit | null = null
  #writing: Commit | null = null
  #running: Promise<void> | null = null
  #nextSlice = 0
  #outcomeBacklog = 0
  #receiptBacklog = 0

  constructor(options: {
    ledger: Ledger
    clock: Clock
    timing: Timing
    log: Log
    boot: BootId
    /** Called after each commit with the pages that have new facts. */
    onDurable: (pages: PageKey[]) => void
  }) {
    this.#ledger = options.ledger
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
    this.#boot = options.boot
    this.#onDurable = options.onDurable
  }

  /**
   * Outcomes added and not durable yet: what the sender must not let grow without bound. Receipts have a count of their
   * own, so that neither direction is stopped by what the other one has waiting.
   */
  get backlog(): number {
    return this.#outcomeBacklog
  }

  /** Receipts added, placed or not, and not durable yet: the receiver's share of {@link backlog}. */
  get receiptBacklog(): number {
    return this.#receiptBacklog
  }

  outcome(key: PageKey, row: OutcomeRow): void {
    const commit = this.#collect()
    commit.page(key).outcomes.push(row)
    commit.outcomes++
    this.#outcomeBacklog++
  }

  receipt(key: PageKey, row: ReceiptRow): void {
    this.#collectReceipt().page(key).receipts.push(row)
  }

  unplaced(receipt: UnplacedReceipt): void {
    this.#collectReceipt().unplaced.push(receipt)
  }

  /** Runs `then` once everything added so far is durable; at once when it is already. */
  whenDurable(then: () => void): void {
    const last = this.#open ?? this.#writing
    if (last) last.waiters.push(then)
    else then()
  }

  /** Resolves when everything added so far is durable. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.whenDurable(resolve))
  }

  /** Gives up what is not durable: for a process about to die anyway. */
  destroy(): void {
    this.#abort.abort()
  }

  #collectReceipt(): Commit {
    const commit = this.#collect()
    commit.receipts++
    this.#receiptBacklog++
    return commit
  }

  #collect(): Commit {
    if (!this.#open) {
      this.#open = new Commit(this.#clock.monotonicMs())
      this.#running ??= this.#run()
    }
    return this.#open
  }

  async #run(): Promise<void> {
    // Started by the first row of a commit, which is added only after this returns.
    await null
    while (this.#open && !this.#abort.signal.aborted) {
      const age = this.#clock.monotonicMs() - this.#open.openedAtMs
      if (age < this.#timing.lingerMs) {
        await this.#clock.sleep(this.#timing.lingerMs - age, this.#abort.signal)
      }
      const commit = this.#open
      this.#open = null
      this.#writing = commit
      if (!(await this.#persist(commit))) break
      this.#writing = null
      this.#outcomeBacklog -= commit.outcomes
      this.#receiptBacklog -= commit.receipts
      for (const waiter of commit.waiters) waiter()
      if (commit.pages.size > 0) this.#onDurable([...commit.pages.values()].map((page) => page.key))
    }
    this.#running = null
  }

  /** Writes until it is durable; false only after {@link destroy}. */
  async #persist(commit: Commit): Promise<boolean> {
    const slices = this.#freeze(commit)
    for (let attempt = 0; !this.#abort.signal.aborted; attempt++) {
      try {
        await Promise.all([
          slices.length > 0 ? this.#ledger.append(slices) : undefined,
          commit.unplaced.length > 0 ? this.#ledger.putUnplaced(commit.unplaced) : undefined,
        ])
        return true
      } catch (cause) {
        const waitMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** attempt)
        this.#log.warn('facts not durable yet', {
          rows: commit.outcomes + commit.receipts,
          attempt,
          waitMs,
          cause: String(cause),
        })
        await this.#clock.sleep(waitMs, this.#abort.signal)
      }
    }
    return false
  }

  #freeze(commit: Commit): Slice[] {
    const slices: Slice[] = []
    for (const { key, outcomes, receipts } of commit.pages.values()) {
      for (const rows of sliceRows(outcomes)) slices.push({ ...this.#head(key), kind: 'outcomes', rows })
      for (const rows of sliceRows(receipts)) slices.push({ ...this.#head(key), kind: 'receipts', rows })
    }
    return slices
  }

  #head(key: PageKey) {
    return { campaign: key.campaign, page: key.page, owner: this.#boot, n: this.#nextSlice++ }
  }
}
