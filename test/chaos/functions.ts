/** The functions of the platform, called by a loop in place of Lambda: they are killed half-way and called again. */
import type { Deps } from '../../aws/deps.ts'
import { systemClock } from '../../aws/system-clock.ts'
import { compileUpload } from '../../lambdas/compile/service.ts'
import { feedCampaign } from '../../lambdas/feeder/service.ts'
import { PlanLibrary } from '../../lambdas/plan-library.ts'
import { runScheduler } from '../../lambdas/scheduler/service.ts'
import { settlePages } from '../../lambdas/settle/service.ts'
import { CompileJob, FeedJob, SettleNotice } from '../../shared/contracts/jobs.ts'
import type { QueueMessage, Random } from '../../shared/ports.ts'
import type { Journal } from './journal.ts'
import { mortal } from './unkind-ports.ts'

const QUEUES = ['jobs', 'feed', 'settle'] as const
type WorkQueue = (typeof QUEUES)[number]

/** A killed invocation made at most so many calls. */
const LONGEST_LIFE_CALLS = 15
const INVOCATION_MS = 60_000
const RETRY_MS = 60

export class Functions {
  readonly #deps: Deps
  readonly #random: Random
  readonly #mortality: number
  readonly #journal: Journal
  readonly #library: PlanLibrary
  readonly #stop = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  constructor(deps: Deps, options: { random: Random; mortality: number; journal: Journal }) {
    this.#deps = deps
    this.#random = options.random
    this.#mortality = options.mortality
    this.#journal = options.journal
    this.#library = new PlanLibrary(deps)
  }

  start(): void {
    this.#running = Promise.all([...QUEUES.map((queue) => this.#consume(queue)), this.#schedule()])
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #consume(queue: WorkQueue): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const options = { max: 1, waitSeconds: 1, visibilitySeconds: 1, signal }
      const messages = await this.#deps.queue.receive(queue, options).catch(() => [])
      for (const message of messages) await this.#deliver(queue, message)
      if (messages.length === 0) await systemClock.sleep(5, signal)
    }
  }

  /** Deletes what was done; what failed comes again at once, what was killed when its visibility ends. */
  async #deliver(queue: WorkQueue, message: QueueMessage): Promise<void> {
    const { queue: port } = this.#deps
    const done = await this.#invoke(queue, (deps) => this.#work(deps, queue, message.body))
    const receipts = [message.receipt]
    if (done) await port.delete(queue, receipts).catch(() => {})
    else await port.changeVisibility(queue, receipts, 0).catch(() => {})
    if (!done) await systemClock.sleep(RETRY_MS, this.#stop.signal)
  }

  async #schedule(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.#invoke('scheduler', async (deps) => {
        await runScheduler(deps, this.#library, deps.clock.now() + INVOCATION_MS)
        return true
      })
      await systemClock.sleep(this.#deps.timing.schedulerMs, signal)
    }
  }

  async #work(deps: Deps, queue: WorkQueue, body: string): Promise<boolean> {
    const deadline = deps.clock.now() + INVOCATION_MS
    switch (queue) {
      case 'jobs':
        await compileUpload(deps, CompileJob.parse(JSON.parse(body)))
        return true
      case 'feed':
        await feedCampaign(deps, FeedJob.parse(JSON.parse(body)), deadline)
        return true
      case 'settle': {
        const { pages } = SettleNotice.parse(JSON.parse(body))
        return (await settlePages(deps, this.#library, pages)).length === 0
      }
    }
  }

  async #invoke(name: string, work: (deps: Deps) => Promise<boolean>): Promise<boolean> {
    const dies = this.#random.next() < this.#mortality
    const lives = Math.floor(this.#random.next() * LONGEST_LIFE_CALLS)
    try {
      return await work(dies ? mortal(this.#deps, lives) : this.#deps)
    } catch (error) {
      this.#journal.add('fault', `${name} ${dies ? `killed after ${lives} calls` : `failed: ${error}`}`)
      return false
    }
  }
}
