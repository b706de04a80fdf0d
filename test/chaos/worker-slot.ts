import { once } from 'node:events'
import { Worker as Thread } from 'node:worker_threads'
import type { CampaignId } from '../../shared/ids.ts'
import type { Control } from '../../shared/ports.ts'
import type { Journal } from './journal.ts'
import { PortServer, type Ports, type ToMain, type ToWorker } from './ports-wire.ts'
import type { WorkerData } from './worker-thread.ts'

const THREAD = new URL('./worker-thread.ts', import.meta.url)

/** The place of one worker, in which one life follows another. */
export class WorkerSlot {
  readonly name: string
  readonly #journal: Journal
  readonly #ports: Ports
  /** When it first read that a campaign is cancelled, by the journal's time. */
  readonly cancelSeenMs = new Map<CampaignId, number>()
  readonly #data: WorkerData
  #thread: Thread | null = null
  #server: PortServer | null = null
  #drained = Promise.withResolvers<void>()
  #failure: Error | null = null
  #lives = 0

  constructor(name: string, options: { journal: Journal; ports: Ports; data: WorkerData }) {
    this.name = name
    this.#journal = options.journal
    this.#ports = options.ports
    this.#data = options.data
  }

  get isUp(): boolean {
    return this.#thread !== null
  }

  /** An error no part of the worker expected: a bug, whatever the faults. */
  get failure(): Error | null {
    return this.#failure
  }

  async start(): Promise<void> {
    if (this.#thread) return
    const seed = this.#data.seed + 1_000 * this.#lives++
    const thread = new Thread(THREAD, { workerData: { ...this.#data, seed }, execArgv: [], stderr: false })
    const server = new PortServer(thread, this.#ports, (method, value) => this.#onAnswer(method, value))
    this.#thread = thread
    this.#server = server
    this.#drained = Promise.withResolvers<void>()
    const drained = this.#drained
    thread.on('error', (error: Error) => {
      this.#failure ??= error
    })
    thread.on('message', (message: ToMain) => {
      if (message.kind === 'log') this.#journal.log(this.name, message.line)
      else if (message.kind === 'drained') drained.resolve()
      else server.onMessage(message)
    })
    this.#journal.add('fault', `${this.name} starts (life ${this.#lives})`)
    await Promise.race([once(thread, 'message'), once(thread, 'exit')])
  }

  /** Nothing of it runs after this, and nothing of it is given back. */
  async kill(): Promise<void> {
    const thread = this.#thread
    if (!thread) return
    this.#thread = null
    this.#server?.close()
    await thread.terminate()
  }

  freeze(forMs: number): void {
    this.#post({ kind: 'freeze', forMs })
  }

  /** SIGTERM; answers false when it had to be killed after `patienceMs`. */
  async drain(patienceMs: number): Promise<boolean> {
    const thread = this.#thread
    if (!thread) return true
    this.#post({ kind: 'drain' })
    const patience = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => patience.resolve('late'), patienceMs)
    const end = await Promise.race([this.#drained.promise, once(thread, 'exit'), patience.promise])
    clearTimeout(timer)
    if (this.#thread === thread) await this.kill()
    return end !== 'late'
  }

  #onAnswer(method: string, value: unknown): void {
    if (method !== 'controls') return
    for (const [id, { state }] of value as Map<CampaignId, Control>) {
      if (state === 'cancelled' && !this.cancelSeenMs.has(id))
        this.cancelSeenMs.set(id, this.#journal.nowMs())
    }
  }

  #post(message: ToWorker): void {
    this.#thread?.postMessage(message)
  }
}
