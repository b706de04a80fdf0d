import type { SettleNotice } from '../shared/contracts/jobs.ts'
import type { Log } from '../shared/log.ts'
import type { Clock, Queue } from '../shared/ports.ts'
import type { Timing } from '../shared/timing.ts'
import type { PageKey } from './ledger-writer.ts'

/**
 * A page is noticed so often in each e-fold of its age. Reading whole pages is half of what a campaign costs on AWS: a
 * tenth of the age would miss the target of a quarter of the naive design (`npm run bench -- cost`).
 */
export const NOTICES_PER_AGE = 7

/** Pages in one notice: keeps a body far below one billed 64 KB chunk. */
const PAGES_PER_NOTICE = 200

interface Dirty {
  key: PageKey
  bornMs: number
  /** When it had new facts last. */
  touchedMs: number
  dueMs: number
  dirty: boolean
}

/**
 * Tells the settler which pages have new facts, on the trailing edge: a page is noticed at most every
 * max(`noticeFloorMs`, a seventh of its age), so a page whose receipts trickle in for hours costs little. Its age is
 * remembered between two of them: each notice has the whole page read.
 */
export class Notices {
  readonly #queue: Queue
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #pages = new Map<string, Dirty>()
  #timer: NodeJS.Timeout | null = null
  #sending: Promise<void> = Promise.resolve()

  constructor(options: { queue: Queue; clock: Clock; timing: Timing; log: Log }) {
    this.#queue = options.queue
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
  }

  touch(pages: readonly PageKey[]): void {
    const now = this.#clock.monotonicMs()
    for (const key of pages) {
      const name = `${key.campaign}#${key.page}`
      const page = this.#pages.get(name)
      if (page) {
        page.dirty = true
        page.touchedMs = now
      } else
        this.#pages.set(name, {
          key,
          bornMs: now,
          touchedMs: now,
          dueMs: now + this.#timing.noticeFloorMs,
          dirty: true,
        })
    }
    this.#timer ??= setTimeout(() => this.#tick(), this.#timing.noticeFloorMs / 2)
  }

  /** Sends everything outstanding now: before the process ends. */
  async close(): Promise<void> {
    await this.#sending
    await this.#send([...this.#pages.values()].filter((page) => page.dirty))
    this.destroy()
  }

  /** Leaves the rest to the scheduler's sweep, and no timer behind. */
  destroy(): void {
    this.#pages.clear()
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #tick(): void {
    this.#timer = null
    const now = this.#clock.monotonicMs()
    const due: Dirty[] = []
    for (const [name, page] of this.#pages) {
      if (page.dueMs > now) continue
      if (page.dirty) due.push(page)
      // Silent for as long as it was heard of: forgotten, and young again when something comes.
      else if (now - page.touchedMs >= page.touchedMs - page.bornMs) this.#pages.delete(name)
    }
    for (const page of due) {
      page.dirty = false
      page.dueMs = now + Math.max(this.#timing.noticeFloorMs, (now - page.bornMs) / NOTICES_PER_AGE)
    }
    if (due.length > 0) this.#sending = this.#sending.then(() => this.#send(due))
    if (this.#pages.size > 0) this.#timer = setTimeout(() => this.#tick(), this.#timing.noticeFloorMs / 2)
  }

  async #send(pages: Dirty[]): Promise<void> {
    if (pages.length === 0) return
    const bodies: string[] = []
    for (let start = 0; start < pages.length; start += PAGES_PER_NOTICE) {
      const notice: SettleNotice = {
        kind: 'settle',
        pages: pages.slice(start, start + PAGES_PER_NOTICE).map((page) => page.key),
      }
      bodies.push(JSON.stringify(notice))
    }
    try {
      await this.#queue.send('settle', bodies)
    } catch (cause) {
      // The scheduler's sweep would find these pages; trying again with the next notice is only sooner.
      this.#log.warn('settle notice not sent', { pages: pages.length, cause: String(cause) })
      this.touch(pages.map((page) => page.key))
    }
  }
}
